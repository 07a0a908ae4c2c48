import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Need, NeedStep, needs } from '#contract/needs.ts'
import { countSeconds, patiently, segmentSql } from '#domains/customers/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { eventsAbout } from '#kernel/events.ts'
import { ofFamily } from '#kernel/family.ts'
import { fed, xid } from '#kernel/feed.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigramQuery } from '#kernel/search.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { needAnswered, needCaptured, needChanged, needMerged, needMoved, needParted } from './events.ts'

/** Own: mine or written down by me. Team and department: also those of my people and of my department. */
export function visibleNeeds(ctx: Ctx, permission: Permission = 'need:read', from: 'needs.need' | 'needs.searchable' = 'needs.need') {
  const rows = ctx.db.selectFrom(`${from} as n`)
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const own = sql`n.owner_id = ${actor.id} or n.opened_by_id = ${actor.id}`
  if (scope === 'own') return rows.where(sql<boolean>`(${own})`)
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return rows.where(
    sql<boolean>`(${own} or n.department_id = ${actor.departmentId} or n.owner_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

export const described = (ctx: Ctx) =>
  [
    'n.id',
    'n.extId',
    'n.title',
    'n.text',
    'n.templateId',
    'n.fields',
    'n.state',
    'n.departmentId',
    'n.ownerId',
    'n.voices',
    'n.mergedInto',
    'n.answer',
    'n.answeredAt',
    'n.openedAt',
    'n.changedAt',
    'n.version',
    sql<string | null>`(select d.name from identity.fact_department d where d.tenant_id = ${ctx.tenantId} and d.id = n.department_id)`.as(
      'departmentName',
    ),
    sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = n.owner_id)`.as(
      'ownerName',
    ),
  ] as const

type Query = z.output<typeof needs.list.query>
const orders: Record<NonNullable<Query['sort']>, Turn> = {
  '-voices': turn('int', sql`n.voices`, sql`n.id`, true),
  '-changed': turn('time', sql`n.changed_at`, sql`n.id`, true),
  changed: turn('time', sql`n.changed_at`, sql`n.id`),
  '-opened': turn('time', sql`n.opened_at`, sql`n.id`, true),
  opened: turn('time', sql`n.opened_at`, sql`n.id`),
}

function matching<R extends { where: (condition: RawBuilder<boolean>) => R }>(query: Partial<Query>, all: R): R {
  const { state, open, templateId, departmentId, ownerId } = query
  let rows = all.where(sql<boolean>`n.merged_into is null`)
  if (state) rows = rows.where(sql<boolean>`n.state = ${state}`)
  if (open !== undefined)
    rows = rows.where(open ? sql<boolean>`n.state not in ('done', 'declined')` : sql<boolean>`n.state in ('done', 'declined')`)
  if (templateId) rows = rows.where(sql<boolean>`n.template_id = ${templateId}`)
  if (departmentId) rows = rows.where(sql<boolean>`n.department_id = ${departmentId}`)
  if (ownerId) rows = rows.where(sql<boolean>`n.owner_id = ${ownerId}`)
  return rows
}
export const countable = (ctx: Ctx, query: Partial<Query>) => matching(query, visibleNeeds(ctx).select('n.id'))

/** `held`: ids of customers to keep to, in place of asking who is in the segment. */
export async function listNeeds(ctx: Ctx, query: Query, held?: RawBuilder<unknown>): Promise<Page<Need>> {
  const size = query.size ?? 50
  const words = query.q ? bigramQuery(query.q) : null
  if (query.q && words === null) return { rows: [], next: null }
  const { key, order, after } = sortedBy(orders[query.sort ?? '-voices'], query.after)
  let rows = matching(query, visibleNeeds(ctx, 'need:read', words ? 'needs.searchable' : 'needs.need'))
    .select(described(ctx))
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
  if (words) rows = rows.where(sql<boolean>`n.search @@ ${words}::tsquery`)
  const { customerId, from, segment } = query
  const said = (whose: RawBuilder<boolean>) =>
    sql`select coalesce(o.merged_into, o.id) from needs.voice v join needs.need o on o.tenant_id = ${ctx.tenantId} and o.id = v.need_id
      where v.tenant_id = ${ctx.tenantId} and ${whose}`
  // Few, each found by its key; of a segment as many as there are.
  if (customerId) rows = rows.where(sql<boolean>`n.id = any(array(${said(ofFamily(ctx, sql`v.customer_id`, customerId))}))`)
  if (from) rows = rows.where(sql<boolean>`n.id = any(array(${said(sql<boolean>`(v.interaction_id = ${from} or v.source_id = ${from})`)}))`)
  if (segment) {
    const members = sql<boolean>`v.customer_id in (select f.id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.kept_id in (${held ?? (await segmentSql(ctx, segment))}))`
    rows = rows.where(sql<boolean>`n.id in (${said(members)})`)
  }
  const listed = await (segment && !held ? patiently(ctx, countSeconds, () => rows.execute()) : rows.execute())
  const page = pageRows(listed, size, sortKeyOf)
  return { rows: page.rows.map(unkeyed), next: page.next }
}

/** Of a merged one the one that it became part of. */
export async function needById(ctx: Ctx, id: string): Promise<Need> {
  const one = (of: string) => visibleNeeds(ctx).select(described(ctx)).where('n.id', '=', of).executeTakeFirst()
  const row = found(await one(id), 'need', id)
  return row.mergedInto === null ? row : found(await one(row.mergedInto), 'need', id)
}

/** As it stands, also for those who have just put it out of their own sight. */
export const written = async (ctx: Ctx, id: string): Promise<Need> =>
  found(await ctx.db.selectFrom('needs.need as n').select(described(ctx)).where('n.id', '=', id).executeTakeFirst(), 'need', id)

/** Voices `v` of a need, those of needs merged into it among them. */
export const ofNeed = (ctx: Ctx, id: string): RawBuilder<boolean> =>
  sql<boolean>`v.need_id in (select o.id from needs.need o where o.tenant_id = ${ctx.tenantId} and (o.id = ${id} or o.merged_into = ${id}))`

const mostSteps = 200

/** What was merged into it. */
export async function partsOf(ctx: Ctx, id: string): Promise<z.output<typeof needs.parts.reply>> {
  const need = await needById(ctx, id)
  return ctx.db
    .selectFrom('needs.need')
    .select(['id', 'title', 'voices'])
    .where('mergedInto', '=', need.id)
    .orderBy('changedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(mostSteps)
    .execute()
}

const steps = [needCaptured, needChanged, needMoved, needAnswered, needMerged, needParted].map(one => one.name)
/** What was decided about it: not everybody who said it, nor everybody who was told. */
export async function courseOf(ctx: Ctx, id: string): Promise<NeedStep[]> {
  const need = await needById(ctx, id)
  const events = await eventsAbout(ctx, need.id, mostSteps, steps)
  const others = events.flatMap(({ detail: { fromId, intoId } }) =>
    [fromId, intoId].filter(one => typeof one === 'string' && one !== need.id),
  )
  const { rows: titled } = await sql<{
    id: string
    title: string
  }>`select id, title from needs.need where tenant_id = ${ctx.tenantId} and id = any(${others}::uuid[])`.execute(ctx.db)
  const people = events.flatMap(row => (row.actorKind === 'user' && row.actorId ? [row.actorId] : []))
  const { rows: named } = await sql<{
    id: string
    name: string
  }>`select id, name from identity.fact_person where tenant_id = ${ctx.tenantId} and id = any(${people}::uuid[])`.execute(ctx.db)
  return events.map(({ id, name, at, detail, actorId }) => ({
    id,
    name,
    at,
    detail,
    actorName: named.find(one => one.id === actorId)?.name ?? null,
    otherTitle: titled.find(one => one.id !== need.id && (one.id === detail.fromId || one.id === detail.intoId))?.title ?? null,
  }))
}

export async function needsChanged(ctx: Ctx, query: z.output<typeof needs.changes.query>) {
  // Which have left what one sees could not be told to whoever sees only some.
  if (scopeOf(ctx.actor, 'need:read') !== 'all') throw new Refusal('forbidden', 'need.feed_sees_all')
  return fed<Need>(
    ctx,
    query,
    ['needs.need'],
    [
      async (next, limit) =>
        (
          await ctx.db
            .selectFrom('needs.need as n')
            .select([...described(ctx), xid])
            .where(next)
            .orderBy('n.changedXid')
            .orderBy('n.id')
            .limit(limit)
            .execute()
        ).map(({ xid, ...row }) => ({ xid, row })),
    ],
  )
}
