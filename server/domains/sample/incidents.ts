import type { Contact } from './contacts.ts'
import type { Dice } from './dice.ts'
import type { Row } from './fill.ts'
import { type Batch, newBatch } from './rows.ts'
import type { World } from './world.ts'

const day = 86_400_000

/** What goes wrong in any house: somebody was blocked and forgiven, a follow-up failed, telephone numbers were looked at. */
export function incidentRows(world: World, dice: Dice, talks: readonly Contact[], resolved: Row | undefined): Batch {
  const batch = newBatch()
  lifted(batch, world, dice, talks)
  failed(batch, world, dice, resolved)
  revealed(batch, world, dice, talks)
  return batch
}

type Said = {
  name: string
  about: string
  at: Date
  who: string
  seenBy: string
  detail: Record<string, unknown>
  reason: string
  customerId: string | null
  audit?: boolean
}

function say(batch: Batch, world: World, dice: Dice, { who, reason, audit = false, ...event }: Said): void {
  const id = dice.id(event.at)
  batch['kernel.event'].push({ id, actorKind: 'user', actorId: world.ids(`person ${who}`), interactionId: null, audit, ...event })
  batch['kernel.event_value'].push({ eventId: id, key: 'reason', value: reason })
}

/** Proposed by the agent of the talk, decided by the leader, lifted two days later. */
function lifted(batch: Batch, world: World, dice: Dice, talks: readonly Contact[]): void {
  const talk = talks.findLast(c => c.agent !== null && c.endedAt !== null && c.endedAt.getTime() < world.now.getTime() - 6 * day)
  if (!talk?.conversationId || !talk.visitorId || !talk.agent || !talk.endedAt) return
  const reason = world.say(['一小时内进线十余次，接通后不说话', 'Came in ten times within an hour and said nothing'])
  const proposedAt = talk.endedAt
  const after = (hours: number) => new Date(proposedAt.getTime() + hours * 3_600_000)
  const [blockId, until] = [dice.id(proposedAt), after(7 * 24)]
  batch['messaging.block'].push({
    id: blockId,
    kind: 'visitor',
    subject: talk.visitorId,
    name: talk.name,
    conversationId: talk.conversationId,
    reason,
    state: 'lifted',
    until,
    proposedBy: world.ids(`person ${talk.agent}`),
    proposedAt,
    decidedBy: world.ids('person lead'),
    decidedAt: after(50),
  })
  const step = (name: string, at: Date, who: string) =>
    say(batch, world, dice, {
      ...{ name, at, who, reason, about: talk.conversationId ?? '', seenBy: 'conversation:supervise' },
      ...{ detail: { blockId, kind: 'visitor', until: until.toISOString() }, customerId: talk.customer?.id ?? null },
    })
  step('block.proposed', proposedAt, talk.agent)
  step('block.begun', after(0.2), 'lead')
  step('block.lifted', after(50), 'lead')
}

/** The last ticket that was resolved: its customer was not told in the chat. */
function failed(batch: Batch, world: World, dice: Dice, resolved: Row | undefined): void {
  if (!(resolved?.at instanceof Date)) return
  const at = new Date(Math.min(resolved.at.getTime() + 30 * 60_000, world.now.getTime()))
  const id = dice.id(at)
  const reaction = 'ticket.resolved: tell the customer in the chat'
  batch['kernel.failed_reaction'].push({
    id,
    eventId: resolved.id,
    reaction,
    event: 'ticket.resolved',
    said: null,
    attempts: 12,
    error: world.say(['示例数据：当时数据库太忙，没等到。可以重试', 'Sample data: the database was too busy just then. Try it again']),
    failedAt: at,
    state: 'open',
  })
  batch['kernel.event'].push({
    ...{ id: dice.id(at), name: 'reaction.failed', about: id, at, actorKind: 'system', actorId: null, customerId: null },
    ...{ interactionId: null, seenBy: 'house:operate', detail: { reaction }, audit: false },
  })
}

/** The full number was needed for a call. */
function revealed(batch: Batch, world: World, dice: Dice, talks: readonly Contact[]): void {
  const reasons = [
    world.say(['线上说不清，打电话核对漏水位置', 'Calling to find where the leak is']),
    world.say(['抢修到场找不到人，电话联系', 'The crew finds nobody at the door; calling']),
  ]
  const whom = talks.flatMap(c => (c.customer && c.agent ? [{ customer: c.customer, agent: c.agent }] : [])).slice(-reasons.length)
  for (const [n, { customer, agent }] of whom.entries())
    say(batch, world, dice, {
      ...{ name: 'customer.revealed', about: customer.id, customerId: customer.id, who: agent, seenBy: 'customer:read', audit: true },
      ...{
        at: new Date(world.now.getTime() - (whom.length - n) * 7 * 60_000),
        detail: { fields: ['phone', 'email'] },
        reason: reasons[n] ?? '',
      },
    })
}
