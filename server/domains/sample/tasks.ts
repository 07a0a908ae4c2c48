import { addWorkingMinutes } from '#kernel/calendar.ts'
import { bigrams } from '#kernel/search.ts'
import type { Contact } from './contacts.ts'
import type { Dice } from './dice.ts'
import type { Row } from './fill.ts'
import type { Trace } from './traces.ts'
import { winBackResults } from './words/topics.ts'
import { after, type World } from './world.ts'

export type Owed = { row: Row & { id: string }; traces: Trace[]; dueAt: Date; open: boolean; late: boolean }

/** What follows from a contact: winning back whoever was let down, calling back whoever was promised a call. */
export function taskOf(world: World, dice: Dice, c: Contact): Owed | null {
  const customerId = c.customer?.id ?? null
  const { rating } = c
  if (rating && rating.score <= 2)
    return owed(world, dice, c, {
      kind: 'winback',
      title: `低分回访：${rating.score} 分`,
      text: rating.words,
      openedAt: rating.at,
      owner: 'lead',
      openedBy: null,
      minutes: 450,
      result: world.say(dice.pick(winBackResults)),
      facts: {
        score: rating.score,
        ratingId: rating.id,
        interactionId: c.id,
        agentId: c.agent && world.ids(`person ${c.agent}`),
        titleEn: `Win back: rated ${rating.score}`,
      },
    })
  if (c.outcome === 'callback' && customerId && c.wrappedAt && c.agent)
    return owed(world, dice, c, {
      kind: 'todo',
      title: world.say([`回访 ${c.name}`, `Call back ${c.name}`]),
      text: c.subject,
      openedAt: c.wrappedAt,
      owner: c.agent,
      openedBy: c.agent,
      minutes: 450,
      facts: {},
      result: world.say(['已回访，客户满意。', 'Called back; the customer is satisfied.']),
    })
  return null
}

type Plan = {
  kind: string
  title: string
  text: string
  openedAt: Date
  owner: string
  openedBy: string | null
  minutes: number
  facts: Record<string, unknown>
  result: string
}

function owed(world: World, dice: Dice, c: Contact, plan: Plan): Owed {
  const { ids, calendars, now } = world
  const dueAt = addWorkingMinutes(plan.openedAt, plan.minutes, calendars.office)
  const finished = addWorkingMinutes(
    plan.openedAt,
    Math.round(plan.minutes * (dice.chance(0.1) ? 1.05 + dice.roll() : 0.1 + dice.roll() * 0.8)),
    calendars.office,
  )
  const doneAt = finished < now && !(now.getTime() - plan.openedAt.getTime() < 4 * 86_400_000 && dice.chance(0.6)) ? finished : null
  const late = (doneAt ?? now) > dueAt
  const id = dice.id(plan.openedAt)
  const ownerId = ids(`person ${plan.owner}`)
  const matter = { noun: 'interaction', id: c.id }
  const about = { kind: plan.kind, ownerId, matter }
  const trace = (name: string, at: Date, actor: string | null, detail: Record<string, unknown>): Trace => ({
    name,
    about: id,
    at,
    actor: actor ? { kind: 'user', id: ids(`person ${actor}`) } : { kind: 'system', id: null },
    detail,
    seenBy: 'task:read',
  })
  return {
    dueAt,
    open: doneAt === null,
    late,
    row: {
      id,
      title: plan.title,
      kind: plan.kind,
      text: plan.text,
      matterNoun: matter.noun,
      matterId: matter.id,
      customerId: c.customer?.id ?? null,
      ownerId,
      departmentId: null,
      openedById: plan.openedBy && ids(`person ${plan.openedBy}`),
      openedAt: plan.openedAt,
      dueAt,
      doneAt,
      result: doneAt ? plan.result : '',
      late,
      facts: plan.facts,
      tsv: bigrams(plan.title),
    },
    traces: [
      trace('task.opened', plan.openedAt, plan.openedBy, about),
      ...(late ? [trace('task.overdue', after(dueAt, 1), null, about)] : []),
      ...(doneAt ? [trace('task.finished', doneAt, plan.owner, { ...about, late })] : []),
    ],
  }
}
