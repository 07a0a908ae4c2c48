import { sql } from 'kysely'
import type * as z from 'zod'
import type { Need, needs } from '#contract/needs.ts'
import { mayReadCustomer } from '#domains/customers/index.ts'
import { actorId } from '#kernel/access.ts'
import { keptOf, ofFamily } from '#kernel/family.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { needVoiced } from './events.ts'
import { ofNeed, visibleNeeds, written } from './queries.ts'

export type Said = z.output<typeof needs.speak.body>

/** Whoever says it: named, or known from where it was read. A file that the actor may not read is as good as none. */
export async function whoSays(ctx: Ctx, { customerId, interactionId, from }: Said): Promise<string | null> {
  if (customerId === null) return whoWasThere(ctx, { interactionId, from })
  const kept = await keptOf(ctx, customerId)
  if (!(await mayReadCustomer(ctx, kept))) throw new Refusal('not_found', 'customer.not_found', { id: customerId })
  return kept
}

const sources = {
  interaction: sql`interactions.fact_interaction`,
  ticket: sql`tickets.fact_ticket`,
  rating: sql`surveys.fact_rating`,
}
async function whoWasThere(ctx: Ctx, { interactionId, from }: Pick<Said, 'interactionId' | 'from'>): Promise<string | null> {
  const at = from ?? (interactionId === null ? null : { noun: 'interaction' as const, id: interactionId })
  if (at === null) return null
  const { rows } = await sql<{
    id: string | null
  }>`select customer_id as id from ${sources[at.noun]} where tenant_id = ${ctx.tenantId} and id = ${at.id}`.execute(ctx.db)
  const id = rows[0]?.id
  return id && (await mayReadCustomer(ctx, id)) ? keptOf(ctx, id) : null
}

/** What this customer said for it, whichever of their files and whichever of the needs merged into it they said it for. */
async function voiceOf(ctx: Ctx, needId: string, whose: string | null): Promise<string | null> {
  if (whose === null) return null
  const { rows } = await sql<{
    id: string
  }>`select v.id from needs.voice v where v.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`v.customer_id`, whose)}
    and ${ofNeed(ctx, needId)} order by v.id limit 1`.execute(ctx.db)
  return rows[0]?.id ?? null
}

