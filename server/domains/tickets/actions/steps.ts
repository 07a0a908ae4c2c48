import type * as z from 'zod'
import type { Ticket, tickets } from '#contract/tickets.ts'
import { ticketCan } from '#contract/tickets.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { asUser } from '#kernel/access.ts'
import type { Calendar } from '#kernel/calendar.ts'
import type { EventDef } from '#kernel/events.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import {
  type Step,
  ticketClosed,
  ticketDispatched,
  ticketDue,
  ticketOverdue,
  ticketReopened,
  ticketResolved,
  ticketResumed,
  ticketReturned,
  ticketTaken,
  ticketUrged,
  ticketWaiting,
  ticketWarned,
} from '../events.ts'
import { type Kept, lockTicket, shown } from '../queries.ts'
import {
  type Clock,
  isRunning,
  leadsTo,
  type Step as Move,
  mayStep,
  mayUrgeAgainAt,
  nextLook,
  pauseClock,
  resumeClock,
  startClock,
  stopClock,
  type Terms,
} from '../rules.ts'
import { announce, type NewEntry, stepOf, type Told } from './announce.ts'
import { kindById, mustExist } from './open.ts'

type Said = { text: string }
type Dispatch = z.output<typeof tickets.dispatch.body>

export async function dispatchTicket(ctx: Ctx, id: string, { departmentId, assigneeId, text }: Dispatch): Promise<Ticket> {
  const [ticket, , assignee] = await Promise.all([
    lockFor(ctx, id, 'dispatch'),
    mustExist(ctx, 'department', departmentId),
    assigneeId === null ? null : mustExist(ctx, 'person', assigneeId),
  ])
  if (assignee && assignee.departmentId !== departmentId)
    throw new Refusal('invalid', 'ticket.assignee_elsewhere', { number: ticket.number })
  return move(
    ctx,
    ticket,
    'dispatch',
    ticketDispatched,
    { kind: 'dispatched', text, public: true },
    { departmentId, assigneeId, dispatchedAt: ctx.now, takenAt: null },
  )
}

export async function takeTicket(ctx: Ctx, id: string): Promise<Ticket> {
  const ticket = await lockFor(ctx, id, 'take')
  return move(
    ctx,
    ticket,
    'take',
    ticketTaken,
    { kind: 'taken', text: '', public: true },
    { assigneeId: asUser(ctx.actor).id, takenAt: ctx.now },
  )
}

export async function waitForCustomer(ctx: Ctx, id: string, { text }: Said): Promise<Ticket> {
  const ticket = await lockFor(ctx, id, 'wait')
  return move(
    ctx,
    ticket,
    'wait',
    ticketWaiting,
    { kind: 'waiting', text, public: true },
    pauseClock(ticket, ctx.now, (await clockOf(ctx, ticket)).calendar),
  )
}

export async function resumeTicket(ctx: Ctx, id: string, { text }: Said): Promise<Ticket> {
  const ticket = await lockFor(ctx, id, 'resume')
  const { terms, calendar } = await clockOf(ctx, ticket)
  return move(ctx, ticket, 'resume', ticketResumed, { kind: 'resumed', text, public: true }, resumeClock(ticket, ctx.now, terms, calendar))
}

/** Back to whoever dispatches. The customer's clock runs on: the promise was made to them. */
export async function giveBackTicket(ctx: Ctx, id: string, { text }: Said): Promise<Ticket> {
  const ticket = await lockFor(ctx, id, 'giveBack')
  return move(
    ctx,
    ticket,
    'giveBack',
    ticketReturned,
    { kind: 'returned', text, public: false },
    { departmentId: null, assigneeId: null, takenAt: null, returns: ticket.returns + 1 },
  )
}

export async function resolveTicket(ctx: Ctx, id: string, { text }: Said): Promise<Ticket> {
  const ticket = await lockFor(ctx, id, 'resolve')
  const { terms, calendar } = await clockOf(ctx, ticket)
  const clock = stopClock(ticket, ctx.now, terms, calendar)
  return move(
    ctx,
    ticket,
    'resolve',
    ticketResolved,
    { kind: 'resolved', text, public: true },
    { ...clock, resolution: text, resolvedAt: ctx.now },
  )
}

export async function closeTicket(ctx: Ctx, id: string, { text }: Said): Promise<Ticket> {
  const ticket = await lockFor(ctx, id, 'close')
  return move(ctx, ticket, 'close', ticketClosed, { kind: 'closed', text, public: true }, { closedAt: ctx.now })
}

/** A new promise from now: a reopened ticket is not late at once. That it was late before stays in its course. */
export async function reopenTicket(ctx: Ctx, id: string, { text }: Said): Promise<Ticket> {
  const ticket = await lockFor(ctx, id, 'reopen')
  const { terms, calendar } = await clockOf(ctx, ticket)
  const clock = startClock(ctx.now, terms, calendar)
  return move(
    ctx,
    ticket,
    'reopen',
    ticketReopened,
    { kind: 'reopened', text, public: true },
    { ...clock, departmentId: null, assigneeId: null, dispatchedAt: null, takenAt: null, resolvedAt: null, closedAt: null, resolution: '' },
  )
}

export async function urgeTicket(ctx: Ctx, id: string, said: Said): Promise<Ticket> {
  const ticket = await lockTicket(ctx, id, 'ticket:read')
  return shown({ ...ticket, ...(await urge(ctx, ticket, said)) }, ctx.now)
}

