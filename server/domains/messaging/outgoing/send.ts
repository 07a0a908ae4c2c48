import { sql } from 'kysely'
import type { Purpose, Tongue, Way } from '#contract/outgoing.ts'
import { actorId } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { seal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { addressesOf } from './guard.ts'
import { nameIn, senderOf } from './policy.ts'
import { notAfter, traits } from './rules.ts'
import { templateOf } from './templates.ts'
import { checkVariables, sourceOf } from './templating.ts'
import { wakeSender } from './wake.ts'

export type NewMessage = {
  channel: Way
  purpose: Purpose
  template: string
  /** Without it the person's, else the organisation's. */
  language?: Tongue
  /** `name` and `organisation` are known; those that open doors go into `secrets`. */
  variables: Readonly<Record<string, string>>
  secrets?: Readonly<Record<string, string>>
  customerId?: string
  personId?: string
  /** Where neither a customer nor a colleague is meant. */
  address?: string
  /** The same thing said again is sent once. */
  idempotencyKey?: string
  fileIds?: readonly string[]
  /** Whose department it concerns, and who caused it where that is not the caller: by these it is seen in the outbox. */
  departmentId?: string | null
  byId?: string | null
  /** Only by this way out: a test of it. */
  providerId?: string
}

/**
 * Puts one message into the outbox, in the caller's transaction; it leaves after the commit, past the guard. A template that misses a variable refuses here. Somebody
 * without an address is a refused row, not an error: it shows that nothing was sent, and why.
 */
export async function sendMessage(ctx: Ctx, message: NewMessage): Promise<{ id: string }> {
  const { channel, purpose, customerId = null, personId = null, idempotencyKey: key = null, fileIds = [] } = message
  const [template, sender, to] = await Promise.all([templateOf(ctx, message.template), senderOf(ctx), recipientOf(ctx, message)])
  const language = message.language ?? to.language ?? sender.language
  const source = sourceOf(template, channel, language)
  const known = new Set(template.variables.map(v => v.key))
  const own = Object.fromEntries(Object.entries({ name: to.name, organisation: nameIn(sender, language) }).filter(([k]) => known.has(k)))
  const variables = { ...own, ...message.variables }
  checkVariables(template, source, { ...variables, ...message.secrets })
  const id = newId()
  const refused = to.address === null
  const sealed = message.secrets ? seal(ctx.house.key, JSON.stringify(message.secrets)) : null
  const { rows } = await sql<{
    id: string
  }>`insert into messaging.outgoing (tenant_id, id, channel, purpose, customer_id, person_id, name, address, template, language, subject, text, vendor_code,
      variables, sealed, file_ids, state, priority, due_at, not_after, reason, key, provider_id, made_at, ended_at, by_id, department_id)
    values (${ctx.tenantId}, ${id}, ${channel}, ${purpose}, ${customerId}, ${personId}, ${to.name}, ${to.address}, ${template.code}, ${language}, ${source.subject}, ${source.text}, ${template.vendorCode},
      ${JSON.stringify(variables)}, ${refused ? null : sealed}, ${[...fileIds]}::uuid[], ${refused ? 'refused' : 'waiting'}, ${traits[purpose].priority}, ${ctx.now}, ${notAfter(purpose, ctx.now)},
      ${refused ? 'no_address' : null}, ${key}, ${message.providerId ?? null}, ${ctx.now}, ${refused ? ctx.now : null}, ${message.byId ?? actorId(ctx.actor)}, ${message.departmentId ?? null})
    on conflict (tenant_id, key) where key is not null do nothing returning id`.execute(ctx.db)
  if (rows[0]) {
    wakeSender(ctx)
    return { id }
  }
  const before = await sql<{ id: string }>`select id from messaging.outgoing where tenant_id = ${ctx.tenantId} and key = ${key}`.execute(
    ctx.db,
  )
  return { id: before.rows[0]?.id ?? id }
}

type Recipient = { name: string; address: string | null; language: Tongue | null }

async function recipientOf(ctx: Ctx, { channel, customerId, personId, address }: NewMessage): Promise<Recipient> {
  if (address !== undefined) return { name: '', address, language: null }
  if (customerId !== undefined) {
    const known = (await addressesOf(ctx, [customerId], channel)).get(customerId)
    if (!known) throw new Refusal('not_found', 'customer.not_found', { id: customerId })
    return { ...known, language: null }
  }
  const { rows } = await sql<{
    name: string
    email: string | null
    language: Tongue | null
  }>`select name, email, language from identity.fact_person
    where tenant_id = ${ctx.tenantId} and id = ${personId ?? null} and not retired`.execute(ctx.db)
  const person = rows[0]
  if (!person) throw new Refusal('not_found', 'person.not_found', { id: personId })
  return { name: person.name, address: channel === 'mail' ? person.email : null, language: person.language }
}
