import type { Contact } from './contacts.ts'
import type { Dice } from './dice.ts'
import type { Life } from './lives.ts'
import { goodbyes, greets, nudges, thanks, ticketed } from './words/topics.ts'
import { after, filled, type World } from './world.ts'

export type Line = {
  at: Date
  author: 'customer' | 'agent' | 'system'
  kind: 'text' | 'notice' | 'card' | 'note'
  text: string
  code?: string
  facts?: Record<string, unknown>
}
export type Talk = { lines: Line[]; endedAt: Date; life: Life | null }
/** `openTicket`: what the agent does when the matter is clear; null when it needs no ticket. */
type Course = { answeredAt: Date | null; endedAt: Date | null; agentName: string; openTicket: ((at: Date) => Life | null) | null }

/** What was said, from the first words to the end; or to the leaving of someone nobody answered. */
export function talkOf(world: World, dice: Dice, contact: Contact, course: Course): Talk {
  const { topic, customer } = contact
  const slots = slotsOf(world, dice, contact, course)
  const said = (list: readonly (readonly [string, string])[]) => filled(world.say(dice.pick(list)), slots)
  const lines: Line[] = [{ at: contact.startedAt, author: 'customer', kind: 'text', text: contact.opening }]
  if (!course.answeredAt) {
    const endedAt = course.endedAt ?? contact.startedAt
    if (endedAt.getTime() - contact.startedAt.getTime() > 45_000)
      lines.push({ at: after(contact.startedAt, 30 + dice.int(0, 10)), author: 'customer', kind: 'text', text: said(nudges) })
    lines.push({ at: endedAt, author: 'system', kind: 'notice', text: '', code: 'abandoned' })
    return { lines, endedAt, life: null }
  }

  let at = course.answeredAt
  const notice = (code: string, facts: Record<string, unknown>) =>
    lines.push({ at, author: 'system', kind: 'notice', text: '', code, facts })
  const agent = (text: string, pause: number) => {
    at = after(at, 2 + dice.around(pause))
    lines.push({ at, author: 'agent', kind: 'text', text })
  }
  const client = (text: string, pause: number) => {
    at = after(at, 2 + dice.around(pause))
    lines.push({ at, author: 'customer', kind: 'text', text })
  }

  notice('accepted', { agentName: course.agentName })
  agent(said(greets), 5)
  agent(said(topic.asks), 14)
  client(said(topic.tells), 24)
  agent(said(topic.answers), 40)
  if (topic.more.length > 0 && dice.chance(0.55)) {
    const [question, answer] = dice.pick(topic.more)
    client(filled(world.say(question), slots), 22)
    agent(filled(world.say(answer), slots), 26)
  }
  const life = course.openTicket?.(after(at, 8 + dice.around(25))) ?? null
  if (life) {
    slots.number = life.ticket.number
    at = cards(world, dice, lines, life)
    lines.push({ at, author: 'agent', kind: 'text', text: said(ticketed) })
  }
  if (dice.chance(0.86)) client(said(thanks), 16)
  if (dice.chance(0.78)) agent(said(goodbyes), 8)
  if (customer?.care.includes('elderly') && dice.chance(0.3))
    lines.push({ at, author: 'agent', kind: 'note', text: world.say(['独居老人，联系时请放慢语速。', 'Elderly and alone: speak slowly.']) })
  at = after(at, 4 + dice.around(18))
  notice('ended', { by: contact.endedBy })
  return { lines, endedAt: at, life }
}

/** The ticket's cards fall into the talk where its steps did, also after its end. Returns when the agent goes on writing. */
function cards(world: World, dice: Dice, lines: Line[], { ticket, steps }: Life): Date {
  for (const { told, at, kind, status, text } of steps)
    if (told && at < world.now)
      lines.push({
        at,
        author: 'system',
        kind: 'card',
        text,
        code: `ticket.${kind}`,
        facts: { ticketId: ticket.id, number: ticket.number, status },
      })
  return after(ticket.openedAt, 3 + dice.around(12))
}

function slotsOf(world: World, dice: Dice, { customer, name, startedAt }: Contact, course: Course): Record<string, string> {
  const hour = Math.floor((startedAt.getTime() / 3_600_000 + 8 + dice.int(1, 4)) % 24)
  return {
    name: name || world.say(['您', 'there']),
    agent: course.agentName,
    number: '',
    place: customer?.place ?? world.say(['海棠里 2 幢', 'Haitang, Building 2']),
    area: customer ? world.say(customer.area.name) : world.say(['海棠里', 'Haitang']),
    hour: `${hour}:${dice.pick(['00', '20', '30', '40'])}`,
    day: String(dice.int(15, 28)),
    usage: String(dice.int(14, 62)),
    amount: (dice.int(3200, 26_800) / 100).toFixed(2),
  }
}
