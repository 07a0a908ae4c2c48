import { sql } from 'kysely'
import type * as z from 'zod'
import type { ConsentChannel, ConsentPurpose, CustomerConsent, NewConsent, Way } from '#contract/outgoing.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { consentRecorded } from './events.ts'
import { heldFile } from './kept.ts'

const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : '')
type New = z.output<typeof NewConsent>
type Base = 'purpose' | 'channel' | 'given' | 'source' | 'proof'
/** What nobody says of a word is not there. */
export type Said = Pick<New, Base> & Partial<Omit<New, Base>>

/** Every word is kept; the latest of a purpose and a channel counts. */
export const keepConsent = (ctx: Ctx, id: string, said: Said): Promise<void> => keepConsents(ctx, [{ id, said }])

/** Many at once, in their order: of two of one purpose and channel said at the same time the later counts. */
async function keepConsents(ctx: Ctx, all: readonly { id: string; said: Said }[]): Promise<void> {
  if (all.length === 0) return
  const rows = all.map(({ id, said }) => {
    const { purpose, channel, given, source, proof, wording = '', until = null, keptId = null, interactionId = null, at = ctx.now } = said
    if (at > ctx.now) throw new Refusal('invalid', 'consent.future')
    if (until !== null && until <= at) throw new Refusal('invalid', 'consent.over_already')
    return { id: newId(), customer_id: id, purpose, channel, given, source, wording, proof, until, kept_id: keptId, interaction_id: interactionId, at } // biome-ignore format: a row as the table has it
  })
  const columns = sql`purpose, channel, given, source, wording, proof, until, kept_id, interaction_id, at`
  const said = sql`json_to_recordset(${JSON.stringify(rows)}::json) as x(id uuid, customer_id uuid, purpose text, channel text, given boolean, source text, wording text,
    proof text, until timestamptz, kept_id uuid, interaction_id uuid, at timestamptz)`
  await sql`insert into customers.consent_word (tenant_id, id, customer_id, ${columns}, by_name)
    select ${ctx.tenantId}, id, customer_id, ${columns}, ${nameOf(ctx)} from ${said}`.execute(ctx.db)
  await sql`insert into customers.consent (tenant_id, customer_id, ${columns}, by_name)
    select distinct on (customer_id, purpose, channel) ${ctx.tenantId}::uuid, customer_id, ${columns}, ${nameOf(ctx)}::text from ${said}
      order by customer_id, purpose, channel, at desc, id desc
    on conflict (tenant_id, customer_id, purpose, channel) do update set given = excluded.given, source = excluded.source, wording = excluded.wording, proof = excluded.proof,
      until = excluded.until, kept_id = excluded.kept_id, interaction_id = excluded.interaction_id, at = excluded.at, by_name = excluded.by_name
      where consent.at <= excluded.at`.execute(ctx.db)
  ctx.emitAll(
    consentRecorded,
    rows.map(({ customer_id, purpose, channel, given, source, proof }) => ({
      about: { id: customer_id, customerId: customer_id },
      detail: { purpose, channel, given, source },
      ...(proof === '' ? {} : { personal: { proof } }),
    })),
  )
}

/** What a customer themselves said in answer to a message. Said again, it stands as it was; what stood for a time alone stands for good. */
export async function sayForOneself(
  ctx: Ctx,
  customerId: string,
  said: { purpose: ConsentPurpose; channel: Way; given: boolean; proof: string },
): Promise<void> {
  const id = await heldFile(ctx, customerId, null)
  const { rows } = await sql`select 1 from customers.consent where tenant_id = ${ctx.tenantId} and customer_id = ${id}
    and purpose = ${said.purpose} and channel = ${said.channel} and given = ${said.given} and until is null`.execute(ctx.db)
  if (rows.length > 0) return
  await keepConsent(ctx, id, { ...said, source: 'message' })
}

type Brought = Omit<CustomerConsent, 'until'>
/**
 * What another system knows they said, of many kept files at once. It says the same every night: news is what it has not said before, whatever the customer said since and
 * whichever of their files it says it of. Who is told something new.
 */
export async function bringConsents(
  ctx: Ctx,
  all: readonly { id: string; said: readonly Brought[] }[],
): Promise<ReadonlySet<(typeof all)[number]>> {
  if (all.length === 0) return new Set()
  const { rows } = await sql<Brought & { id: string }>`select distinct on (f.kept_id, w.purpose, w.channel, w.source, w.proof, w.wording)
      f.kept_id as id, w.purpose, w.channel, w.given, w.source, w.proof, w.wording
    from customers.fact_family f join customers.consent_word w on w.tenant_id = ${ctx.tenantId} and w.customer_id = f.id
    where f.tenant_id = ${ctx.tenantId} and f.kept_id = any(${all.map(one => one.id)}::uuid[])
    order by f.kept_id, w.purpose, w.channel, w.source, w.proof, w.wording, w.at desc, w.id desc`.execute(ctx.db)
  const origin = (id: string, { purpose, channel, source, proof, wording }: Brought) =>
    JSON.stringify([id, purpose, channel, source, proof, wording])
  const known = new Map(rows.map(row => [origin(row.id, row), row.given]))
  const told = new Set<(typeof all)[number]>()
  const news: { id: string; said: Brought }[] = []
  for (const item of all)
    for (const said of item.said) {
      const from = origin(item.id, said)
      if (known.get(from) === said.given) continue
      known.set(from, said.given)
      news.push({ id: item.id, said })
      told.add(item)
    }
  await keepConsents(ctx, news)
  return told
}

/** Null: nothing was said, or it is over. */
export async function consentOf(ctx: Ctx, customerId: string, purpose: ConsentPurpose, channel: ConsentChannel): Promise<boolean | null> {
  const { rows } = await sql<{ given: boolean }>`select given from customers.consent
    where tenant_id = ${ctx.tenantId} and customer_id = (select kept_id from customers.fact_family where tenant_id = ${ctx.tenantId} and id = ${customerId})
      and purpose = ${purpose} and channel = ${channel} and (until is null or until > ${ctx.now})`.execute(ctx.db)
  return rows[0]?.given ?? null
}

/** Everybody who is known by a telephone number: a household may share it. */
export async function customersWithPhone(ctx: Ctx, phone: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select i.customer_id as id from customers.customer_identity i
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id and c.phone = ${phone} and c.merged_into is null
    where i.tenant_id = ${ctx.tenantId} and i.kind = 'phone' and i.value = ${phone} order by i.customer_id limit 100`.execute(ctx.db)
  return rows.map(r => r.id)
}
