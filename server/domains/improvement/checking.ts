import { sql } from 'kysely'
import type * as z from 'zod'
import type { Effect, Finding, improvements } from '#contract/improvement.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { declaredFigure, figureOver } from '#domains/insight/index.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { about, againAt, standing, windowOf, written } from './actions.ts'
import { checkBegun, effectMeasured, findingDecided, windowOver } from './events.ts'
import { findingById, findingWritten, type Kept, lockFinding, roundOf } from './queries.ts'
import { addDays, judgeEffect } from './rules.ts'
import type { RoundRow, Window } from './tables.ts'

/** What is counted of the last minutes settles before the window is read. */
const settles = 3_600_000
const mostWeeks = 80

const figureIn = async (ctx: Ctx, round: RoundRow, from: string, until: string): Promise<Window> =>
  windowOf(await figureOver(ctx, round.figure, { by: round.subjectBy, key: round.subjectKey }, from, until))

async function watchUntil(ctx: Ctx, id: string, round: number, afterUntil: string): Promise<void> {
  const { timezone } = await tenantCard(ctx)
  await ctx.at(new Date(startOfDay(timezone, afterUntil).getTime() + settles), windowOver, { id, clock: 'window' }, { round })
}

/** The actions are done: from tomorrow, or after the days to settle, the figure is watched. */
export async function beginCheck(ctx: Ctx, id: string): Promise<Finding> {
  const finding = await standing(ctx, id, 'check')
  const round = found(await roundOf(ctx, id, finding.round), 'finding', id)
  const { timezone } = await tenantCard(ctx)
  const afterFrom = addDays(dateIn(timezone, ctx.now), 1 + round.settleDays)
  const afterUntil = addDays(afterFrom, round.afterDays)
  await ctx.db.updateTable('improvement.round').set({ afterFrom, afterUntil, latest: null }).where('id', '=', round.id).execute()
  await written(ctx, id, { stage: 'checking' })
  await ctx.emit(checkBegun, { id }, { ...about(finding), afterFrom, afterUntil })
  await watchUntil(ctx, id, finding.round, afterUntil)
  return findingWritten(ctx, id)
}

/** The timer says the window is over; the row decides. */
export async function measureWhenOver(ctx: Ctx, id: string, number: number): Promise<void> {
  const finding = await lockFinding(ctx, id)
  if (finding.stage !== 'checking' || finding.round !== number) return
  const round = found(await roundOf(ctx, id, number), 'finding', id)
  if (!(await isOver(ctx, round))) return watchUntil(ctx, id, number, round.afterUntil ?? dateIn('UTC', ctx.now))
  await measure(ctx, finding, round)
}

export async function measureFinding(ctx: Ctx, id: string): Promise<Finding> {
  const finding = await standing(ctx, id, 'measure')
  const round = found(await roundOf(ctx, id, finding.round), 'finding', id)
  // Looking again and again until chance helps is not a test: the declared window must be over.
  if (!(await isOver(ctx, round))) throw new Refusal('conflict', 'finding.window_open', { until: round.afterUntil ?? '' })
  await measure(ctx, finding, round)
  return findingWritten(ctx, id)
}

async function isOver(ctx: Ctx, round: RoundRow): Promise<boolean> {
  const { timezone } = await tenantCard(ctx)
  return round.afterUntil !== null && startOfDay(timezone, round.afterUntil) <= ctx.now
}

async function measure(ctx: Ctx, finding: Kept, round: RoundRow): Promise<void> {
  if (round.afterFrom === null || round.afterUntil === null) throw new Error('a check without a window')
  const [before, after] = [
    await figureIn(ctx, round, round.beforeFrom, round.beforeUntil),
    await figureIn(ctx, round, round.afterFrom, round.afterUntil),
  ]
  const judgement = judgeEffect(declaredFigure(round.figure), round, before, after)
  await ctx.db
    .insertInto('improvement.effect')
    .values({
      id: newId(),
      findingId: finding.id,
      round: finding.round,
      figureVersion: after.version,
      before: JSON.stringify(before),
      after: JSON.stringify(after),
      ...judgement,
      at: ctx.now,
    })
    .execute()
  await ctx.db
    .updateTable('improvement.round')
    .set({ latest: JSON.stringify(after) })
    .where('id', '=', round.id)
    .execute()
  await written(ctx, finding.id, { stage: 'checked' })
  await ctx.emit(effectMeasured, { id: finding.id }, { ...about(finding), verdict: judgement.verdict, p: judgement.p })
  await ctx.at(null, windowOver, { id: finding.id, clock: 'window' }, { round: finding.round })
}

type Decision = z.output<typeof improvements.decide.body>

