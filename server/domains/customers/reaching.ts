import { sql } from 'kysely'
import type * as z from 'zod'
import type { Listed, Reachable, reaching } from '#contract/outgoing.ts'
import { keptOf, ofFamily } from '#kernel/family.ts'
import { fileCards } from '#kernel/files.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerLeftAlone } from './events.ts'
import { heldFile, seenFile } from './kept.ts'
import { type Shows, showsOf } from './masking/showing.ts'
import { keepConsent, type Said } from './ownWishes.ts'
import { aloneByAddress } from './privacy/aloneByAddress.ts'
import { visibleCustomers } from './queries.ts'

type Reach = z.output<typeof Reachable>

export const mayReadCustomer = async (ctx: Ctx, id: string): Promise<boolean> =>
  (await visibleCustomers(ctx)
    .select('id')
    .where('id', '=', await keptOf(ctx, id))
    .executeTakeFirst()) !== undefined

/** Whether the actor may put something into this file. */
export const mayWriteCustomer = async (ctx: Ctx, id: string): Promise<boolean> =>
  (await visibleCustomers(ctx, 'customer:write')
    .select('id')
    .where('id', '=', await keptOf(ctx, id))
    .executeTakeFirst()) !== undefined

const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : '')

export async function reachOf(ctx: Ctx, asked: string): Promise<Reach> {
  const id = await seenFile(ctx, asked)
  const [consents, alone, listed] = await Promise.all([
    sql<
      Reach['consents'][number]
    >`select ${said} from customers.consent where tenant_id = ${ctx.tenantId} and customer_id = ${id} order by purpose, channel`.execute(
      ctx.db,
    ),
    sql<
      NonNullable<Reach['undisturbed']>
    >`select until, reason, since, by_name from customers.undisturbed where tenant_id = ${ctx.tenantId} and customer_id = ${id}
      and (until is null or until > ${ctx.now})`.execute(ctx.db),
    listedOf(ctx, id),
  ])
  return { consents: consents.rows, undisturbed: alone.rows[0] ?? null, listed: listedTo(await showsOf(ctx), listed) }
}

/** Whether this customer's number and address stand on the register. */
export async function listedOf(ctx: Ctx, id: string): Promise<Listed> {
  const customer = await ctx.db
    .selectFrom('customers.customer')
    .select(['id', 'name', 'phone', 'email'])
    .where('id', '=', id)
    .executeTakeFirst()
  return (customer && (await aloneByAddress(ctx, [customer])).get(id)) ?? { phone: null, email: null }
}

/** Of what is hidden not even that there is one. */
export const listedTo = (shows: Shows, { phone, email }: Listed): Listed => ({
  phone: shows('phone') === 'hidden' ? null : phone,
  email: shows('email') === 'hidden' ? null : email,
})

const said = sql`purpose, channel, given, source, proof, wording, until, kept_id, interaction_id, at, by_name`
const most = 500
type Word = z.output<typeof reaching.words.reply>[number]

/** All they ever said, under every id of theirs. */
export async function consentWords(ctx: Ctx, asked: string): Promise<Word[]> {
  const id = await seenFile(ctx, asked)
  const { rows } = await sql<Omit<Word, 'file'> & { fileId: string | null }>`select w.id, ${said},
      (select f.file_id from customers.file f where f.tenant_id = ${ctx.tenantId} and f.id = w.kept_id) as file_id
    from customers.consent_word w where w.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`w.customer_id`, id)} order by w.at desc, w.id desc limit ${most}`.execute(
    ctx.db,
  )
  const cards = await fileCards(
    ctx,
    rows.flatMap(row => row.fileId ?? []),
  )
  return rows.map(({ fileId, ...row }) => ({ ...row, file: (fileId && cards.get(fileId)) || null }))
}

export async function recordConsent(ctx: Ctx, id: string, consent: Said): Promise<Reach> {
  const kept = await heldFile(ctx, id)
  const { keptId, interactionId } = consent
  const own = ofFamily(ctx, sql`customer_id`, kept)
  if (keptId) {
    const file = sql`select 1 as there from customers.file where tenant_id = ${ctx.tenantId} and id = ${keptId} and removed_at is null and ${own}`
    found((await file.execute(ctx.db)).rows[0], 'file', keptId)
  }
  if (interactionId) {
    const contact = sql`select 1 as there from interactions.fact_interaction where tenant_id = ${ctx.tenantId} and id = ${interactionId} and ${own}`
    found((await contact.execute(ctx.db)).rows[0], 'interaction', interactionId)
  }
  await keepConsent(ctx, kept, consent)
  return reachOf(ctx, kept)
}

export async function leaveAlone(ctx: Ctx, asked: string, { on, until, reason }: z.output<typeof reaching.disturb.body>): Promise<Reach> {
  const id = await heldFile(ctx, asked)
  if (on)
    await sql`insert into customers.undisturbed (tenant_id, customer_id, until, reason, since, by_name) values (${ctx.tenantId}, ${id}, ${until}, ${reason}, ${ctx.now}, ${nameOf(ctx)})
      on conflict (tenant_id, customer_id) do update set until = excluded.until, reason = excluded.reason, since = excluded.since, by_name = excluded.by_name`.execute(
      ctx.db,
    )
  else await sql`delete from customers.undisturbed where tenant_id = ${ctx.tenantId} and customer_id = ${id}`.execute(ctx.db)
  await ctx.emit(customerLeftAlone, { id, customerId: id }, { on, until: until?.toISOString() ?? null }, reason === '' ? {} : { reason })
  return reachOf(ctx, id)
}
