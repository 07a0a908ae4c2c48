import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Action, Card, Effect, Finding, improvements, LinkNoun, Round, SourceNoun } from '#contract/improvement.ts'
import { namesOfSubjects } from '#domains/insight/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { eventsAbout } from '#kernel/events.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import type { EffectRow, RoundRow } from './tables.ts'

/** Own: mine or opened by me. Team and department: also those of my people, and those nobody owns. */
export function visibleFindings(ctx: Ctx, permission: Permission = 'improvement:read') {
  const rows = ctx.db.selectFrom('improvement.finding as f')
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const own = sql`f.owner_id = ${actor.id} or f.opened_by_id = ${actor.id}`
  if (scope === 'own') return rows.where(sql<boolean>`(${own})`)
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return rows.where(
    sql<boolean>`(${own} or f.owner_id is null or f.owner_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

const nameIn = (ctx: Ctx, column: string) =>
  sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = ${sql.ref(column)})`
/** Of this round: where tasks live they are counted. */
const actionsIn = (ctx: Ctx) =>
  sql<{ done: number; all: number }>`(select json_build_object('all', count(*), 'done', count(t.done_at)) from improvement.action a
    join tasks.fact_task t on t.tenant_id = ${ctx.tenantId} and t.id = a.id
    where a.tenant_id = ${ctx.tenantId} and a.finding_id = f.id and a.round = f.round)`

const described = (ctx: Ctx) =>
  [
    'f.id',
    'f.title',
    'f.text',
    'f.stage',
    'f.board',
    'f.round',
    'f.sourceNoun',
    'f.sourceId',
    'f.sourceFacts',
    'f.ownerId',
    'f.openedById',
    'f.openedAt',
    'f.dueAt',
    'f.dueKey',
    'f.late',
    'f.changedAt',
    'f.closedAt',
    'f.outcome',
    nameIn(ctx, 'f.owner_id').as('ownerName'),
    actionsIn(ctx).as('actions'),
  ] as const
export const selectFindings = (ctx: Ctx, permission: Permission = 'improvement:read') =>
  visibleFindings(ctx, permission).select(described(ctx))
export type Kept = Awaited<ReturnType<ReturnType<typeof selectFindings>['executeTakeFirstOrThrow']>>

export const lockFinding = async (ctx: Ctx, id: string, permission: Permission = 'improvement:write'): Promise<Kept> =>
  found(await selectFindings(ctx, permission).where('f.id', '=', id).forUpdate('f').executeTakeFirst(), 'finding', id)

export const roundOf = (ctx: Ctx, findingId: string, number: number): Promise<RoundRow | undefined> =>
  ctx.db
    .selectFrom('improvement.round')
    .selectAll()
    .where('findingId', '=', findingId)
    .where('number', '=', number)
    .executeTakeFirst() as Promise<RoundRow | undefined>

type Late = Kept & { late: boolean }
const isLate = (f: Kept, now: Date) => f.late || (f.closedAt === null && f.dueAt !== null && f.dueAt < now)

async function cards(ctx: Ctx, rows: readonly Kept[]): Promise<Card[]> {
  const ids = rows.map(f => f.id)
  if (ids.length === 0) return []
  const rounds = await ctx.db
    .selectFrom('improvement.round as r')
    .innerJoin('improvement.finding as f', j => j.onRef('f.id', '=', 'r.findingId').onRef('f.round', '=', 'r.number'))
    .select([
      'r.findingId',
      'r.figure',
      'r.subjectBy',
      'r.subjectKey',
      'r.expected',
      'r.baseline',
      'r.latest',
      'r.afterUntil',
      sql<Effect['verdict'] | null>`coalesce(r.verdict, (select e.verdict from improvement.effect e
        where e.tenant_id = ${ctx.tenantId} and e.finding_id = r.finding_id and e.round = r.number order by e.id desc limit 1))`.as(
        'verdict',
      ),
    ])
    .where('r.findingId', 'in', ids)
    .execute()
  const nameOf = await namesOfSubjects(
    ctx,
    rounds.map(r => ({ by: r.subjectBy, key: r.subjectKey })),
  )
  return rows.map(f => {
    const r = rounds.find(one => one.findingId === f.id)
    const { text: _, sourceNoun, sourceId, sourceFacts, dueKey: __, ...rest }: Late = { ...f, late: isLate(f, ctx.now) }
    return {
      ...rest,
      source: { noun: sourceNoun, id: sourceId, facts: sourceFacts },
      figure: r
        ? {
            figure: r.figure,
            subject: nameOf({ by: r.subjectBy, key: r.subjectKey }),
            before: r.baseline?.value ?? null,
            now: r.latest?.value ?? null,
            expected: r.expected,
            until: r.afterUntil,
            verdict: r.verdict,
          }
        : null,
    }
  })
}

/** Open ones by due time, what is due first; closed ones, the latest first. */
export async function listFindings(ctx: Ctx, query: z.output<typeof improvements.list.query>): Promise<Page<Card>> {
  const size = query.size ?? 50
  const { key, order, after } = sortedBy(orderOf(query), query.after)
  const rows = await matching(query, selectFindings(ctx))
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
    .execute()
  const page = pageRows(rows, size, sortKeyOf)
  return { rows: await cards(ctx, page.rows.map(unkeyed)), next: page.next }
}

type Query = z.output<typeof improvements.list.query>
function orderOf({ sort = 'due', board }: Query): Turn {
  if (sort !== 'due') return turn('time', sql`f.opened_at`, sql`f.id`, sort === '-opened')
  return board === 'closed' ? turn('time', sql`f.closed_at`, sql`f.id`, true) : turn('time', sql`f.due_key`, sql`f.id`)
}

function matching<R extends { where: (condition: RawBuilder<boolean>) => R }>(
  { ownerId, sourceId, board, stage, late }: Partial<Query>,
  all: R,
): R {
  let rows = all
  if (ownerId) rows = rows.where(sql<boolean>`f.owner_id = ${ownerId}`)
  if (sourceId) rows = rows.where(sql<boolean>`f.source_id = ${sourceId}`)
  if (stage) rows = rows.where(sql<boolean>`f.stage = ${stage}`)
  if (late) rows = rows.where(sql<boolean>`f.late`)
  if (board === 'closed') return rows.where(sql<boolean>`f.closed_at is not null`)
  // Everything that came of one source, closed or not.
  if (!sourceId) rows = rows.where(sql<boolean>`f.closed_at is null`)
  return board ? rows.where(sql<boolean>`f.board = ${board}`) : rows
}

/** The ids behind a query, for whoever counts them. */
export const countable = (ctx: Ctx, query: Partial<Query>) => matching(query, visibleFindings(ctx).select('f.id'))

const shownEffect = ({
  findingId: _,
  round: __,
  figureVersion: ___,
  ...effect
}: Omit<EffectRow, 'before' | 'after'> & Pick<Effect, 'before' | 'after'>): Effect => effect

export async function findingById(ctx: Ctx, id: string): Promise<Finding> {
  return wholeOf(ctx, found(await selectFindings(ctx).where('f.id', '=', id).executeTakeFirst(), 'finding', id))
}
/** As it stands, for those who have just written it and may have put it out of their own sight. */
export async function findingWritten(ctx: Ctx, id: string): Promise<Finding> {
  return wholeOf(
    ctx,
    await ctx.db.selectFrom('improvement.finding as f').select(described(ctx)).where('f.id', '=', id).executeTakeFirstOrThrow(),
  )
}

async function wholeOf(ctx: Ctx, finding: Kept): Promise<Finding> {
  const [[card], rounds, effects, tasks] = await Promise.all([
    cards(ctx, [finding]),
    ctx.db.selectFrom('improvement.round').selectAll().where('findingId', '=', finding.id).orderBy('number', 'desc').execute(),
    ctx.db.selectFrom('improvement.effect').selectAll().where('findingId', '=', finding.id).orderBy('id', 'desc').limit(50).execute(),
    actionsOf(ctx, finding.id),
  ])
  const nameOf = await namesOfSubjects(
    ctx,
    rounds.map(r => ({ by: r.subjectBy, key: r.subjectKey })),
  )
  return {
    ...found(card, 'finding', finding.id),
    text: finding.text,
    tasks,
    rounds: rounds.map(
      ({ findingId: _, subjectBy, subjectKey, declaredBy, decidedBy, ...round }): Round => ({
        ...round,
        subject: nameOf({ by: subjectBy, key: subjectKey }),
        declaredById: declaredBy,
        decidedById: decidedBy,
        effects: effects.filter(e => e.round === round.number).map(shownEffect),
      }),
    ),
  }
}

async function actionsOf(ctx: Ctx, findingId: string): Promise<Action[]> {
  const { rows } =
    await sql<Action>`select a.id, a.round, a.title, t.owner_id as "ownerId", p.name as "ownerName", t.due_at as "dueAt", t.done_at as "doneAt",
      (t.due_at is not null and coalesce(t.done_at, ${ctx.now}) > t.due_at) as late
    from improvement.action a join tasks.fact_task t on t.tenant_id = ${ctx.tenantId} and t.id = a.id
    left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = t.owner_id
    where a.tenant_id = ${ctx.tenantId} and a.finding_id = ${findingId} order by a.id`.execute(ctx.db)
  return rows
}

export async function timelineOf(ctx: Ctx, id: string) {
  await findingById(ctx, id)
  return eventsAbout(ctx, id)
}

/** Where what a finding comes from, or leads to, is known by. */
const known: Partial<Record<SourceNoun | LinkNoun, string>> = {
  standard: 'improvement.standard',
  ticket: 'tickets.fact_ticket',
  interaction: 'interactions.fact_interaction',
  document: 'documents.fact_document',
}
export async function stands(ctx: Ctx, noun: SourceNoun | LinkNoun, id: string | null): Promise<boolean> {
  if (id === null) return noun === 'idea' || noun === 'figure'
  const view = known[noun]
  if (view === undefined) return false
  const { rows } = await sql`select 1 from ${sql.table(view)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  return rows.length > 0
}
