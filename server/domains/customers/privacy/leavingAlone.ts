import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import * as zod from 'zod'
import { ConsentPurpose } from '#contract/outgoing.ts'
import type { CustomerLeftAlone, LeftAlone, leftAlone } from '#contract/privacy.ts'
import { newId } from '#kernel/ids.ts'
import { pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { hmac } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { emailShown, phoneShown, showsOf } from '../masking/showing.ts'
import { visibleCustomers } from '../queries.ts'
import { emailAddress, maskEmail, maskPhone, phoneNumber } from '../rules.ts'
import { leftAloneAdded, leftAloneLifted } from './events.ts'

/** The same number gives the same digest in this installation and organisation alone: from the table nobody can tell whose it was. */
export const digestOf = (ctx: Ctx, value: string): string => hmac(ctx.house.key, `left alone:${ctx.tenantId}:${value}`)
const readValue = (typed: string): string | null => {
  if (!typed.includes('@')) return phoneNumber(typed)
  const address = emailAddress(typed)
  return address !== null && zod.email().safeParse(address).success ? address : null
}
const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : '')

/** Enough to know it again by in the audit. */
const masked = (value: string): string => (value.includes('@') ? maskEmail(value) : maskPhone(value)) ?? ''

/** Those of these that somebody may have in full. */
export async function leftAloneInFull(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; value: string }>`select id, value from customers.left_alone
    where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[]) and value is not null`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.value]))
}

/** Customers who are left alone altogether, as far as the actor sees them. */
const undisturbed = (
  ctx: Ctx,
) => sql`customers.undisturbed u join ${visibleCustomers(ctx).select(['id', 'number', 'name'])} c on c.id = u.customer_id
    where u.tenant_id = ${ctx.tenantId} and (u.until is null or u.until > ${ctx.now})`

export async function customersLeftAlone(ctx: Ctx, { q, after, size = 50 }: z.output<typeof leftAlone.customers.query>) {
  const last = readCursor(after, zod.tuple([zod.uuid()]))
  const value = q ? readValue(q) : null
  const holds = (text: RawBuilder<unknown>) => sql`position(${q?.toLowerCase()}::text in lower(${text})) > 0`
  const reached = sql`exists (select from customers.customer_identity i where i.tenant_id = ${ctx.tenantId} and i.customer_id = u.customer_id and i.value = ${value})`
  const sought = q ? sql`and (${sql.join([sql`c.name`, sql`c.number`, sql`u.reason`].map(holds), sql` or `)} or ${reached})` : sql``
  const { rows } = await sql<CustomerLeftAlone>`select c.id, c.number, c.name, u.until, u.reason, u.since, u.by_name as "byName"
    from ${undisturbed(ctx)} ${sought} ${last ? sql`and u.customer_id < ${last[0]}` : sql``}
    order by u.customer_id desc limit ${size + 1}`.execute(ctx.db)
  return pageRows(rows, size, row => [row.id])
}

const mostCounted = 100
/** As either list shows them; beyond the most it is only told that there are more. */
export async function countLeftAlone(ctx: Ctx) {
  const count = (from: RawBuilder<unknown>) => sql`(select count(*)::int from (select from ${from} limit ${mostCounted}) s)`
  const { rows } = await sql<{ values: number; customers: number }>`select
    ${count(sql`customers.left_alone where tenant_id = ${ctx.tenantId}`)} as values, ${count(undisturbed(ctx))} as customers`.execute(
    ctx.db,
  )
  return found(rows[0], 'left_alone', ctx.tenantId)
}

type Row = Omit<LeftAlone, 'purpose' | 'isDigest'> & { purpose: string }
export async function listLeftAlone(ctx: Ctx, { q, source, after, size = 50 }: z.output<typeof leftAlone.list.query>) {
  const last = readCursor(after, zod.tuple([zod.uuid()]))
  const value = q ? readValue(q) : null
  const sought = value ? sql`and digest = ${digestOf(ctx, value)}` : q ? sql`and position(${q.toLowerCase()} in lower(reason)) > 0` : sql``
  const { rows } = await sql<Row>`select id, value, purpose, until, reason, source, since, by_name as "byName" from customers.left_alone
    where tenant_id = ${ctx.tenantId} ${sought} ${source ? sql`and source = ${source}` : sql``} ${last ? sql`and id < ${last[0]}` : sql``}
    order by id desc limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, row => [row.id])
  const shows = await showsOf(ctx)
  return {
    next: page.next,
    rows: page.rows.map(({ value, purpose, ...row }) => ({
      ...row,
      value: value?.includes('@') ? emailShown(shows, value) : phoneShown(shows, value),
      isDigest: value === null,
      purpose: ConsentPurpose.safeParse(purpose).data ?? null,
    })),
  }
}

/** Who is entered for shorter, or was, is entered anew; who is so for as long or for good is known already. */
export async function addLeftAlone(ctx: Ctx, { values, until, reason }: z.output<typeof leftAlone.add.body>) {
  if (until !== null && until <= ctx.now) throw new Refusal('invalid', 'left_alone.past')
  const read = values.map(typed => ({ typed, value: readValue(typed) }))
  const good = [...new Set(read.flatMap(one => one.value ?? []))]
  const { rows } = await sql<{
    id: string
  }>`insert into customers.left_alone (tenant_id, id, digest, value, until, reason, source, since, by_name)
    select ${ctx.tenantId}, id, digest, value, ${until}, ${reason}, ${values.length > 1 ? 'table' : 'entered'}, ${ctx.now}, ${nameOf(ctx)}
    from unnest(${good.map(() => newId())}::uuid[], ${good.map(value => digestOf(ctx, value))}::text[], ${good}::text[]) n (id, digest, value)
    on conflict (tenant_id, digest, purpose, channel) do update set value = excluded.value, until = excluded.until, reason = excluded.reason,
        source = excluded.source, since = excluded.since, by_name = excluded.by_name
      where left_alone.until is not null and (excluded.until is null or excluded.until > left_alone.until) returning id`.execute(ctx.db)
  const known = good.length - rows.length
  if (rows.length > 0)
    await ctx.emit(
      leftAloneAdded,
      { id: rows[0]?.id ?? ctx.tenantId },
      { n: rows.length, known },
      good.length === 1 ? { value: masked(good[0] ?? '') } : {},
    )
  return {
    added: rows.length,
    known,
    wrong: read.filter(one => one.value === null).map(one => one.typed),
  }
}

export async function liftLeftAlone(ctx: Ctx, id: string, reason: string) {
  const { rows } = await sql<{
    value: string | null
  }>`delete from customers.left_alone where tenant_id = ${ctx.tenantId} and id = ${id} returning value`.execute(ctx.db)
  const { value } = found(rows[0], 'left_alone', id)
  await ctx.emit(leftAloneLifted, { id }, {}, { reason, ...(value ? { value: masked(value) } : {}) })
  return { id }
}
