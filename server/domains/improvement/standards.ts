import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Attainment, Measure, Standard, standards, Version } from '#contract/standards.ts'
import { personName, tenantCard } from '#domains/identity/index.ts'
import { checkSubject, declaredFigure, namesOfSubjects } from '#domains/insight/index.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { dateIn } from '#kernel/calendar.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { attain } from './attaining.ts'
import { standardAdded, standardChanged, standardMeasured } from './events.ts'
import type { AttainmentRow, VersionRow } from './tables.ts'

/** A standard is everybody's to read; where it measures single people or a team, theirs who may see these people's figures, and its owner's. */
function visibleStandards(ctx: Ctx) {
  const rows = ctx.db.selectFrom('improvement.standard as s')
  const scope = scopeOf(ctx.actor, 'improvement:read')
  if (scope === 'all') return rows
  const { actor, tenantId } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const person =
    scope === 'own'
      ? sql`v.subject_key = ${actor.id}`
      : sql`v.subject_key in (select p.id::text from identity.fact_person p where p.tenant_id = ${tenantId} and ${scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`})`
  const team =
    scope === 'department'
      ? sql`v.subject_key in (select t.id::text from identity.fact_team t where t.tenant_id = ${tenantId} and t.department_id = ${actor.departmentId})`
      : sql`v.subject_key = ${actor.teamId}`
  return rows.where(
    sql<boolean>`(s.owner_id = ${actor.id} or not exists (select 1 from improvement.standard_version v where v.tenant_id = ${tenantId} and v.standard_id = s.id and v.until_day is null
      and ((v.subject_by = 'agent' and not (${person})) or (v.subject_by = 'team' and not (${team})))))`,
  )
}

const selected = (ctx: Ctx) =>
  visibleStandards(ctx).select([
    's.id',
    's.name',
    's.nameEn',
    's.goalId',
    's.kind',
    's.text',
    's.source',
    's.ownerId',
    's.retired',
    sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = s.owner_id)`.as(
      'ownerName',
    ),
  ])
type Kept = Awaited<ReturnType<ReturnType<typeof selected>['executeTakeFirstOrThrow']>>

const shownAttainment = ({ standardId: _, numerator: __, variance: ___, ...row }: AttainmentRow): Attainment => row
const attainmentColumns = [
  'id',
  'standardId',
  'versionId',
  'fromDay',
  'untilDay',
  'value',
  'numerator',
  'n',
  'variance',
  'low',
  'high',
  'state',
  'endangeredAt',
  'taskId',
  'computedAt',
] as const
const versionColumns = [
  'id',
  'standardId',
  'number',
  'figure',
  'figureVersion',
  'subjectBy',
  'subjectKey',
  'target',
  'tolerance',
  'period',
  'leastCases',
  'fromDay',
  'untilDay',
  'setBy',
  'setAt',
] as const

async function shownVersions(ctx: Ctx, rows: readonly VersionRow[]): Promise<Version[]> {
  const nameOf = await namesOfSubjects(
    ctx,
    rows.map(v => ({ by: v.subjectBy, key: v.subjectKey })),
  )
  return rows.map(({ standardId: _, subjectBy, subjectKey, setBy, ...v }) => ({
    ...v,
    setById: setBy,
    subject: nameOf({ by: subjectBy, key: subjectKey }),
  }))
}

/** With how each is measured now, the period under way and the last twelve: three statements however many standards. */
async function whole(ctx: Ctx, rows: readonly Kept[]): Promise<Standard[]> {
  const ids = rows.map(s => s.id)
  if (ids.length === 0) return []
  const current = await ctx.db
    .selectFrom('improvement.standardVersion')
    .select(versionColumns)
    .where('standardId', 'in', ids)
    .where('untilDay', 'is', null)
    .execute()
  const versions = await shownVersions(ctx, current)
  const { rows: kept } = await sql<AttainmentRow>`select a.* from unnest(${ids}::uuid[]) s (id) cross join lateral (
      select ${sql.join(attainmentColumns.map(c => sql.ref(`x.${c}`)))} from improvement.attainment x where x.tenant_id = ${ctx.tenantId} and x.standard_id = s.id
      order by x.from_day desc, x.id desc limit 13) a`.execute(ctx.db)
  return rows.map(s => {
    const version = versions.find((_, i) => current[i]?.standardId === s.id) ?? null
    const own = kept.filter(a => a.standardId === s.id).map(shownAttainment)
    return {
      ...s,
      version,
      running: own.find(a => a.state === 'running' && a.versionId === version?.id) ?? null,
      past: own
        .filter(a => a.state !== 'running')
        .slice(0, 12)
        .reverse(),
    }
  })
}

