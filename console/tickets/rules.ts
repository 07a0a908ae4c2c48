import type { Me } from '#contract/identity.ts'
import { type Ticket, type TicketStatus, ticketCan } from '#contract/tickets.ts'

/** What can be done with a ticket, the right permission for it and its key. Who writes: `must` needs words, `may` takes them, `no` is done at once. */
export const acts = {
  take: { may: 'ticket:handle', key: 'a', words: 'no' },
  resolve: { may: 'ticket:handle', key: 'mod+enter', words: 'must' },
  wait: { may: 'ticket:handle', key: 'w', words: 'must' },
  resume: { may: 'ticket:handle', key: 'w', words: 'may' },
  dispatch: { may: 'ticket:dispatch', key: 'r', words: 'may' },
  giveBack: { may: 'ticket:handle', key: 'b', words: 'must' },
  urge: { may: 'ticket:read', key: 'u', words: 'may' },
  close: { may: 'ticket:close', key: 'mod+enter', words: 'may' },
  reopen: { may: 'ticket:close', key: 'o', words: 'must' },
} as const satisfies Record<Exclude<keyof typeof ticketCan, 'change'>, { may: string; key: string; words: 'must' | 'may' | 'no' }>
export type Act = keyof typeof acts
export const actNames: readonly Act[] = ['take', 'resolve', 'resume', 'close', 'dispatch', 'wait', 'giveBack', 'urge', 'reopen']

/** The one act that is the next step, by status; the first that may be done. */
const next: Record<TicketStatus, readonly Act[]> = {
  accepted: ['dispatch', 'resolve'],
  dispatched: ['take', 'urge'],
  handling: ['resolve', 'urge'],
  waiting: ['resume', 'resolve'],
  resolved: ['close', 'reopen'],
  closed: ['reopen'],
}

/** Whether a right reaches this ticket: one's own are those opened by or assigned to oneself; wider ones add the own department's. The server says the same. */
export function reaches(me: Me, permission: string, ticket: Pick<Ticket, 'openedById' | 'assigneeId' | 'departmentId'>): boolean {
  const scope = me.permissions[permission]
  if (scope === undefined) return false
  if (scope === 'all' || ticket.openedById === me.user.id || ticket.assigneeId === me.user.id) return true
  return scope !== 'own' && ticket.departmentId !== null && ticket.departmentId === me.user.departmentId
}

export type Offer = { name: Act; possible: boolean }
/** Every act this person has the right to: the next step first, then what is possible now, then what is not. */
export function offers(ticket: Pick<Ticket, 'status'>, may: (permission: string) => boolean): { primary: Act | null; rest: Offer[] } {
  const allowed = actNames.filter(name => may(acts[name].may))
  const primary = next[ticket.status].find(name => allowed.includes(name)) ?? null
  const rest = allowed.filter(name => name !== primary).map(name => ({ name, possible: ticketCan[name](ticket) }))
  return { primary, rest: [...rest.filter(o => o.possible), ...rest.filter(o => !o.possible)] }
}

export type StepState = 'done' | 'now' | 'later'
const order: readonly TicketStatus[] = ['accepted', 'dispatched', 'handling', 'resolved', 'closed']
/** Where the ticket stands on its way: accepted, dispatched, taken, worked on, resolved, closed. */
export function standing(ticket: Pick<Ticket, 'status'>): {
  accepted: StepState
  dispatched: StepState
  taken: StepState
  handling: StepState
  resolved: StepState
  closed: StepState
} {
  const at = order.indexOf(ticket.status === 'waiting' ? 'handling' : ticket.status)
  const past = (n: number): StepState => (at > n ? 'done' : at === n ? 'now' : 'later')
  return {
    accepted: at > 0 ? 'done' : 'now',
    dispatched: at > 1 ? 'done' : at === 1 ? 'now' : 'later',
    taken: at > 1 ? 'done' : 'later',
    handling: past(2),
    resolved: past(3),
    closed: at === 4 ? 'done' : 'later',
  }
}

/** About to miss its target, by the kind's own share. */
export const isSoon = (t: Pick<Ticket, 'dueAt' | 'warnAt' | 'pausedAt' | 'resolvedAt' | 'late'>, now: number): boolean =>
  !t.late && !t.pausedAt && !t.resolvedAt && t.warnAt !== null && t.warnAt.getTime() <= now && t.dueAt !== null && now <= t.dueAt.getTime()

/** The part of the target that is used, 0 to 1; null without a clock. */
export function used(ticket: Pick<Ticket, 'dueAt' | 'openedAt' | 'pausedAt' | 'resolvedAt'>, now: number): number | null {
  if (!ticket.dueAt) return null
  const until = Math.min((ticket.resolvedAt ?? ticket.pausedAt)?.getTime() ?? now, now)
  const all = ticket.dueAt.getTime() - ticket.openedAt.getTime()
  return all <= 0 ? 1 : Math.min(1, Math.max(0, (until - ticket.openedAt.getTime()) / all))
}
