import { sql } from 'kysely'
import type { DeclaredFigure } from '#contract/insight.ts'
import type { AttainmentState } from '#contract/standards.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { declaredFigure, figureOver } from '#domains/insight/index.ts'
import { openTask } from '#domains/tasks/index.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { standardEndangered, standardJudged, standardMissed } from './events.ts'
import { daysBetween, intervalOf, isEndangered, judged, periodsFrom } from './rules.ts'
import type { AttainmentRow, VersionRow } from './tables.ts'

const hour = 3_600_000
/** What is counted of the last minutes settles before a period is judged. */
const settles = hour
/** So long an owner has to say what follows from a missed period. */
const answerDays = 5

type Due = VersionRow & { name: string; ownerId: string | null; retired: boolean }
type Kept = Pick<AttainmentRow, 'id' | 'fromDay' | 'state' | 'value' | 'endangeredAt' | 'computedAt'>

/** By the clock: every standard whose running period was computed too long ago, or is over. A long period costs more and moves less. */
export async function attainAll(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{ id: string }>`select s.id from improvement.standard s where s.tenant_id = ${ctx.tenantId} and not s.retired
    and exists (select 1 from improvement.standard_version v where v.tenant_id = ${ctx.tenantId} and v.standard_id = s.id) order by s.id`.execute(
    ctx.db,
  )
  for (const { id } of rows) await attain(ctx, id, true)
}

/** Judges every period of the standard that is over and computes the one under way. Whoever holds the standard's row computes. */
export async function attain(ctx: Ctx, standardId: string, sparing = false): Promise<void> {
  const { rows: versions } =
    await sql<Due>`select v.id, v.standard_id as "standardId", v.number, v.figure, v.figure_version as "figureVersion", v.subject_by as "subjectBy",
      v.subject_key as "subjectKey", v.target, v.tolerance, v.period, v.least_cases as "leastCases", v.from_day as "fromDay", v.until_day as "untilDay", v.set_by as "setBy", v.set_at as "setAt",
      s.name, s.owner_id as "ownerId", s.retired
    from improvement.standard s join improvement.standard_version v on v.tenant_id = ${ctx.tenantId} and v.standard_id = s.id
    where s.tenant_id = ${ctx.tenantId} and s.id = ${standardId} order by v.number for update of s`.execute(ctx.db)
  const { timezone } = await tenantCard(ctx)
  for (const version of versions) if (!version.retired) await attainVersion(ctx, version, timezone, sparing)
}

async function attainVersion(ctx: Ctx, version: Due, timezone: string, sparing: boolean): Promise<void> {
  const today = dateIn(timezone, ctx.now)
  const definition = declaredFigure(version.figure)
  const kept: Kept[] = await ctx.db
    .selectFrom('improvement.attainment')
    .select(['id', 'fromDay', 'state', 'value', 'endangeredAt', 'computedAt'])
    .where('versionId', '=', version.id)
    .orderBy('fromDay', 'desc')
    .limit(70)
    .execute()
  const periods = periodsFrom(version.period, version.fromDay, version.untilDay, today)
  for (const [from, until] of periods) {
    const known = kept.find(a => a.fromDay === from)
    if (known && known.state !== 'running') continue
    const over = ctx.now.getTime() >= startOfDay(timezone, until).getTime() + settles
    const rests = Math.min(24, daysBetween(from, until)) * hour
    if (sparing && !over && known && ctx.now.getTime() - known.computedAt.getTime() < rests - 60_000) continue
    const past = kept.flatMap(a => (a.state !== 'running' && a.fromDay < from && a.value !== null ? [a.value] : [])).slice(0, 6)
    await attainPeriod(ctx, { version, definition, timezone, known, from, until, over, past })
  }
}

type One = {
  version: Due
  definition: DeclaredFigure
  timezone: string
  known: Kept | undefined
  from: string
  until: string
  over: boolean
  past: number[]
}

async function attainPeriod(ctx: Ctx, { version, definition, timezone, known, from, until, over, past }: One): Promise<void> {
  const measured = await figureOver(ctx, version.figure, { by: version.subjectBy, key: version.subjectKey }, from, until)
  const interval = intervalOf(definition.measure, measured)
  const { value, numerator, n, variance } = measured
  const state: AttainmentState = over ? judged(definition.better, version, measured) : 'running'
  const gone =
    (ctx.now.getTime() - startOfDay(timezone, from).getTime()) /
    (startOfDay(timezone, until).getTime() - startOfDay(timezone, from).getTime())
  const endangered = !over && isEndangered(definition, version, measured, gone, past)
  const warns = endangered && !known?.endangeredAt
  const about = { name: version.name, figure: version.figure, target: version.target, value, n, fromDay: from, untilDay: until }
  const alarms = state === 'missed' && isLast(ctx, timezone, until, version)
  const taskId = alarms && version.ownerId !== null ? await answerable(ctx, version, about) : null
  const row = {
    value,
    numerator,
    n,
    variance,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    state,
    endangeredAt: over || endangered ? (known?.endangeredAt ?? (endangered ? ctx.now : null)) : null,
    taskId,
    computedAt: ctx.now,
  }
  await ctx.db
    .insertInto('improvement.attainment')
    .values({ id: known?.id ?? newId(), standardId: version.standardId, versionId: version.id, fromDay: from, untilDay: until, ...row })
    .onConflict(c => c.columns(['versionId', 'fromDay']).doUpdateSet(row))
    .execute()
  const id = version.standardId
  if (warns) await ctx.emit(standardEndangered, { id }, { ...about, ownerId: version.ownerId })
  if (state === 'running') return
  await ctx.emit(standardJudged, { id }, { ...about, state })
  if (alarms) await ctx.emit(standardMissed, { id }, { ...about, ownerId: version.ownerId, taskId })
}

/** Only of the period that ended last somebody is asked what follows: a standard may begin in the past. */
function isLast(ctx: Ctx, timezone: string, until: string, version: Due): boolean {
  const [running] = periodsFrom(version.period, '2000-01-01', null, dateIn(timezone, ctx.now), 1)
  return running?.[0] === until || running?.[1] === until
}

async function answerable(ctx: Ctx, version: Due, about: { value: number | null; target: number; fromDay: string; untilDay: string }) {
  const task = await openTask(ctx, {
    kind: 'standard',
    title: `标准未达成：${version.name}`,
    text: '',
    matter: { noun: 'standard', id: version.standardId },
    customerId: null,
    ownerId: version.ownerId,
    departmentId: null,
    dueAt: new Date(ctx.now.getTime() + answerDays * 24 * hour),
    facts: {
      titleEn: `Standard missed: ${version.name}`,
      value: about.value,
      target: about.target,
      figure: version.figure,
      fromDay: about.fromDay,
      untilDay: about.untilDay,
    },
  })
  return task.id
}
