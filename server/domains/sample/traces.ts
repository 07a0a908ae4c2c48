import type { Contact } from './contacts.ts'
import type { Life } from './lives.ts'
import type { World } from './world.ts'

/** What the live product would have announced. */
export type Trace = {
  name: string
  about: string
  at: Date
  actor: { kind: 'user' | 'visitor' | 'link' | 'system'; id: string | null }
  detail: Record<string, unknown>
  seenBy: string
  personal?: Record<string, string>
}

const seconds = (from: Date, to: Date) => Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000))
const system = { kind: 'system', id: null } as const

/** The course of a contact, in the order in which its events are written. */
export function contactTraces(world: World, c: Contact, taskId: string | null): Trace[] {
  const { ids } = world
  const queueId = c.queue && ids(`queue ${c.queue}`)
  const agentId = c.agent && ids(`person ${c.agent}`)
  const visitor = c.visitorId ? ({ kind: 'visitor', id: c.visitorId } as const) : system
  const user = { kind: 'user', id: agentId } as const
  const where = { channel: c.channel, queueId }
  const whom = { ...where, agentId }
  const found: Trace[] = []
  const contact = (name: string, at: Date, actor: Trace['actor'], detail: Record<string, unknown>) =>
    found.push({ name: `interaction.${name}`, about: c.id, at, actor, detail, seenBy: 'interaction:read' })
  const talk = (name: string, at: Date, actor: Trace['actor'], detail: Record<string, unknown>, personal?: Record<string, string>) => {
    if (c.conversationId)
      found.push({
        name: `conversation.${name}`,
        about: c.conversationId,
        at,
        actor,
        detail,
        seenBy: 'conversation:read',
        ...(personal ? { personal } : {}),
      })
  }

  const left = c.lines.some(l => l.code === 'left')
  contact('opened', c.startedAt, visitor, {
    ...where,
    direction: 'in',
    source: c.source,
    state: left ? 'left' : c.queue ? 'waiting' : 'active',
  })
  talk('started', c.startedAt, visitor, { queueId, left, known: c.customer ? 'site' : 'anonymous' })
  if (left && c.queuedAt) contact('queued', c.queuedAt, user, where)
  if (c.answeredAt && agentId) {
    contact('answered', c.answeredAt, user, { ...whom, waitedSeconds: c.queuedAt ? seconds(c.queuedAt, c.answeredAt) : 0, again: false })
    talk('accepted', c.answeredAt, user, { agentId, queueId })
  }
  if (c.state === 'abandoned' && c.endedAt) {
    contact('abandoned', c.endedAt, visitor, { ...where, waitedSeconds: seconds(c.startedAt, c.endedAt) })
    talk('abandoned', c.endedAt, visitor, { waitedSeconds: seconds(c.startedAt, c.endedAt) })
  } else if (c.endedAt) {
    const by = c.endedBy === 'agent' ? user : visitor
    contact('ended', c.endedAt, by, whom)
    talk('ended', c.endedAt, by, { by: c.endedBy, agentId })
  }
  if (c.wrappedAt && c.outcome) {
    const said = { reasonId: ids(`reason ${c.topic.reason}`), outcomeId: ids(`outcome ${c.outcome}`) }
    contact('wrapped', c.wrappedAt, user, { ...whom, ...said })
    talk('wrapped', c.wrappedAt, user, { ...said, agentId })
  }
  if (c.rating) {
    const { at, score, words, id } = c.rating
    const customerId = c.customer?.id ?? null
    talk('rated', at, visitor, { interactionId: c.id, customerId, agentId, queueId, score }, words ? { words } : undefined)
    contact('rated', at, system, { score, agentId })
    found.push({
      name: 'rating.given',
      about: id,
      at,
      actor: system,
      detail: { interactionId: c.id, agentId, queueId, score, taskId },
      seenBy: 'survey:read',
    })
  }
  return found
}

export function lifeTraces(world: World, { ticket, steps, warnedAt, overdueAt, contact }: Life): Trace[] {
  const { ids } = world
  const detail = { number: ticket.number, conversationId: contact.conversationId }
  const found: Trace[] = steps.map(s => ({
    name: `ticket.${s.kind}`,
    about: ticket.id,
    at: s.at,
    actor: s.actor ? { kind: 'user', id: ids(`person ${s.actor}`) } : { kind: 'link', id: ticket.id },
    detail: { ...detail, status: s.status, departmentId: s.department && ids(`department ${s.department}`), late: s.late },
    seenBy: 'ticket:read',
    ...(s.text && (s.kind === 'waiting' || s.kind === 'resolved') ? { personal: { text: s.text } } : {}),
  }))
  const told = (name: string, at: Date, late: boolean, more: Record<string, unknown> = {}) => {
    const before = steps.filter(s => s.at <= at).at(-1)
    const departmentId = before?.department ? ids(`department ${before.department}`) : null
    found.push({
      ...{ name, about: ticket.id, at, actor: system, seenBy: 'ticket:read' },
      detail: { ...detail, status: before?.status ?? 'accepted', departmentId, late, ...more },
    })
  }
  // What was long ago is told no more.
  if (warnedAt && world.now.getTime() - warnedAt.getTime() < 14 * 86_400_000)
    told('ticket.warned', warnedAt, false, { dueAt: ticket.dueAt.toISOString() })
  if (overdueAt) told('ticket.overdue', overdueAt, true)
  return found
}
