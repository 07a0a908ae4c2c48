import { type RawBuilder, sql } from 'kysely'
import { Audience, type Purpose, type Way } from '#contract/outgoing.ts'
import { heldSql, letGo } from '#domains/customers/index.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { noticeEnded } from './events.ts'
import { forgottenOf } from './forgetting.ts'
import { notAfter, traits } from './rules.ts'

/** How many customers one work takes into the outbox. */
const step = 2000
/** How far one beat goes with a notice before the others have their turn. */
const stepsPerBeat = 5

/** Customers of an audience, by id. Those named by number keep no order of their own. `among`: ids of the segment's customers, where it has one. */
export const audienceSql = (
  ctx: Ctx,
  { tier, district, tag, numbers }: Audience,
  after: string | null,
  among: RawBuilder<unknown> | null,
) => sql`c.tenant_id = ${ctx.tenantId}
  and (select f.kept_id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.id = c.id) = c.id
  ${tier ? sql`and c.tier = ${tier}` : sql``} ${district ? sql`and c.district = ${district}` : sql``} ${tag ? sql`and ${tag} = any(c.tags)` : sql``}
  ${numbers ? sql`and c.number = any(${numbers}::text[])` : sql``} ${among ? sql`and c.id in (${among})` : sql``} ${after === null ? sql`` : sql`and c.id > ${after}::uuid`}`

type Open = { id: string; channel: Way; purpose: Purpose; template: string; language: string; audience: unknown; after: string | null }

/** Puts the customers of open notices into the outbox, step by step: each step commits how far it came with what it did, so a process that dies repeats none and leaves none out. */
export async function gatherNotices(house: House, tenantId: string): Promise<void> {
  for (let n = 0; n < stepsPerBeat; n++) if (!(await asSystem(house, tenantId, gatherStep))) return
}

async function gatherStep(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<Open>`select id, channel, purpose, template, language, audience, after from messaging.notice
    where tenant_id = ${ctx.tenantId} and state = 'gathering' order by id limit 1 for update skip locked`.execute(ctx.db)
  const notice = rows[0]
  if (!notice) return false
  const audience = Audience.parse(notice.audience)
  const { rows: people } = await sql<{
    id: string
    name: string
    phone: string | null
    email: string | null
  }>`select c.id, c.name, c.phone, c.email from customers.fact_reach c
    where ${audienceSql(ctx, audience, notice.after, audience.segment ? heldSql(ctx, notice.id) : null)} order by c.id limit ${step}`.execute(
    ctx.db,
  )
  const last = people.at(-1)
  if (last)
    await sql`insert into messaging.outgoing (tenant_id, id, channel, purpose, customer_id, name, address, template, language, state, priority, due_at, not_after, notice_id, made_at)
      select ${ctx.tenantId}, p.id, ${notice.channel}, ${notice.purpose}, p.customer_id, p.name, p.address, ${notice.template}, ${notice.language}, 'waiting', ${traits[notice.purpose].priority},
        ${ctx.now}, ${notAfter(notice.purpose, ctx.now)}, ${notice.id}, ${ctx.now}
      from unnest(${people.map(() => newId())}::uuid[], ${people.map(p => p.id)}::uuid[], ${people.map(p => p.name)}::text[],
        ${people.map(p => (notice.channel === 'mail' ? p.email : p.phone))}::text[]) p (id, customer_id, name, address)`.execute(ctx.db)
  const over = people.length < step
  if (over && audience.segment) await letGo(ctx, notice.id)
  await sql`update messaging.notice set after = ${last?.id ?? notice.after}, total = total + ${people.length}, state = ${over ? 'sending' : 'gathering'}
    where tenant_id = ${ctx.tenantId} and id = ${notice.id}`.execute(ctx.db)
  return true
}

/** Notices of which nothing waits any more. */
export async function endNotices(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{
    id: string
    name: string
  }>`select n.id, n.name from messaging.notice n where n.tenant_id = ${ctx.tenantId} and n.state = 'sending'
    and not exists (select 1 from messaging.outgoing o where o.tenant_id = ${ctx.tenantId} and o.notice_id = n.id and o.state in ('waiting', 'sending'))
    order by n.id limit 10 for update of n skip locked`.execute(ctx.db)
  for (const { id, name } of rows) await endNotice(ctx, id, name, false)
}

export async function endNotice(ctx: Ctx, id: string, name: string, cancelled: boolean): Promise<void> {
  await sql`update messaging.notice set state = ${cancelled ? 'cancelled' : 'done'}, ended_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
  await ctx.emit(noticeEnded, { id }, { name, cancelled, counts: await countsOf(ctx, id) })
}

export async function countsOf(ctx: Ctx, id: string): Promise<Record<string, number>> {
  const { rows } = await sql<{
    state: string
    n: number
  }>`select state, count(*)::int as n from messaging.outgoing where tenant_id = ${ctx.tenantId} and notice_id = ${id} group by 1`.execute(
    ctx.db,
  )
  const counts: Record<string, number> = {}
  for (const { state, n } of [...rows, ...(await forgottenOf(ctx, id))]) counts[state] = (counts[state] ?? 0) + n
  return counts
}
