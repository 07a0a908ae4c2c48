import type * as z from 'zod'
import { type Finding, type FindingVerb, findingCan, type improvements } from '#contract/improvement.ts'
import { personName, tenantCard } from '#domains/identity/index.ts'
import { checkSubject, declaredFigure, figureOver } from '#domains/insight/index.ts'
import { openTask } from '#domains/tasks/index.ts'
import { actorId } from '#kernel/access.ts'
import { dateIn } from '#kernel/calendar.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import {
  actionMoved,
  actionOpened,
  findingBegun,
  findingChanged,
  findingClosed,
  findingDropped,
  findingDue,
  findingOpened,
  findingOverdue,
  findingPlanned,
  findingReopened,
  windowOver,
} from './events.ts'
import { findingWritten, type Kept, lockFinding, roundOf, stands } from './queries.ts'
import { reached } from './rules.ts'
import type { FindingRow, Window } from './tables.ts'

type Bodies = typeof improvements
type Body<V extends keyof Bodies> = z.output<Bodies[V]['body']>

export const about = (f: { title: string; ownerId: string | null; round: number }) => ({
  title: f.title,
  ownerId: f.ownerId,
  round: f.round,
})
export const written = async (
  ctx: Ctx,
  id: string,
  set: Partial<Omit<FindingRow, 'board' | 'dueKey' | 'late' | 'round' | 'outcome' | 'sourceFacts'>> & {
    round?: number
    outcome?: Finding['outcome']
    late?: boolean
  },
) => {
  await ctx.db
    .updateTable('improvement.finding')
    .set({ ...set, changedAt: ctx.now })
    .where('id', '=', id)
    .execute()
}
/** Locked, and standing where this can be done. */
export async function standing(ctx: Ctx, id: string, verb: FindingVerb): Promise<Kept> {
  const finding = await lockFinding(ctx, id)
  if (!findingCan[verb](finding))
    throw new Refusal('conflict', verb === 'check' && finding.stage === 'doing' ? 'finding.actions_open' : 'finding.not_now', {
      title: finding.title,
      stage: finding.stage,
    })
  return finding
}
export const windowOf = ({ figure: _, ...measured }: Window & { figure: unknown }): Window => measured

export async function openFinding(ctx: Ctx, { source, ...body }: Body<'open'>): Promise<Finding> {
  if (body.ownerId) found(await personName(ctx, body.ownerId), 'person', body.ownerId)
  if (!(await stands(ctx, source.noun, source.id))) throw new Refusal('not_found', 'finding.no_such_source')
  const id = newId()
  await ctx.db
    .insertInto('improvement.finding')
    .values({
      id,
      ...body,
      sourceNoun: source.noun,
      sourceId: source.id,
      sourceFacts: JSON.stringify(source.facts),
      stage: 'found',
      openedById: actorId(ctx.actor),
      openedAt: ctx.now,
      changedAt: ctx.now,
      closedAt: null,
    })
    .execute()
  await Promise.all([
    ctx.emit(findingOpened, { id }, { ...about({ ...body, round: 1 }), source: source.noun }),
    ctx.at(body.dueAt, findingDue, { id, clock: 'due' }, {}),
  ])
  return findingWritten(ctx, id)
}

export async function changeFinding(ctx: Ctx, id: string, body: Body<'change'>): Promise<Finding> {
  const before = await standing(ctx, id, 'change')
  if (body.ownerId) found(await personName(ctx, body.ownerId), 'person', body.ownerId)
  const changes = differenceOf(before, body, Object.keys(body))
  if (Object.keys(changes).length > 0) {
    await written(ctx, id, { ...body, late: body.dueAt !== null && body.dueAt < ctx.now })
    await ctx.emit(findingChanged, { id }, { ...about({ ...before, ...body }), changes })
    await ctx.at(body.dueAt !== null && body.dueAt > ctx.now ? body.dueAt : null, findingDue, { id, clock: 'due' }, {})
  }
  return findingWritten(ctx, id)
}

export async function markFindingOverdue(ctx: Ctx, id: string): Promise<void> {
  const finding = await lockFinding(ctx, id)
  if (finding.closedAt !== null || finding.late || finding.dueAt === null) return
  if (finding.dueAt > ctx.now) return ctx.at(finding.dueAt, findingDue, { id, clock: 'due' }, {})
  await written(ctx, id, { late: true })
  await ctx.emit(findingOverdue, { id }, about(finding))
}

/** What is declared can be judged: the window before is over, and the expected effect is one for the better. */
export async function planFinding(ctx: Ctx, id: string, { subject, ...plan }: Body<'plan'>): Promise<Finding> {
  const finding = await standing(ctx, id, 'plan')
  await checkSubject(ctx, plan.figure, subject)
  const { timezone } = await tenantCard(ctx)
  if (plan.beforeFrom >= plan.beforeUntil || plan.beforeUntil > dateIn(timezone, ctx.now))
    throw new Refusal('invalid', 'finding.window_before')
  const definition = declaredFigure(plan.figure)
  const baseline = windowOf(await figureOver(ctx, plan.figure, subject, plan.beforeFrom, plan.beforeUntil))
  if (baseline.value !== null && reached(definition.better, plan.expected, baseline.value))
    throw new Refusal('invalid', 'finding.expects_nothing', { value: baseline.value })
  const row = {
    ...plan,
    figureVersion: definition.version,
    subjectBy: subject.by,
    subjectKey: subject.by === 'centre' ? '' : subject.key,
    declaredBy: actorId(ctx.actor),
    declaredAt: ctx.now,
    baseline: JSON.stringify(baseline),
  }
  const nothingYet = { latest: null, begunAt: null, afterFrom: null, afterUntil: null, verdict: null, decidedBy: null, decidedAt: null }
  await ctx.db
    .insertInto('improvement.round')
    .values({ id: newId(), findingId: id, number: finding.round, ...nothingYet, ...row })
    .onConflict(c => c.columns(['findingId', 'number']).doUpdateSet(row))
    .execute()
  await written(ctx, id, { stage: 'planned' })
  await ctx.emit(findingPlanned, { id }, { ...about(finding), figure: plan.figure, expected: plan.expected })
  return findingWritten(ctx, id)
}

