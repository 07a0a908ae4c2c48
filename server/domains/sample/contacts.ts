import { nextOpening } from '#kernel/calendar.ts'
import type { OutcomeKey, QueueKey } from './catalogs.ts'
import { hallWidgetKey, people, widgetKey } from './centre.ts'
import type { Dice } from './dice.ts'
import { type Life, type Lives, lifeOf } from './lives.ts'
import { type Day, hourWeights } from './seasons.ts'
import type { Desk } from './shifts.ts'
import { type Line, type Talk, talkOf } from './talk.ts'
import { blameWords, fairWords, praiseWords, type Topic, topics, wrapNotes } from './words/topics.ts'
import { after, type Customer, filled, nameOf, type World } from './world.ts'

export type Contact = {
  id: string
  conversationId: string | null
  visitorId: string | null
  channel: 'chat' | 'phone' | 'mail' | 'form'
  source: string
  topic: Topic
  queue: QueueKey | null
  customer: Customer | null
  /** As the customer gave it, when nobody knows them. */
  name: string
  agent: string | null
  state: 'done' | 'abandoned' | 'left'
  subject: string
  /** The first words, whole. */
  opening: string
  startedAt: Date
  queuedAt: Date | null
  answeredAt: Date | null
  endedAt: Date | null
  wrappedAt: Date | null
  endedBy: 'agent' | 'customer'
  /** The message left at night is to be answered by then. */
  replyDue: Date | null
  outcome: OutcomeKey | null
  note: string
  lines: Line[]
  rating: { id: string; score: number; words: string; at: Date } | null
  life: Life | null
}

const second = 1000

type Arrival = { at: Date; topic: Topic; burst: boolean; customer: Customer | null }

/** The contacts of one day, in the order they came; those that would still be going on now are left to the living. */
export function contactsOf(world: World, day: Day, dice: Dice, desk: Desk, lives: Lives): Contact[] {
  const arrivals = [...usual(world, day, dice), ...ofBurst(world, day, dice)].sort((a, b) => a.at.getTime() - b.at.getTime())
  const contacts: Contact[] = []
  for (const arrival of arrivals) {
    if (arrival.at >= world.now) break
    const contact = contactOf(world, dice, desk, lives, arrival)
    const over = contact.rating?.at ?? contact.wrappedAt ?? contact.endedAt
    if (contact.state === 'left' || (over !== null && over < world.now)) contacts.push(contact)
  }
  return contacts
}

function usual(world: World, day: Day, dice: Dice): Arrival[] {
  return Array.from({ length: day.contacts }, () => {
    const at = new Date(day.start.getTime() + dice.weigh(hourWeights) * 3_600_000 + dice.int(0, 3_599) * second)
    // Some write often, most hardly ever.
    const customer = dice.chance(0.88) ? world.customers[Math.floor(dice.roll() ** 1.6 * world.customers.length)] : undefined
    return { at, topic: dice.weigh(day.topics), burst: false, customer: customer ?? null }
  })
}

function ofBurst(world: World, { burst }: Day, dice: Dice): Arrival[] {
  if (!burst) return []
  const neighbours = world.byArea.get(burst.area) ?? []
  const about = topics.filter(t => t.reason === 'repairs.noWater' || t.reason === 'outage.restore')
  if (neighbours.length === 0) return []
  return Array.from({ length: burst.extra }, () => ({
    at: after(burst.at, dice.around(3600)),
    topic: dice.pick(about),
    burst: true,
    customer: dice.pick(neighbours),
  }))
}