/** Words that are not there yet stand below. Where it was first said stands: who that contact was with may be corrected, and takes along only what was said in it. */
const addTo = (ctx: Ctx, id: string, { words, interactionId, from }: Pick<Said, 'words' | 'interactionId' | 'from'>) =>
  sql`update needs.voice set words = case when position(${words}::text in words) > 0 then words
      else left(case when words = '' then ${words}::text else words || chr(10) || ${words}::text end, 4000) end,
      interaction_id = coalesce(interaction_id, ${interactionId}::uuid),
      source_noun = coalesce(source_noun, ${from?.noun ?? null}::text), source_id = coalesce(source_id, ${from?.id ?? null}::uuid)
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)

/** A customer has one voice in a need. The need is locked by whoever calls. */
export async function addVoice(ctx: Ctx, needId: string, said: Said & { whose: string | null }): Promise<boolean> {
  const { whose, interactionId, from, words, clientId } = said
  const mine = await voiceOf(ctx, needId, whose)
  if (mine !== null) {
    await addTo(ctx, mine, said)
    return false
  }
  const name = ctx.actor.kind === 'user' ? ctx.actor.name : null
  const { rows } = await sql<{
    isNew: boolean
  }>`insert into needs.voice (tenant_id, id, need_id, customer_id, interaction_id, source_noun, source_id, words, at, by_id, by_name)
    values (${ctx.tenantId}, ${clientId ?? newId()}, ${needId}, ${whose}, ${interactionId}, ${from?.noun ?? null}, ${from?.id ?? null}, ${words}, ${ctx.now}, ${actorId(ctx.actor)}, ${name})
    on conflict do nothing returning true as "isNew"`.execute(ctx.db)
  // The same request again says nothing twice.
  if (rows.length === 0) return false
  await sql`update needs.need set voices = voices + 1, changed_at = ${ctx.now}, changed_xid = ${thisTransaction} where tenant_id = ${ctx.tenantId} and id = ${needId}`.execute(
    ctx.db,
  )
  return true
}

/** Locked in the order of their ids, whoever asks. */
export const lockNeeds = (ctx: Ctx, ids: readonly string[]) =>
  sql`select 1 from needs.need where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[]) order by id for update`.execute(ctx.db)

/** How many said it, anew: two files that are one customer are one voice. The needs are locked. */
export const recount = (ctx: Ctx, ids: readonly string[]) =>
  sql`update needs.need n set voices = (select count(distinct coalesce(f.kept_id, v.customer_id, v.id)) from needs.voice v
      left join customers.fact_family f on f.tenant_id = ${ctx.tenantId} and f.id = v.customer_id
      where v.tenant_id = ${ctx.tenantId} and v.need_id in (select o.id from needs.need o where o.tenant_id = ${ctx.tenantId} and (o.id = n.id or o.merged_into = n.id))),
      changed_xid = ${thisTransaction}
    where n.tenant_id = ${ctx.tenantId} and n.id = any(${[...ids]}::uuid[])`.execute(ctx.db)

export async function speakFor(ctx: Ctx, id: string, said: Said): Promise<Need> {
  const row = () => visibleNeeds(ctx, 'need:read').select(['n.id', 'n.mergedInto']).where('n.id', '=', id).executeTakeFirst()
  const into = found(await row(), 'need', id).mergedInto ?? id
  await lockNeeds(ctx, [id, into])
  // Merged or taken apart while we waited.
  if (((await row())?.mergedInto ?? id) !== into) throw new Refusal('conflict', 'need.changed_meanwhile')
  const whose = await whoSays(ctx, said)
  if (whose === null && said.words === '') throw new Refusal('invalid', 'need.who_says')
  const isNew = await addVoice(ctx, into, { ...said, whose })
  const need = await written(ctx, into)
  if (isNew)
    await ctx.emit(
      needVoiced,
      { id: into, customerId: whose, interactionId: said.interactionId },
      { voices: need.voices },
      said.words === '' ? {} : { words: said.words },
    )
  return need
}

/** The needs in which any of these customers has a voice, counted anew: their files became one, or two again. */
export async function recountOf(ctx: Ctx, customerIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string; into: string | null }>`select o.id, o.merged_into as "into" from needs.need o
    where o.tenant_id = ${ctx.tenantId} and o.id in (select v.need_id from needs.voice v where v.tenant_id = ${ctx.tenantId} and v.customer_id = any(${[...customerIds]}::uuid[]))`.execute(
    ctx.db,
  )
  const ids = [...new Set(rows.flatMap(row => [row.id, ...(row.into === null ? [] : [row.into])]))]
  if (ids.length === 0) return
  await lockNeeds(ctx, ids)
  await recount(ctx, ids)
}

/** It became known whom a contact was with, or that it was someone else: what was said in it is theirs. */
export async function followContact(ctx: Ctx, interactionId: string, fromCustomerId: string | null): Promise<void> {
  const { rows: known } = await sql<{
    id: string | null
  }>`select customer_id as id from interactions.fact_interaction where tenant_id = ${ctx.tenantId} and id = ${interactionId}`.execute(
    ctx.db,
  )
  const whose = known[0]?.id ? await keptOf(ctx, known[0].id) : null
  if (whose === null) return
  const { rows } = await sql<{ id: string; needId: string; into: string; words: string }>`select v.id, v.need_id as "needId",
      coalesce(o.merged_into, o.id) as "into", v.words
    from needs.voice v join needs.need o on o.tenant_id = ${ctx.tenantId} and o.id = v.need_id
    where v.tenant_id = ${ctx.tenantId} and v.interaction_id = ${interactionId} and (v.customer_id is null ${fromCustomerId === null ? sql`` : sql`or ${ofFamily(ctx, sql`v.customer_id`, fromCustomerId)}`})
      and v.customer_id is distinct from ${whose}::uuid`.execute(ctx.db)
  if (rows.length === 0) return
  const touched = [...new Set(rows.flatMap(row => [row.needId, row.into]))]
  await lockNeeds(ctx, touched)
  for (const { id, needId, into, words } of rows) {
    const mine = await voiceOf(ctx, into, whose)
    if (mine !== null) {
      await addTo(ctx, mine, { words, interactionId, from: null })
      await ctx.db.deleteFrom('needs.voice').where('id', '=', id).execute()
    } else await ctx.db.updateTable('needs.voice').set({ customerId: whose }).where('id', '=', id).execute()
    await ctx.emit(needVoiced, { id: needId, customerId: whose, interactionId }, { voices: (await written(ctx, into)).voices })
  }
  await recount(ctx, touched)
}
