import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { peopleOfArchive } from './archive.ts'
import { calendarsOf } from './calendars.ts'
import { timezone } from './centre.ts'
import { type Contact, contactsOf } from './contacts.ts'
import { throwing } from './dice.ts'
import type { Fill } from './fill.ts'
import type { Ids, Language, Say } from './furnishing.ts'
import { incidentRows } from './incidents.ts'
import { invitationHistory } from './invitations.ts'
import { type Life, newLives } from './lives.ts'
import { outboxHistory } from './outbox.ts'
import { contactRows, customerRows, newBatch, tables } from './rows.ts'
import { daysOf } from './seasons.ts'
import { newDesk } from './shifts.ts'
import { type Customer, customersOf, type World } from './world.ts'

export type Size = 'S' | 'M' | 'L'
export const sizes: Record<Size, Amount> = {
  S: { contacts: 10_000, customers: 3_000 },
  M: { contacts: 1_000_000, customers: 100_000, tickets: 1_000_000 },
  L: { contacts: 10_000_000, customers: 400_000, tickets: 1_000_000 },
}
/** `tickets`: so many at least; ten thousand contacts bring a quarter of their number. */
export type Amount = { contacts: number; customers: number; tickets?: number }

/** A year ago, at midnight on the wall. */
export const firstOf = (now: Date) => startOfDay(timezone, dateIn(timezone, new Date(now.getTime() - 365 * 86_400_000)))

const recentMs = 14 * 86_400_000

type Wanted = { tenantId: string; amount: Amount; language: Language; say: Say; ids: Ids; now: Date }

/** A year of contacts, talks, tickets, tasks and ratings, up to now. Every day is thrown from its own seed: the same day is the same, whenever it is made. */
export async function writeHistory(fill: Fill, { tenantId, amount, language, say, ids, now }: Wanted): Promise<void> {
  const first = firstOf(now)
  const customers = customersOf(throwing(`${language} customers`), language, say, amount.customers, first)
  const byArea = new Map<Customer['area'], Customer[]>()
  for (const c of customers) {
    const there = byArea.get(c.area)
    if (there) there.push(c)
    else byArea.set(c.area, [c])
  }
  const world: World = { tenantId, language, say, ids, now, first, calendars: calendarsOf(now), customers, byArea }

  const desk = newDesk(amount.contacts <= sizes.S.contacts)
  const lives = newLives()
  const recent: Contact[] = []
  const closed: Life[] = []
  let batch = newBatch()
  const flush = async () => {
    for (const table of tables) await fill(table, batch[table])
    batch = newBatch()
  }
  for (const day of daysOf(world, amount.contacts)) {
    const dice = throwing(`${language} ${day.date}`)
    for (const contact of contactsOf(world, day, dice, desk, lives)) {
      contactRows(batch, world, dice, contact)
      if (contact.state === 'done' && contact.conversationId && now.getTime() - contact.startedAt.getTime() < recentMs) recent.push(contact)
      const { life } = contact
      if (life?.ticket.closedAt && now.getTime() - life.ticket.closedAt.getTime() < recentMs) closed.push(life)
    }
    if (batch['messaging.message'].length > 40_000) await flush()
  }
  const dice = throwing(`${language} identities`)
  for (const customer of customers) customerRows(batch, dice, customer)
  const resolved = batch['kernel.event'].findLast(e => e.name === 'ticket.resolved')
  await flush()
  const incidents = incidentRows(world, throwing(`${language} incidents`), recent, resolved)
  for (const table of tables) await fill(table, incidents[table])
  await peopleOfArchive(fill, world, throwing(`${language} archive`))
  await outboxHistory(fill, world, throwing(`${language} outbox`))
  await invitationHistory(fill, world, throwing(`${language} invitations`), closed)
}