function contactOf(world: World, dice: Dice, desk: Desk, lives: Lives, arrival: Arrival): Contact {
  const channel = arrival.burst
    ? 'chat'
    : dice.weigh([
        ['chat', 79],
        ['phone', 14],
        ['mail', 3],
        ['form', 4],
      ] as const)
  const { at, customer, topic } = arrival
  const opening = filled(world.say(dice.pick(topic.opens)), { usage: String(dice.int(18, 60)) })
  const base = {
    id: dice.id(at),
    channel,
    topic,
    customer,
    startedAt: at,
    name: customer?.name ?? (dice.chance(0.5) ? nameOf(dice, world.language, world.say) : ''),
    conversationId: null,
    visitorId: null,
    queue: null,
    agent: null,
    queuedAt: null,
    answeredAt: null,
    endedAt: null,
    wrappedAt: null,
    endedBy: dice.chance(0.7) ? 'agent' : 'customer',
    replyDue: null,
    outcome: null,
    note: '',
    lines: [],
    rating: null,
    life: null,
    opening,
    subject: opening.slice(0, 60),
  } as const
  if (channel !== 'chat')
    return offline(world, dice, desk, lives, { ...base, lines: [], source: channel === 'phone' ? 'hotline' : channel, state: 'done' })
  const chat = { ...base, lines: [], conversationId: dice.id(at), visitorId: dice.id(at), queue: topic.queue }
  const opens = nextOpening(world.calendars.web, at)
  // At night some write on the page of the business office, which is closed.
  if (opens && opens > at && topic.queue !== 'repairs' && dice.chance(0.35))
    return leftMessage(world, dice, desk, { ...chat, source: `widget:${hallWidgetKey}`, state: 'left' }, opens)
  return chatOf(world, dice, desk, lives, { ...chat, source: `widget:${widgetKey}`, state: 'done' }, arrival.burst)
}

/** Calls, mails and forms: recorded by whoever dealt with them, without a queue of ours. */
function offline(world: World, dice: Dice, desk: Desk, lives: Lives, contact: Contact): Contact {
  const waits = contact.channel === 'phone' ? 0 : dice.int(600, 9_000)
  const { login, at } = desk.answer(dice, contact.topic.queue, after(contact.startedAt, waits))
  const endedAt = after(at, 60 + dice.around(170))
  const wrappedAt = after(endedAt, dice.int(15, 90))
  desk.hold(login, wrappedAt)
  const life = maybeTicket(world, dice, lives, contact, login, after(at, 40))
  return {
    ...contact,
    agent: login,
    answeredAt: at,
    endedAt,
    wrappedAt,
    life,
    outcome: outcomeOf(dice, life),
    note: world.say(dice.pick(wrapNotes)),
  }
}

function chatOf(world: World, dice: Dice, desk: Desk, lives: Lives, contact: Contact, burst: boolean): Contact {
  const { topic, startedAt } = contact
  // Most are answered as soon as somebody has seen the ringing; some ring in vain first.
  const quick = 3 + dice.around(6) + (dice.chance(0.14) ? dice.int(18, 60) : 0)
  const patience = dice.chance(0.012) ? dice.int(1, 4) : 25 + dice.around(260)
  const { login, at: answeredAt } = desk.answer(dice, topic.queue ?? 'web', after(startedAt, burst ? quick * 2.2 : quick))
  if ((answeredAt.getTime() - startedAt.getTime()) / second > patience) {
    const endedAt = after(startedAt, patience)
    const { lines } = talkOf(world, dice, contact, { answeredAt: null, endedAt, agentName: '', openTicket: null })
    return { ...contact, queuedAt: startedAt, endedAt, state: 'abandoned', lines }
  }
  const openTicket = (at: Date) => maybeTicket(world, dice, lives, contact, login, at)
  const talk = talkOf(world, dice, contact, { answeredAt, endedAt: null, agentName: nameFor(world, login), openTicket })
  const { life } = talk
  const wrappedAt = after(talk.endedAt, dice.int(8, 75))
  desk.hold(login, wrappedAt)
  const rating = dice.chance(0.34) ? ratingOf(world, dice, talk, life, startedAt, answeredAt, wrappedAt) : null
  if (rating) talk.lines.push({ at: rating.at, author: 'system', kind: 'notice', text: '', code: 'rated', facts: { score: rating.score } })
  const outcome = outcomeOf(dice, life)
  return {
    ...contact,
    agent: login,
    queuedAt: startedAt,
    answeredAt,
    endedAt: talk.endedAt,
    wrappedAt,
    life,
    outcome,
    lines: talk.lines,
    rating,
    note: world.say(dice.pick(wrapNotes)),
  }
}

