import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Duplicate, DuplicateFace, duplicates, Merge } from '#contract/duplicates.ts'
import type { Permission } from '#contract/endpoint.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, turn } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from '../kept.ts'
import { shownTo, showsOf, wayShown } from '../masking/showing.ts'
import { visibleCustomers } from '../queries.ts'

type Row = Omit<Duplicate, 'a' | 'b' | 'same'> & { aId: string; bId: string }
const columns = sql`d.id, d.a_id as "aId", d.b_id as "bId", d.score, d.reasons, d.state, d.found_at as "foundAt"`

/** A pair is seen by whoever sees both. */
const bothSeen = (ctx: Ctx, may: Permission): RawBuilder<unknown> => {
  if (scopeOf(ctx.actor, may) === 'all') return sql`true`
  const mine = visibleCustomers(ctx, may).select('id')
  return sql`d.a_id in (${mine}) and d.b_id in (${mine})`
}

export async function listDuplicates(ctx: Ctx, query: z.output<typeof duplicates.list.query>): Promise<Page<Duplicate>> {
  const size = query.size ?? 50
  const { key, order, after } = sortedBy(turn('int', sql`d.score`, sql`d.id`, true), query.after)
  const { rows } = await sql<
    Row & { sortKey: string }
  >`select ${columns}, ${key} from customers.duplicate d where d.tenant_id = ${ctx.tenantId}
    and d.state = ${query.state ?? 'open'} and ${after} ${query.least === undefined ? sql`` : sql`and d.score >= ${query.least}`} and ${bothSeen(ctx, 'customer:merge')}
    order by ${order} limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, sortKeyOf)
  return { rows: await withFaces(ctx, page.rows, 'customer:merge'), next: page.next }
}

export async function duplicatesOf(ctx: Ctx, id: string): Promise<Duplicate[]> {
  const customerId = await seenFile(ctx, id)
  const { rows } =
    await sql<Row>`select ${columns} from customers.duplicate d where d.tenant_id = ${ctx.tenantId} and (d.a_id = ${customerId} or d.b_id = ${customerId})
    and d.state = 'open' and ${bothSeen(ctx, 'customer:read')} order by d.score desc, d.id desc limit 20`.execute(ctx.db)
  return withFaces(ctx, rows, 'customer:read')
}

export async function duplicateById(ctx: Ctx, id: string, may: Permission): Promise<Duplicate> {
  const { rows } =
    await sql<Row>`select ${columns} from customers.duplicate d where d.tenant_id = ${ctx.tenantId} and d.id = ${id} and ${bothSeen(ctx, may)}`.execute(
      ctx.db,
    )
  return found((await withFaces(ctx, rows, may))[0], 'duplicate', id)
}

export const face = ['id', 'number', 'name', 'kind', 'tier', 'phone', 'address', 'lastContactAt'] as const
/** A pair of which one went meanwhile is about to fall away, and is not shown. */
async function withFaces(ctx: Ctx, rows: readonly Row[], may: Permission): Promise<Duplicate[]> {
  if (rows.length === 0) return []
  const faces = await visibleCustomers(ctx, may)
    .select(face)
    .where(sql<boolean>`id = any(${rows.flatMap(row => [row.aId, row.bId])}::uuid[])`)
    .execute()
  const [shows, sames] = await Promise.all([showsOf(ctx), sameOf(ctx, rows)])
  const byId = new Map(faces.map(face => [face.id, face]))
  return rows.flatMap(({ aId, bId, id, score, reasons, state, foundAt }) => {
    const [a, b] = [byId.get(aId), byId.get(bId)]
    if (!a || !b) return []
    const met = sames.filter(one => one.id === id && reasons.includes(one.kind))
    const phone = met.find(one => one.kind === 'phone')?.value
    // Of several numbers the one that both have: two that differ would belie the reason.
    const faceOf = (face: DuplicateFace) => shownTo(shows, phone === undefined ? face : { ...face, phone })
    const same = met.flatMap(one => {
      const value = one.kind === 'code' ? one.value : wayShown(shows, { kind: one.kind, value: one.value })
      return value === null ? [] : [[one.kind, value] as const]
    })
    return [{ id, a: faceOf(a), b: faceOf(b), score, reasons, same: Object.fromEntries(same), state, foundAt }]
  })
}

type Same = { id: string; kind: 'phone' | 'email' | 'web' | 'wechat' | 'code'; value: string }
/** Numbers and accounts under which both files of a pair are met. */
async function sameOf(ctx: Ctx, rows: readonly Row[]): Promise<Same[]> {
  const { rows: same } = await sql<Same>`select x.id, k.kind, min(k.key) as value
    from unnest(${rows.map(row => row.id)}::uuid[], ${rows.map(row => row.aId)}::uuid[], ${rows.map(row => row.bId)}::uuid[]) as x(id, a, b)
    join customers.match_key k on k.tenant_id = ${ctx.tenantId} and k.customer_id = x.a and k.kind in ('phone', 'email', 'web', 'wechat', 'code')
    join customers.match_key l on l.tenant_id = ${ctx.tenantId} and l.customer_id = x.b and l.kind = k.kind and l.key = k.key
    group by x.id, k.kind`.execute(ctx.db)
  return same
}

const merges = (ctx: Ctx, where: RawBuilder<unknown>) =>
  sql<Merge>`select m.id, m.kept_id as "keptId", m.gone_id as "goneId", g.number as "goneNumber", g.name as "goneName", m.at, p.name as "byName", m.apart_at as "apartAt",
      q.name as "apartByName", m.apart_at is null and not exists (select 1 from customers.merge l where l.tenant_id = ${ctx.tenantId} and l.apart_at is null and l.id > m.id
        and (l.kept_id = m.kept_id or l.gone_id = m.kept_id)) as last
    from customers.merge m join customers.customer g on g.tenant_id = ${ctx.tenantId} and g.id = m.gone_id
    left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = m.by_id left join identity.fact_person q on q.tenant_id = ${ctx.tenantId} and q.id = m.apart_by_id
    where m.tenant_id = ${ctx.tenantId} and ${where} order by m.id desc limit 100`.execute(ctx.db)

export const oneMerge = async (ctx: Ctx, id: string): Promise<Merge> => found((await merges(ctx, sql`m.id = ${id}`)).rows[0], 'merge', id)

export async function mergesOf(ctx: Ctx, id: string): Promise<Merge[]> {
  const customerId = await seenFile(ctx, id)
  return (await merges(ctx, sql`m.kept_id = ${customerId}`)).rows
}