/** The customer, through the link: seldom enough that the department still listens. */
export async function urgeAsCustomer(ctx: Ctx, id: string, said: Said): Promise<void> {
  const ticket = found(
    await ctx.db
      .selectFrom('tickets.ticket')
      .select([...told, 'urges', 'urgedAt'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst(),
    'ticket',
    id,
  )
  const again = mayUrgeAgainAt(ticket.urgedAt)
  if (again && again > ctx.now)
    throw new Refusal('too_many', 'ticket.urged_recently', { number: ticket.number, again: again.toISOString() })
  await urge(ctx, ticket, said)
}

async function urge(ctx: Ctx, ticket: Told & { urges: number }, { text }: Said) {
  if (!ticketCan.urge(ticket)) throw wrongStatus(ticket, 'urge')
  const changes = { urges: ticket.urges + 1, urgedAt: ctx.now, changedAt: ctx.now }
  await Promise.all([
    ctx.db.updateTable('tickets.ticket').set(changes).where('id', '=', ticket.id).execute(),
    announce(ctx, ticketUrged, ticket, { kind: 'urged', text, public: true }, stepOf(ticket)),
  ])
  return changes
}

/** The timer says to look; the row decides. A warning and an end, each once per running of the clock. */
export async function lookAtClock(ctx: Ctx, id: string): Promise<void> {
  const row = await ctx.db
    .selectFrom('tickets.ticket')
    .select([...told, 'dueAt', 'warnAt', 'warned'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row || row.late || row.dueAt === null || !isRunning(row.status)) return
  if (row.dueAt > ctx.now) {
    const warns = row.warnAt !== null && !row.warned && row.warnAt <= ctx.now
    await Promise.all([
      warns ? warn(ctx, row, row.dueAt) : undefined,
      // Timers may come early by a moment of clock difference: set it again rather than lose it.
      ctx.at(nextLook({ ...row, warned: row.warned || warns }), ticketDue, { id, clock: 'due' }, {}),
    ])
    return
  }
  await Promise.all([
    ctx.db.updateTable('tickets.ticket').set({ late: true, changedAt: ctx.now }).where('id', '=', id).execute(),
    ctx.emit(ticketOverdue, row, stepOf({ ...row, late: true })),
  ])
}

async function warn(ctx: Ctx, ticket: Told, dueAt: Date): Promise<void> {
  await Promise.all([
    ctx.db.updateTable('tickets.ticket').set({ warned: true }).where('id', '=', ticket.id).execute(),
    ctx.emit(ticketWarned, { id: ticket.id }, { ...stepOf(ticket), dueAt: dueAt.toISOString() }),
  ])
}

const told = ['id', 'number', 'status', 'conversationId', 'customerId', 'interactionId', 'departmentId', 'late'] as const

const permissions = {
  dispatch: 'ticket:dispatch',
  take: 'ticket:handle',
  wait: 'ticket:handle',
  resume: 'ticket:handle',
  giveBack: 'ticket:handle',
  resolve: 'ticket:handle',
  close: 'ticket:close',
  reopen: 'ticket:close',
} as const

async function lockFor(ctx: Ctx, id: string, step: Move): Promise<Kept> {
  const ticket = await lockTicket(ctx, id, permissions[step])
  if (!mayStep(ticket.status, step)) throw wrongStatus(ticket, step)
  return ticket
}

const wrongStatus = (ticket: Told, step: string) =>
  new Refusal('conflict', 'ticket.wrong_status', { number: ticket.number, status: ticket.status, step })
/** By whose hours its clock runs, and what its kind asks of it. */
async function clockOf(ctx: Ctx, { kindId, targetMinutes }: Kept): Promise<{ terms: Terms; calendar: Calendar }> {
  const { calendarId, warnPercent } = await kindById(ctx, kindId)
  return { terms: { targetMinutes, warnPercent }, calendar: await calendarOf(ctx, calendarId) }
}

type Changes = Partial<
  Clock & Pick<Kept, 'departmentId' | 'assigneeId' | 'dispatchedAt' | 'takenAt' | 'resolvedAt' | 'closedAt' | 'resolution' | 'returns'>
>

async function move(ctx: Ctx, before: Kept, step: Move, def: EventDef<Step>, entry: NewEntry, changes: Changes): Promise<Ticket> {
  const { dueAt, warnAt, warned, pausedAt, leftMinutes, late, departmentId, assigneeId, dispatchedAt, takenAt, resolvedAt, closedAt } = {
    ...before,
    ...changes,
  }
  const { resolution, returns } = { ...before, ...changes }
  const set = {
    status: leadsTo[step],
    changedAt: ctx.now,
    dueAt,
    warnAt,
    warned,
    pausedAt,
    leftMinutes,
    late,
    departmentId,
    assigneeId,
    dispatchedAt,
    takenAt,
    resolvedAt,
    closedAt,
    resolution,
    returns,
  }
  const after = { ...before, ...set }
  await Promise.all([
    ctx.db.updateTable('tickets.ticket').set(set).where('id', '=', before.id).execute(),
    announce(ctx, def, after, entry, { ...stepOf(after), from: before.status }),
    // A step may be what finds it late, before the timer does.
    late && !before.late ? ctx.emit(ticketOverdue, after, stepOf(after)) : undefined,
    ctx.at(isRunning(after.status) && !late ? nextLook(after) : null, ticketDue, { id: before.id, clock: 'due' }, {}),
  ])
  return shown(after, ctx.now)
}