/** From here the plan stands, and the window before is what it was at this moment. */
export async function beginFinding(ctx: Ctx, id: string): Promise<Finding> {
  const finding = await standing(ctx, id, 'begin')
  const round = found(await roundOf(ctx, id, finding.round), 'finding', id)
  const baseline = windowOf(
    await figureOver(ctx, round.figure, { by: round.subjectBy, key: round.subjectKey }, round.beforeFrom, round.beforeUntil),
  )
  if (baseline.n < round.leastCases) throw new Refusal('conflict', 'finding.too_few_before', { n: baseline.n, least: round.leastCases })
  await ctx.db
    .updateTable('improvement.round')
    .set({ baseline: JSON.stringify(baseline), figureVersion: baseline.version, begunAt: ctx.now })
    .where('id', '=', round.id)
    .execute()
  await written(ctx, id, { stage: 'doing' })
  await ctx.emit(findingBegun, { id }, { ...about(finding), before: baseline.value })
  return findingWritten(ctx, id)
}

export async function openAction(ctx: Ctx, id: string, body: Body<'act'>): Promise<Finding> {
  const finding = await standing(ctx, id, 'act')
  const task = await openTask(ctx, {
    kind: 'improvement',
    ...body,
    matter: { noun: 'finding', id },
    customerId: null,
    departmentId: null,
    facts: { finding: finding.title, round: finding.round },
  })
  await ctx.db.insertInto('improvement.action').values({ id: task.id, findingId: id, round: finding.round, title: body.title }).execute()
  await written(ctx, id, {})
  await ctx.emit(actionOpened, { id }, { ...about(finding), taskId: task.id, action: body.title })
  return findingWritten(ctx, id)
}

/** A task of it was finished or taken back: the finding tells it on. */
export async function moveAction(ctx: Ctx, taskId: string, id: string, done: boolean): Promise<void> {
  const known = await ctx.db
    .selectFrom('improvement.action')
    .select('id')
    .where('id', '=', taskId)
    .where('findingId', '=', id)
    .executeTakeFirst()
  if (!known) return
  const finding = await lockFinding(ctx, id)
  await written(ctx, id, {})
  await ctx.emit(actionMoved, { id }, { ...about(finding), taskId, done, left: finding.actions.all - finding.actions.done })
}

export async function closeFinding(ctx: Ctx, id: string, { standardised, links }: Body<'close'>): Promise<Finding> {
  const finding = await standing(ctx, id, 'close')
  const round = found(await roundOf(ctx, id, finding.round), 'finding', id)
  for (const link of links)
    if (!(await stands(ctx, link.noun, link.id))) throw new Refusal('not_found', 'finding.no_such_link', { name: link.name })
  await ctx.db
    .updateTable('improvement.round')
    .set({ standardised, links: JSON.stringify(links) })
    .where('id', '=', round.id)
    .execute()
  const outcome = round.overridden ? ('overridden' as const) : ('effective' as const)
  await written(ctx, id, { stage: 'closed', closedAt: ctx.now, outcome })
  await ctx.emit(findingClosed, { id }, { ...about(finding), outcome })
  await ctx.at(null, findingDue, { id, clock: 'due' }, {})
  return findingWritten(ctx, id)
}

export async function dropFinding(ctx: Ctx, id: string, { reason }: Body<'drop'>): Promise<Finding> {
  const finding = await standing(ctx, id, 'drop')
  await written(ctx, id, { stage: 'dropped', closedAt: ctx.now, outcome: 'dropped' })
  await ctx.emit(findingDropped, { id }, { ...about(finding), reason })
  await Promise.all([
    ctx.at(null, findingDue, { id, clock: 'due' }, {}),
    ctx.at(null, windowOver, { id, clock: 'window' }, { round: finding.round }),
  ])
  return findingWritten(ctx, id)
}

export async function reopenFinding(ctx: Ctx, id: string, { reason }: Body<'reopen'>): Promise<Finding> {
  const finding = await standing(ctx, id, 'reopen')
  await againAt(ctx, finding, reason)
  return findingWritten(ctx, id)
}

/** A new round begins with a new plan; the old ones stay as they were. A round never planned is still the one to plan. */
export async function againAt(ctx: Ctx, finding: Kept, reason: string): Promise<void> {
  const { id } = finding
  const round = (await roundOf(ctx, id, finding.round)) ? finding.round + 1 : finding.round
  const late = finding.dueAt !== null && finding.dueAt < ctx.now
  await written(ctx, id, { stage: 'found', round, closedAt: null, outcome: '', late })
  await ctx.emit(findingReopened, { id }, { ...about({ ...finding, round }), reason })
  if (!late) await ctx.at(finding.dueAt, findingDue, { id, clock: 'due' }, {})
}