/** Answered in the morning; those of the last night still wait for somebody. */
function leftMessage(world: World, dice: Dice, desk: Desk, contact: Contact, opening: Date): Contact {
  const lines: Line[] = [
    { at: contact.startedAt, author: 'customer', kind: 'text', text: contact.opening },
    { at: contact.startedAt, author: 'system', kind: 'notice', text: '', code: 'left', facts: { opensAt: opening.toISOString() } },
  ]
  const { login, at } = desk.answer(dice, 'web', after(opening, dice.int(120, 4_800)))
  const endedAt = after(at, dice.int(60, 240))
  const wrappedAt = after(endedAt, dice.int(10, 60))
  const recent = world.now.getTime() - contact.startedAt.getTime() < 16 * 3_600_000
  if (wrappedAt >= world.now || (recent && dice.chance(0.5))) return { ...contact, lines, replyDue: after(opening, 7_200) }
  desk.hold(login, wrappedAt)
  lines.push(
    { at, author: 'system', kind: 'notice', text: '', code: 'accepted', facts: { agentName: nameFor(world, login) } },
    {
      at: after(at, 40),
      author: 'agent',
      kind: 'text',
      text: filled(world.say(dice.pick(contact.topic.answers)), { hour: '11:30', usage: '30', amount: '96.40', day: '25', area: '' }),
    },
    { at: endedAt, author: 'system', kind: 'notice', text: '', code: 'ended', facts: { by: 'agent' } },
  )
  return {
    ...contact,
    state: 'done',
    agent: login,
    queuedAt: at,
    answeredAt: at,
    endedAt,
    wrappedAt,
    endedBy: 'agent',
    outcome: 'answered',
    lines,
  }
}

export const nameFor = (world: World, login: string): string => {
  const person = people.find(p => p.login === login)
  return person ? world.say(person.name) : login
}

/** Of what topics say, so many become tickets. */
const ticketShare = 0.62

function maybeTicket(world: World, dice: Dice, lives: Lives, contact: Contact, opener: string, at: Date): Life | null {
  const { ticket } = contact.topic
  if (!ticket || !dice.chance(ticket.share * ticketShare) || at >= world.now) return null
  return lifeOf(world, dice, lives, { ticket, contact, opener, openedAt: at })
}

const outcomeOf = (dice: Dice, life: Life | null): OutcomeKey =>
  life
    ? 'ticket'
    : dice.weigh([
        ['solved', 50],
        ['answered', 38],
        ['callback', 6],
        ['gone', 4],
        ['none', 2],
      ] as const)

function ratingOf(
  world: World,
  dice: Dice,
  talk: Talk,
  life: Life | null,
  startedAt: Date,
  answeredAt: Date,
  wrappedAt: Date,
): Contact['rating'] {
  const waited = (answeredAt.getTime() - startedAt.getTime()) / second
  const gloom = (waited > 60 ? 3 : 1) * (life?.ticket.late ? 2 : 1)
  const score = dice.weigh([
    [5, 58],
    [4, 27],
    [3, 8 * gloom],
    [2, 3.5 * gloom],
    [1, 2.5 * gloom],
  ] as const)
  const at = after(wrappedAt > talk.endedAt ? talk.endedAt : wrappedAt, dice.int(6, 90))
  return { id: dice.id(at), score, words: world.say(dice.pick(score >= 4 ? praiseWords : score === 3 ? fairWords : blameWords)), at }
}
