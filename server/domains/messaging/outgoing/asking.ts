import { sql } from 'kysely'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Carrier } from './ports.ts'
import { recordReceipts } from './settle.ts'

const atOnce = 50
/** Asked every other hour for three days: no network keeps a message longer. */
const [again, most] = [2 * 3_600_000, 72 * 3_600_000]

/** Messages whose receipt has not come: whoever took them is asked. */
export async function askAbout(house: House, tenantId: string, providerId: string, carrier: Carrier): Promise<void> {
  if (!carrier.ask) return
  const refs = await asSystem(house, tenantId, ctx => dueToBeAsked(ctx, providerId))
  if (refs.length === 0) return
  const told = await carrier.ask(refs)
  await asSystem(house, tenantId, async ctx => {
    const over = told === null ? refs : told.filter(t => t.state === 'not_known').map(t => t.ref)
    await sql`update messaging.outgoing set ask_at = null where tenant_id = ${ctx.tenantId} and provider_id = ${providerId} and provider_ref = any(${over}::text[])`.execute(
      ctx.db,
    )
    await recordReceipts(
      ctx,
      providerId,
      (told ?? []).flatMap(t => ('reason' in t ? [t] : [])),
    )
  })
}

export async function dueToBeAsked(ctx: Ctx, providerId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string; ref: string }>`select id, provider_ref as ref from messaging.outgoing
    where tenant_id = ${ctx.tenantId} and provider_id = ${providerId} and ask_at is not null and ask_at <= ${ctx.now} order by ask_at limit ${atOnce} for update skip locked`.execute(
    ctx.db,
  )
  if (rows.length > 0)
    ctx.write`update messaging.outgoing set ask_at = case when handed_at > ${new Date(ctx.now.getTime() - most)} then ${new Date(ctx.now.getTime() + again)}::timestamptz end
      where tenant_id = ${ctx.tenantId} and id = any(${rows.map(r => r.id)}::uuid[])`
  return rows.map(r => r.ref)
}