export async function listStandards(ctx: Ctx, query: z.output<typeof standards.list.query>): Promise<Page<Standard>> {
  const size = query.size ?? 50
  const { key, order, after } = sortedBy(
    query.sort === 'name' || query.sort === '-name'
      ? turn('text', sql`(s.name collate kernel.zh)`, sql`s.id`, query.sort === '-name')
      : turn('id', sql`s.id`, sql`s.id`),
    query.after,
  )
  const rows = await matching(query, selected(ctx))
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
    .execute()
  const page = pageRows(rows, size, sortKeyOf)
  return { rows: await whole(ctx, page.rows.map(unkeyed)), next: page.next }
}

function matching<R extends { where: (condition: RawBuilder<boolean>) => R }>(
  { retired, goalId }: Partial<z.output<typeof standards.list.query>>,
  all: R,
): R {
  const rows = retired === 'true' ? all : all.where(sql<boolean>`not s.retired`)
  return goalId ? rows.where(sql<boolean>`s.goal_id = ${goalId}`) : rows
}

/** The ids behind a query, for whoever counts them. */
export const countable = (ctx: Ctx, query: Partial<z.output<typeof standards.list.query>>) =>
  matching(query, visibleStandards(ctx).select('s.id'))

export async function standardById(ctx: Ctx, id: string): Promise<Standard> {
  const [standard] = await whole(ctx, [found(await selected(ctx).where('s.id', '=', id).executeTakeFirst(), 'standard', id)])
  return found(standard, 'standard', id)
}

export async function versionsOf(ctx: Ctx, id: string): Promise<Version[]> {
  await standardById(ctx, id)
  return shownVersions(
    ctx,
    await ctx.db
      .selectFrom('improvement.standardVersion')
      .select(versionColumns)
      .where('standardId', '=', id)
      .orderBy('number', 'desc')
      .limit(100)
      .execute(),
  )
}

export async function attainmentsOf(
  ctx: Ctx,
  id: string,
  query: Omit<z.output<typeof standards.attainments.query>, 'standardId'>,
): Promise<Page<Attainment>> {
  await standardById(ctx, id)
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.date(), z.uuid()]))
  let rows = ctx.db
    .selectFrom('improvement.attainment')
    .select(attainmentColumns)
    .where('standardId', '=', id)
    .orderBy('fromDay', 'desc')
    .orderBy('id', 'desc')
    .limit(size + 1)
  if (after) rows = rows.where(sql<boolean>`(from_day, id) < (${after[0]}::date, ${after[1]}::uuid)`)
  const page = pageRows(await rows.execute(), size, a => [a.fromDay, a.id])
  return { rows: page.rows.map(shownAttainment), next: page.next }
}

const lockStandard = async (ctx: Ctx, id: string) =>
  found(await selected(ctx).where('s.id', '=', id).forUpdate('s').executeTakeFirst(), 'standard', id)

async function checkLinks(ctx: Ctx, { ownerId, goalId }: { ownerId?: string | null | undefined; goalId?: string | null | undefined }) {
  if (ownerId) found(await personName(ctx, ownerId), 'person', ownerId)
  if (goalId) {
    const { rows } = await sql`select 1 from improvement.goal where tenant_id = ${ctx.tenantId} and id = ${goalId}`.execute(ctx.db)
    found(rows[0], 'goal', goalId)
  }
}

