import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Opportunity, OpportunityStep, opportunities } from '#contract/sales.ts'
import { customersFound, shownTo, showsOf } from '#domains/customers/index.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { familiesOf, ofFamily } from '#kernel/family.ts'
import { fed, xid } from '#kernel/feed.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigramQuery } from '#kernel/search.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'

/** Own: mine or opened by me. Team and department: also those of my people, and those nobody owns. */
export function visibleOpportunities(
  ctx: Ctx,
  permission: Permission = 'opportunity:read',
  from: 'sales.opportunity' | 'sales.searchable' = 'sales.opportunity',
) {
  const rows = ctx.db.selectFrom(`${from} as o`)
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const own = sql`o.owner_id = ${actor.id} or o.opened_by_id = ${actor.id}`
  if (scope === 'own') return rows.where(sql<boolean>`(${own})`)
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return rows.where(
    sql<boolean>`(${own} or o.owner_id is null or o.owner_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

export const described = (ctx: Ctx) =>
  [
    'o.id',
    'o.extId',
    'o.title',
    'o.source',
    'o.sourceNote',
    'o.value',
    'o.ownerId',
    sql<string | null>`to_char(o.expected_on, 'YYYY-MM-DD')`.as('expectedOn'),
    'o.note',
    'o.name',
    'o.phone',
    'o.email',
    'o.customerId',
    'o.stageId',
    'o.state',
    'o.currency',
    'o.interactionId',
    'o.lostReason',
    'o.openedAt',
    'o.changedAt',
    'o.closedAt',
    'o.convertedAt',
    'o.version',
    sql<string>`coalesce((select c.name from customers.fact_family f join customers.fact_customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.kept_id
      where f.tenant_id = ${ctx.tenantId} and f.id = o.customer_id), o.name)`.as('whoName'),
    sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = o.owner_id)`.as(
      'ownerName',
    ),
  ] as const
export const selectOpportunities = (ctx: Ctx, permission?: Permission) => visibleOpportunities(ctx, permission).select(described(ctx))

type Query = z.output<typeof opportunities.list.query>
const orders: Record<NonNullable<Query['sort']>, Turn> = {
  '-changed': turn('time', sql`o.changed_at`, sql`o.id`, true),
  changed: turn('time', sql`o.changed_at`, sql`o.id`),
  expected: turn('day', sql`coalesce(o.expected_on, date '9999-12-31')`, sql`o.id`),
  '-expected': turn('day', sql`coalesce(o.expected_on, date '9999-12-31')`, sql`o.id`, true),
  '-opened': turn('time', sql`o.opened_at`, sql`o.id`, true),
  opened: turn('time', sql`o.opened_at`, sql`o.id`),
}

function matching<R extends { where: (condition: RawBuilder<boolean>) => R }>(ctx: Ctx, query: Partial<Query>, all: R): R {
  const { state, stageId, ownerId, customerId, interactionId, source } = query
  let rows = all
  if (state) rows = rows.where(sql<boolean>`o.state = ${state}`)
  if (stageId) rows = rows.where(sql<boolean>`o.stage_id = ${stageId}`)
  if (ownerId) rows = rows.where(sql<boolean>`o.owner_id = ${ownerId}`)
  if (customerId) rows = rows.where(ofFamily(ctx, sql`o.customer_id`, customerId))
  if (interactionId) rows = rows.where(sql<boolean>`o.interaction_id = ${interactionId}`)
  if (source) rows = rows.where(sql<boolean>`o.source = ${source}`)
  return rows
}

export const countable = (ctx: Ctx, query: Partial<Query>) => matching(ctx, query, visibleOpportunities(ctx).select('o.id'))

export async function listOpportunities(ctx: Ctx, query: Query): Promise<Page<Opportunity>> {
  const size = query.size ?? 50
  const words = query.q ? bigramQuery(query.q) : null
  const whose = query.q ? (await familiesOf(ctx, await customersFound(ctx, query.q))).map(row => row.id) : []
  if (query.q && words === null && whose.length === 0) return { rows: [], next: null }
  const { key, order, after } = sortedBy(orders[query.sort ?? '-changed'], query.after)
  let rows = matching(ctx, query, visibleOpportunities(ctx, 'opportunity:read', query.q ? 'sales.searchable' : 'sales.opportunity'))
    .select(described(ctx))
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
  if (query.q)
    rows = rows.where(
      whose.length === 0
        ? sql<boolean>`o.search @@ ${words}::tsquery`
        : sql<boolean>`(o.search @@ ${words}::tsquery or o.customer_id = any(${whose}::uuid[]))`,
    )
  const page = pageRows(await rows.execute(), size, sortKeyOf)
  const shows = await showsOf(ctx)
  return { rows: page.rows.map(row => shownTo(shows, unkeyed(row))), next: page.next }
}

export async function opportunityById(ctx: Ctx, id: string): Promise<Opportunity> {
  return shownTo(await showsOf(ctx), found(await selectOpportunities(ctx).where('o.id', '=', id).executeTakeFirst(), 'opportunity', id))
}

export async function courseOf(ctx: Ctx, id: string): Promise<z.output<typeof OpportunityStep>[]> {
  found(await visibleOpportunities(ctx).select('o.id').where('o.id', '=', id).executeTakeFirst(), 'opportunity', id)
  return ctx.db
    .selectFrom('sales.step')
    .select(['id', 'fromId', 'toId', 'at', 'byName', 'note'])
    .where('opportunityId', '=', id)
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
}

/** Open ones at each stage, and those closed since the organisation’s first of January. */
export async function sums(ctx: Ctx, { ownerId }: z.output<typeof opportunities.sums.query>) {
  const { timezone } = await tenantCard(ctx)
  const newYear = startOfDay(timezone, `${dateIn(timezone, ctx.now).slice(0, 4)}-01-01`)
  let rows = visibleOpportunities(ctx)
    .innerJoin('sales.stage as s', 's.id', 'o.stageId')
    .select([
      'o.stageId',
      sql<number>`count(*)::int`.as('count'),
      sql<number>`coalesce(sum(o.value), 0)::bigint`.as('value'),
      sql<number>`coalesce(round(sum(o.value * s.chance / 100.0)), 0)::bigint`.as('weighted'),
    ])
    .where(sql<boolean>`(o.closed_at is null or o.closed_at >= ${newYear})`)
    .groupBy('o.stageId')
  if (ownerId) rows = rows.where('o.ownerId', '=', ownerId)
  return rows.execute()
}

export async function opportunitiesChanged(ctx: Ctx, query: z.output<typeof opportunities.changes.query>) {
  // Which have left what one sees could not be told to whoever sees only some.
  if (scopeOf(ctx.actor, 'opportunity:read') !== 'all') throw new Refusal('forbidden', 'opportunity.feed_sees_all')
  const shows = await showsOf(ctx)
  return fed<Opportunity>(
    ctx,
    query,
    ['sales.opportunity'],
    [
      async (next, limit) =>
        (
          await ctx.db
            .selectFrom('sales.opportunity as o')
            .select([...described(ctx), xid])
            .where(next)
            .orderBy('o.changedXid')
            .orderBy('o.id')
            .limit(limit)
            .execute()
        ).map(({ xid, ...row }) => ({ xid, row: shownTo(shows, row) })),
    ],
  )
}
