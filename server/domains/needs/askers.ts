import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import { type Askers, astray, type needs, type Voice } from '#contract/needs.ts'
import { segmentCounts } from '#domains/customers/index.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { needById, ofNeed } from './queries.ts'

/** Somebody was to tell them, and it did not get there: what `wentAstray` says of the same row. */
export const isAstray = (ctx: Ctx): RawBuilder<boolean> =>
  sql<boolean>`(v.told_by_name is null and v.told_at is not null and ((v.untold is not null and v.untold <> 'told_already')
    or exists (select 1 from messaging.fact_outgoing m where m.tenant_id = ${ctx.tenantId} and m.id = v.message_id and m.state = any(${[...astray]}::text[]))))`

/** Under the name of the file that is kept. Each is looked up by its key: of a page there are few. */
const said = (ctx: Ctx, voices: RawBuilder<unknown>) =>
  sql<Voice>`select v.id, v.need_id as "needId", v.kept_id as "customerId",
    (select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = v.kept_id) as "customerName", v.interaction_id as "interactionId",
    case when v.source_id is not null then json_build_object('noun', v.source_noun, 'id', v.source_id) end as "from",
    v.words, v.at, v.by_name as "byName", v.told_at as "toldAt", v.message_id as "messageId",
    (select m.state from messaging.fact_outgoing m where m.tenant_id = ${ctx.tenantId} and m.id = v.message_id) as "messageState",
    v.untold, v.told_by_name as "toldByName"
  from (select v.*, (select f.kept_id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.id = v.customer_id) as kept_id from needs.voice v
    where v.tenant_id = ${ctx.tenantId} and ${voices}) v order by v.id desc`

export async function voicesOf(
  ctx: Ctx,
  id: string,
  { after, size = 50, unreached }: z.output<typeof needs.voices.query>,
): Promise<Page<Voice>> {
  const need = await needById(ctx, id)
  const cursor = readCursor(after, z.tuple([z.uuid()]))
  const { rows } = await said(
    ctx,
    sql`${ofNeed(ctx, need.id)} ${unreached ? sql`and v.customer_id is not null and (v.told_at is null or ${isAstray(ctx)})` : sql``}
      ${cursor ? sql`and v.id < ${cursor[0]}` : sql``} order by v.id desc limit ${size + 1}`,
  ).execute(ctx.db)
  return pageRows(rows, size, row => [row.id])
}

/** With the need that is read in place of the one it was said for. */
export async function oneVoice(ctx: Ctx, id: string): Promise<{ voice: Voice; needId: string; customerId: string | null }> {
  const { rows } = await said(ctx, sql`v.id = ${id}`).execute(ctx.db)
  const voice = found(rows[0], 'voice', id)
  return { voice, needId: (await needById(ctx, voice.needId)).id, customerId: voice.customerId }
}

export async function askersOf(ctx: Ctx, id: string): Promise<Askers> {
  const need = await needById(ctx, id)
  const ours = sql`needs.voice v left join customers.fact_family f on f.tenant_id = ${ctx.tenantId} and f.id = v.customer_id
    left join customers.fact_customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.kept_id where v.tenant_id = ${ctx.tenantId} and v.customer_id is not null and ${ofNeed(ctx, need.id)}`
  const { rows: shares } = await sql<{ of: number; key: string | null; count: number }>`
    select grouping(c.kind, c.tier) as of, coalesce(c.kind, c.tier) as key, count(distinct c.id)::int as count from ${ours} and c.id is not null
    group by grouping sets ((c.kind), (c.tier), ())`.execute(ctx.db)
  const { rows: told } = await sql<{ told: number; astray: number; waiting: number }>`
    select count(*) filter (where v.told_at is not null and not ${isAstray(ctx)})::int as told, count(*) filter (where ${isAstray(ctx)})::int as astray,
      count(*) filter (where v.told_at is null)::int as waiting from ${ours}`.execute(ctx.db)
  // What PostgreSQL calls the sets: by kind, by tier, all.
  const by = (of: 1 | 2) =>
    shares
      .filter(row => row.of === of)
      .map(({ key, count }) => ({ key: key ?? '', count }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
  return {
    customers: shares.find(row => row.of === 3)?.count ?? 0,
    kinds: by(1),
    tiers: by(2),
    segments: await segmentCounts(ctx, sql`select f.kept_id from ${ours}`),
    told: 0,
    astray: 0,
    waiting: 0,
    ...told[0],
  }
}