export async function addStandard(ctx: Ctx, { measure, ...words }: z.output<typeof standards.add.body>): Promise<Standard> {
  await checkLinks(ctx, words)
  const id = newId()
  await ctx.db
    .insertInto('improvement.standard')
    .values({ id, ...words })
    .execute()
  await ctx.emit(standardAdded, { id }, { name: words.name })
  if (measure) await setMeasure(ctx, { id, name: words.name }, measure)
  return standardById(ctx, id)
}

export async function changeStandard(ctx: Ctx, id: string, change: z.output<typeof standards.change.body>): Promise<Standard> {
  const before = await lockStandard(ctx, id)
  await checkLinks(ctx, change)
  const after = {
    name: change.name ?? before.name,
    nameEn: change.nameEn ?? before.nameEn,
    goalId: change.goalId === undefined ? before.goalId : change.goalId,
    kind: change.kind ?? before.kind,
    text: change.text ?? before.text,
    source: change.source ?? before.source,
    ownerId: change.ownerId === undefined ? before.ownerId : change.ownerId,
  }
  const changes = differenceOf(before, after, Object.keys(after))
  if (Object.keys(changes).length > 0) {
    await ctx.db.updateTable('improvement.standard').set(after).where('id', '=', id).execute()
    await ctx.emit(standardChanged, { id }, { name: after.name, changes })
  }
  return standardById(ctx, id)
}

export async function retireStandard(ctx: Ctx, id: string, retired: boolean): Promise<Standard> {
  const { name, retired: was } = await lockStandard(ctx, id)
  if (was !== retired) {
    await ctx.db.updateTable('improvement.standard').set({ retired }).where('id', '=', id).execute()
    await ctx.emit(standardChanged, { id }, { name, changes: differenceOf({ retired: was }, { retired }) })
  }
  return standardById(ctx, id)
}

/** A new version: periods that begin before it stay with the one they were begun under. */
export async function measureStandard(ctx: Ctx, id: string, measure: z.output<typeof Measure>): Promise<Standard> {
  await setMeasure(ctx, await lockStandard(ctx, id), measure)
  return standardById(ctx, id)
}

async function setMeasure(ctx: Ctx, { id, name }: { id: string; name: string }, { subject, ...measure }: z.output<typeof Measure>) {
  await checkSubject(ctx, measure.figure, subject)
  const definition = declaredFigure(measure.figure)
  if (definition.measure === 'proportion' && (measure.target < 0 || measure.target > 1))
    throw new Refusal('invalid', 'standard.not_a_share')
  const last = await ctx.db
    .selectFrom('improvement.standardVersion')
    .select(['id', 'number', 'fromDay'])
    .where('standardId', '=', id)
    .orderBy('number', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  if (last) {
    const { timezone } = await tenantCard(ctx)
    if (measure.fromDay <= last.fromDay || measure.fromDay < dateIn(timezone, ctx.now))
      throw new Refusal('conflict', 'standard.version_in_the_past')
    await ctx.db.updateTable('improvement.standardVersion').set({ untilDay: measure.fromDay }).where('id', '=', last.id).execute()
  }
  const number = (last?.number ?? 0) + 1
  await ctx.db
    .insertInto('improvement.standardVersion')
    .values({
      id: newId(),
      standardId: id,
      number,
      ...measure,
      figureVersion: definition.version,
      subjectBy: subject.by,
      subjectKey: subject.by === 'centre' ? '' : subject.key,
      untilDay: null,
      setBy: actorId(ctx.actor),
      setAt: ctx.now,
    })
    .execute()
  const { figure, target, fromDay } = measure
  await ctx.emit(standardMeasured, { id }, { name, number, figure, target, fromDay })
  await attain(ctx, id)
}

/** On demand, whoever may read it: what is under way is computed again, what is over and not yet judged is judged. */
export async function computeStandard(ctx: Ctx, id: string): Promise<Standard> {
  await standardById(ctx, id)
  await attain(ctx, id)
  return standardById(ctx, id)
}
