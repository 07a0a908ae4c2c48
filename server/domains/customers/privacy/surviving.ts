import { sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { digestOf } from './leavingAlone.ts'
import type { Known } from './who.ts'

/**
 * What an erased person declined stands on without them, as digests under the installation's key: of a number or address that was theirs alone; of one that others
 * have too together with the name, so that the others are reached as before and who comes back by a later import is not.
 */
export const digestsOf = (ctx: Ctx, address: string, name: string | null): string[] => [
  digestOf(ctx, address),
  ...(name ? [digestOf(ctx, `${address}\n${asSaid(name)}`)] : []),
]
const asSaid = (name: string) => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '')

type Declined = { purpose: string; channel: string; until: Date | null }

/** What any of these ids declined, and whether to leave them alone altogether. */
export async function declinedBy(ctx: Ctx, ids: readonly string[]): Promise<Declined[]> {
  const { rows } = await sql<Declined>`select purpose, channel, until from customers.consent
      where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[]) and not given and (until is null or until > ${ctx.now})
    union select '', '', max(coalesce(until, 'infinity')) from customers.undisturbed
      where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[]) and (until is null or until > ${ctx.now}) having count(*) > 0`.execute(
    ctx.db,
  )
  return rows.map(row => ({ ...row, until: row.until instanceof Date ? row.until : null }))
}

/** Addresses that nothing is sent to any more, because they answered so or were never there. */
async function suppressedOf(ctx: Ctx, values: readonly string[]): Promise<{ address: string; channel: string }[]> {
  const { rows } = await sql<{ address: string; channel: string }>`select address, channel from messaging.fact_suppression
    where tenant_id = ${ctx.tenantId} and address = any(${[...values]}::text[])`.execute(ctx.db)
  return rows
}

const fits = (channel: string, value: string) => channel === '' || (channel === 'mail') === value.includes('@')

/** Whoever declined is not asked again because we forgot them. */
export async function keepDeclined(ctx: Ctx, known: Known): Promise<void> {
  const own = [...known.phones, ...known.emails]
  const values = [
    ...own.map(value => ({ value, digest: digestOf(ctx, value) })),
    ...known.shared.flatMap(value => known.called.flatMap(name => digestsOf(ctx, value, name).slice(1)).map(digest => ({ value, digest }))),
  ]
  const declined = (await declinedBy(ctx, known.ids)).flatMap(one =>
    values.flatMap(({ value, digest }) => (fits(one.channel, value) ? { ...one, digest } : [])),
  )
  // A shared address stays on the list of those that are written to no more: it is still somebody's.
  const suppressed = (await suppressedOf(ctx, own)).map(({ address, channel }) => ({
    ...{ purpose: '', channel, until: null, digest: digestOf(ctx, address) },
  }))
  for (const { digest, purpose, channel, until } of [...declined, ...suppressed])
    await sql`insert into customers.left_alone (tenant_id, id, digest, purpose, channel, value, until, source, since)
      values (${ctx.tenantId}, ${newId()}, ${digest}, ${purpose}, ${channel}, null, ${until}, 'erased', ${ctx.now})
      on conflict (tenant_id, digest, purpose, channel) do update set value = null,
        until = case when left_alone.until is null or excluded.until is null then null else greatest(left_alone.until, excluded.until) end, source = 'erased', reason = '', by_name = ''`.execute(
      ctx.db,
    )
  // A number entered by hand stays as one that is left alone, but is written down no more.
  await sql`update customers.left_alone set value = null, reason = '', by_name = '', source = 'erased' where tenant_id = ${ctx.tenantId}
    and digest = any(${own.map(value => digestOf(ctx, value))}::text[])`.execute(ctx.db)
}