/** The test proposes, people decide. Effective against the test: by somebody who may, neither owns it nor declared what is expected, with a reason, and the audit knows. */
export async function decideFinding(ctx: Ctx, id: string, { verdict, reason, days }: Decision): Promise<Finding> {
  const finding = await standing(ctx, id, 'decide')
  const round = found(await roundOf(ctx, id, finding.round), 'finding', id)
  const effect = await ctx.db
    .selectFrom('improvement.effect')
    .select('verdict')
    .where('findingId', '=', id)
    .where('round', '=', finding.round)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const overridden = isAgainst(verdict, effect.verdict)
  if (overridden) checkOverride(ctx, finding, round, reason)
  await ctx.emit(findingDecided, { id }, { ...about(finding), verdict, test: effect.verdict, overridden, reason })
  if (verdict === 'undecided') return watchLonger(ctx, finding, round, days)
  await ctx.db
    .updateTable('improvement.round')
    .set({ verdict, overridden, decidedBy: actorId(ctx.actor), decidedAt: ctx.now, reason })
    .where('id', '=', round.id)
    .execute()
  if (verdict === 'effective') await written(ctx, id, { stage: 'acting' })
  else await againAt(ctx, finding, reason)
  return findingWritten(ctx, id)
}

/** To give up or to watch longer is modest; to call effective what is not proven, or a proven effect none, goes against the test. */
const isAgainst = (verdict: Decision['verdict'], test: Effect['verdict']): boolean =>
  verdict === 'effective' ? test !== 'effective' : verdict === 'not_effective' && test === 'effective'

function checkOverride(ctx: Ctx, finding: Kept, round: RoundRow, reason: string): void {
  if (scopeOf(ctx.actor, 'improvement:decide') === null) throw new Refusal('forbidden', 'finding.may_not_override')
  if ([finding.ownerId, round.declaredBy].includes(actorId(ctx.actor))) throw new Refusal('forbidden', 'finding.own_override')
  if (reason === '') throw new Refusal('invalid', 'finding.override_reason')
}

async function watchLonger(ctx: Ctx, finding: Kept, round: RoundRow, days: number): Promise<Finding> {
  const { timezone } = await tenantCard(ctx)
  const today = dateIn(timezone, ctx.now)
  const last = round.afterUntil ?? today
  const afterUntil = addDays(last > today ? last : today, days)
  await ctx.db.updateTable('improvement.round').set({ afterUntil }).where('id', '=', round.id).execute()
  await written(ctx, finding.id, { stage: 'checking' })
  await watchUntil(ctx, finding.id, finding.round, afterUntil)
  return findingWritten(ctx, finding.id)
}

/** How the figures of rounds under way stand today, for boards. */
export async function lookAtRounds(ctx: Ctx): Promise<void> {
  const { timezone } = await tenantCard(ctx)
  const today = dateIn(timezone, ctx.now)
  const { rows } = await sql<{
    id: string
    findingId: string
    number: number
  }>`select r.id, r.finding_id as "findingId", r.number from improvement.round r
    join improvement.finding f on f.tenant_id = ${ctx.tenantId} and f.id = r.finding_id and f.round = r.number and f.stage in ('doing', 'checking')
    where r.tenant_id = ${ctx.tenantId} and r.begun_at is not null and r.verdict is null order by r.id limit 500`.execute(ctx.db)
  for (const row of rows) {
    const round = await roundOf(ctx, row.findingId, row.number)
    if (!round?.begunAt) continue
    const from = round.afterFrom !== null && round.afterFrom < today ? round.afterFrom : dateIn(timezone, round.begunAt)
    const until = addDays(today, 1)
    const latest = await figureIn(ctx, round, from, until)
    await ctx.db
      .updateTable('improvement.round')
      .set({ latest: JSON.stringify(latest) })
      .where('id', '=', round.id)
      .execute()
  }
}

/** Week by week, from the window before until the window after is over, or today. */
export async function courseOf(ctx: Ctx, id: string): Promise<Window[]> {
  const finding = await findingById(ctx, id)
  const round = await roundOf(ctx, id, finding.round)
  if (!round) return []
  const { timezone } = await tenantCard(ctx)
  const tomorrow = addDays(dateIn(timezone, ctx.now), 1)
  const last = round.afterUntil !== null && round.afterUntil < tomorrow ? round.afterUntil : tomorrow
  const weeks: Window[] = []
  // Back from the end, so that what is left over is an old week and not the newest.
  for (let until = last; until > round.beforeFrom && weeks.length < mostWeeks; until = addDays(until, -7))
    weeks.push(await figureIn(ctx, round, addDays(until, -7), until))
  return weeks.reverse()
}
