import { sql } from 'kysely'
import type * as z from 'zod'
import * as zod from 'zod'
import { ConsentPurpose } from '#contract/outgoing.ts'
import type { LeftAlone, leftAlone } from '#contract/privacy.ts'
import { newId } from '#kernel/ids.ts'
import { pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { hmac } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { emailAddress, maskEmail, maskPhone, phoneNumber } from '../rules.ts'
import { leftAloneAdded, leftAloneLifted } from './events.ts'
import type { Known } from './who.ts'

/** The same number gives the same digest in this installation and organisation alone: from the table nobody can tell whose it was. */
export const digestOf = (ctx: Ctx, value: string): string => hmac(ctx.house.key, `left alone:${ctx.tenantId}:${value}`)
const readValue = (typed: string): string | null => {
  if (!typed.includes('@')) return phoneNumber(typed)
  const address = emailAddress(typed)
  return address !== null && zod.email().safeParse(address).success ? address : null
}
const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : '')

type Refusals = { purpose: string; channel: string; until: Date | null }[]

/** What any of these ids declined, and whether to leave them alone altogether. */
export async function declinedBy(ctx: Ctx, ids: readonly string[]): Promise<Refusals> {
  const { rows } = await sql<Refusals[number]>`select purpose, channel, null::timestamptz as until from customers.consent
      where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[]) and not given
    union select '', '', max(coalesce(until, 'infinity')) from customers.undisturbed
      where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[]) and (until is null or until > ${ctx.now}) having count(*) > 0`.execute(
    ctx.db,
  )
  return rows.map(row => ({ ...row, until: row.until instanceof Date ? row.until : null }))
}

/** Whoever declined is not asked again because we forgot them. */
export async function keepDeclined(ctx: Ctx, known: Known): Promise<void> {
  for (const { purpose, channel, until } of await declinedBy(ctx, known.ids))
    for (const value of [...known.phones, ...known.emails]) {
      if (channel === 'mail' ? !value.includes('@') : channel !== '' && value.includes('@')) continue
      await sql`insert into customers.left_alone (tenant_id, id, digest, purpose, channel, value, until, source, since)
        values (${ctx.tenantId}, ${newId()}, ${digestOf(ctx, value)}, ${purpose}, ${channel}, null, ${until}, 'erased', ${ctx.now})
        on conflict (tenant_id, digest, purpose, channel) do update set until = excluded.until, value = null, source = 'erased', reason = '', by_name = ''`.execute(
        ctx.db,
      )
    }
  // A number entered by hand stays as one that is left alone, but is written down no more.
  await sql`update customers.left_alone set value = null, reason = '', by_name = '', source = 'erased' where tenant_id = ${ctx.tenantId}
    and digest = any(${[...known.phones, ...known.emails].map(value => digestOf(ctx, value))}::text[])`.execute(ctx.db)
}

type Row = Omit<LeftAlone, 'purpose'> & { purpose: string }
export async function listLeftAlone(ctx: Ctx, { q, after, size = 50 }: z.output<typeof leftAlone.list.query>) {
  const last = readCursor(after, zod.tuple([zod.uuid()]))
  const value = q ? readValue(q) : null
  if (q && value === null) return { rows: [], next: null }
  const { rows } = await sql<Row>`select id, value, purpose, until, reason, source, since, by_name as "byName" from customers.left_alone
    where tenant_id = ${ctx.tenantId} ${value ? sql`and digest = ${digestOf(ctx, value)}` : sql``} ${last ? sql`and id < ${last[0]}` : sql``}
    order by id desc limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, row => [row.id])
  return {
    next: page.next,
    rows: page.rows.map(({ value, purpose, ...row }) => ({
      ...row,
      value: value?.includes('@') ? maskEmail(value) : maskPhone(value),
      purpose: ConsentPurpose.safeParse(purpose).data ?? null,
    })),
  }
}

export async function addLeftAlone(ctx: Ctx, { values, until, reason }: z.output<typeof leftAlone.add.body>) {
  if (until !== null && until <= ctx.now) throw new Refusal('invalid', 'left_alone.past')
  const read = values.map(typed => ({ typed, value: readValue(typed) }))
  const good = [...new Set(read.flatMap(one => one.value ?? []))]
  const { rows } = await sql<{
    id: string
  }>`insert into customers.left_alone (tenant_id, id, digest, value, until, reason, source, since, by_name)
    select ${ctx.tenantId}, id, digest, value, ${until}, ${reason}, ${values.length > 1 ? 'table' : 'entered'}, ${ctx.now}, ${nameOf(ctx)}
    from unnest(${good.map(() => newId())}::uuid[], ${good.map(value => digestOf(ctx, value))}::text[], ${good}::text[]) n (id, digest, value)
    on conflict (tenant_id, digest, purpose, channel) do nothing returning id`.execute(ctx.db)
  const known = good.length - rows.length
  if (rows.length > 0)
    await ctx.emit(
      leftAloneAdded,
      { id: rows[0]?.id ?? ctx.tenantId },
      { n: rows.length, known },
      good.length === 1 ? { value: good[0] ?? '' } : {},
    )
  return {
    added: rows.length,
    known,
    wrong: read
      .filter(one => one.value === null)
      .map(one => one.typed)
      .slice(0, 100),
  }
}

export async function liftLeftAlone(ctx: Ctx, id: string, reason: string) {
  const { rows } = await sql<{
    value: string | null
  }>`delete from customers.left_alone where tenant_id = ${ctx.tenantId} and id = ${id} returning value`.execute(ctx.db)
  const { value } = found(rows[0], 'left_alone', id)
  await ctx.emit(leftAloneLifted, { id }, {}, { reason, ...(value ? { value } : {}) })
  return { id }
}
