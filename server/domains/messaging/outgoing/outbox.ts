import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Message, outbox, WholeMessage } from '#contract/outgoing.ts'
import { mayReadCustomer, type Shows, showsOf } from '#domains/customers/index.ts'
import { personName } from '#domains/identity/index.ts'
import { familyOf, ofFamily } from '#kernel/family.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { unseal } from '#kernel/secrets.ts'
import { sortedBy, sortKeyOf, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { notAfter, traits } from './rules.ts'
import { seen, waysToSee } from './seeing.ts'
import { addressSeen } from './suppressions.ts'
import { filled } from './templating.ts'
import { wakeSender } from './wake.ts'

type Row = Message & { address: string | null }
const columns = sql`o.id, o.channel, o.purpose, o.state, o.customer_id as "customerId", o.person_id as "personId", o.name, o.address, o.template, o.tries, o.due_at as "dueAt", o.reason,
  p.name as "providerName", o.notice_id as "noticeId", o.made_at as "madeAt", o.handed_at as "handedAt", o.ended_at as "endedAt"`
const from = (ctx: Ctx) =>
  sql`messaging.outgoing o left join messaging.provider p on p.tenant_id = ${ctx.tenantId} and p.id = o.provider_id`
const shown = <R extends Row>(shows: Shows, row: R): R => ({
  ...row,
  address: row.address === null ? null : addressSeen(shows, row.channel, row.address),
})

/** As far as one reads the outbox; addresses stay masked. */
export const listOutbox = (ctx: Ctx, q: z.output<typeof outbox.list.query>): Promise<Page<Message>> => listed(ctx, q, waysToSee(ctx))

async function listed(ctx: Ctx, q: z.output<typeof outbox.list.query>, ways: RawBuilder<boolean>[] | null): Promise<Page<Message>> {
  const size = q.size ?? 50
  const { key, order, after } = sortedBy(turn('id', sql`o.id`, sql`o.id`, q.sort !== 'time'), q.after)
  const family = q.customerId === undefined ? undefined : await familyOf(ctx, q.customerId)
  // The first of each way to see one, by its own index: all ways at once would read the whole outbox for the few that are mine.
  const first = (way: RawBuilder<boolean>) =>
    sql`(select o.id from messaging.outgoing o where ${matching(ctx, q, family)} and ${way} and ${after} order by ${order} limit ${size + 1})`
  const within = ways === null ? sql`true` : sql`o.id = any(array(${sql.join(ways.map(first), sql` union `)}))`
  const { rows } = await sql<Row & { sortKey: string }>`select ${columns}, ${key} from ${from(ctx)} where ${matching(ctx, q, family)}
    and ${within} and ${after} order by ${order} limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, sortKeyOf)
  const shows = await showsOf(ctx)
  return { ...page, rows: page.rows.map(row => shown(shows, unkeyed(row))) }
}

const matching = (ctx: Ctx, q: Partial<z.output<typeof outbox.list.query>>, family?: readonly string[]) => sql`o.tenant_id = ${ctx.tenantId}
    ${q.state ? sql`and o.state = ${q.state}` : sql``} ${q.channel ? sql`and o.channel = ${q.channel}` : sql``} ${q.purpose ? sql`and o.purpose = ${q.purpose}` : sql``}
    ${q.noticeId ? sql`and o.notice_id = ${q.noticeId}` : sql``} ${q.customerId ? sql`and ${ofFamily(ctx, sql`o.customer_id`, family ?? q.customerId)}` : sql``}`

/** The ids behind a query, for whoever counts them. */
export const countable = (ctx: Ctx, q: Partial<z.output<typeof outbox.list.query>>): RawBuilder<unknown> =>
  sql`(select o.id from messaging.outgoing o where ${matching(ctx, q)} and ${seen(ctx)})`

export async function messagesOfCustomer(
  ctx: Ctx,
  customerId: string,
  paging: { after?: string | undefined; size?: number | undefined },
): Promise<Page<Message>> {
  if (!(await mayReadCustomer(ctx, customerId))) throw new Refusal('not_found', 'customer.not_found', { id: customerId })
  // Whoever serves a customer knows what the customer was told, whoever caused it.
  return listed(ctx, { customerId, ...paging }, null)
}

export async function oneMessage(ctx: Ctx, id: string): Promise<z.output<typeof WholeMessage>> {
  type Whole = Row &
    Omit<z.output<typeof WholeMessage>, keyof Message | 'byName'> & {
      byId: string | null
      variables: Record<string, string>
      sealed: string | null
      seen: boolean
    }
  const { rows } =
    await sql<Whole>`select ${columns}, o.language, coalesce(o.subject, n.subject, '') as subject, coalesce(o.text, n.text, '') as text, o.detail, o.provider_ref as "providerRef",
      o.not_after as "notAfter", o.by_id as "byId", coalesce(n.variables, '{}') || o.variables as variables, o.sealed, ${seen(ctx)} as seen
    from ${from(ctx)} left join messaging.notice n on n.tenant_id = ${ctx.tenantId} and n.id = o.notice_id where o.tenant_id = ${ctx.tenantId} and o.id = ${id}`.execute(
      ctx.db,
    )
  const { variables, sealed, byId, seen: mine, ...row } = found(rows[0], 'message', id)
  if (!mine && !(row.customerId && (await mayReadCustomer(ctx, row.customerId))))
    throw new Refusal('not_found', 'message.not_found', { id })
  // What opens doors is nobody's to read here, neither before nor after.
  const secret: Record<string, string> = sealed === null ? {} : JSON.parse(unseal(ctx.house.key, sealed))
  const said = (text: string) =>
    spoken(text, { name: row.name, ...variables, ...Object.fromEntries(Object.keys(secret).map(key => [key, '•••'])) })
  const { address, detail } = row
  const shows = await showsOf(ctx)
  return {
    ...shown(shows, row),
    ...(opensDoors.includes(row.purpose) ? { subject: '', text: '' } : { subject: said(row.subject), text: said(row.text) }),
    // Providers like to repeat to whom it was.
    detail: address && detail ? detail.replaceAll(address, addressSeen(shows, row.channel, address) ?? '') : detail,
    byName: byId ? await personName(ctx, byId) : null,
  }
}
/** Their words are read by whoever they are for, and nobody else. */
const opensDoors: readonly string[] = ['password_link', 'invitation', 'code']
/** A hole whose value is gone stays one, for the eye. */
const spoken = (text: string, variables: Record<string, string>) =>
  filled(text, { ...Object.fromEntries([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(m => [m[1] ?? '', '•••'])), ...variables })

/** From the beginning, past the guard again. What opened a door is gone with the first try: it must be asked for anew. */
export async function retryMessage(ctx: Ctx, id: string) {
  const { rows } = await sql<{
    state: string
    purpose: Message['purpose']
    calledOff: boolean
    gone: boolean
  }>`select o.state, o.purpose, o.sealed is null and o.text ~ '\\{\\{\\s*link\\s*\\}\\}' and not o.variables ? 'link' as gone, coalesce(n.state = 'cancelled', false) as called_off from messaging.outgoing o
    left join messaging.notice n on n.tenant_id = ${ctx.tenantId} and n.id = o.notice_id
    where o.tenant_id = ${ctx.tenantId} and o.id = ${id} and ${seen(ctx)} for update of o`.execute(ctx.db)
  const row = found(rows[0], 'message', id)
  if (!['failed', 'refused', 'bounced', 'cancelled', 'unknown'].includes(row.state)) throw new Refusal('conflict', 'message.not_over')
  if (row.calledOff) throw new Refusal('conflict', 'notice.over')
  if (row.gone || opensDoors.includes(row.purpose)) throw new Refusal('conflict', 'message.secret_gone')
  // A mail goes under the same reference as before: what was told of its last journey is not told of this one.
  await sql`delete from messaging.receipt r using messaging.outgoing o where o.tenant_id = ${ctx.tenantId} and o.id = ${id}
    and r.tenant_id = ${ctx.tenantId} and r.provider_id = o.provider_id and r.ref = o.provider_ref`.execute(ctx.db)
  await sql`update messaging.outgoing set state = 'waiting', tries = 0, due_at = ${ctx.now}, not_after = ${notAfter(row.purpose, ctx.now)}, reason = null, detail = null, ended_at = null, claim = null,
    provider_ref = null, provider_id = case when purpose = 'test' then provider_id end, priority = ${traits[row.purpose].priority}, address = coalesce((select case when channel = 'mail' then c.email else c.phone end from customers.fact_reach c where c.tenant_id = ${ctx.tenantId} and c.id = customer_id), address)
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  wakeSender(ctx)
  return oneMessage(ctx, id)
}

/** Those of these that still wait do not go. For another domain, which has something else to say. */
export const callOff = (ctx: Ctx, ids: readonly string[]) =>
  sql`update messaging.outgoing set state = 'cancelled', ended_at = ${ctx.now}, sealed = null, reason = null
    where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[]) and state = 'waiting'`.execute(ctx.db)

export async function cancelMessage(ctx: Ctx, id: string) {
  const { rows } = await sql<{
    state: string
  }>`update messaging.outgoing o set state = 'cancelled', ended_at = ${ctx.now}, sealed = null, reason = null
    where o.tenant_id = ${ctx.tenantId} and o.id = ${id} and o.state = 'waiting' and ${seen(ctx)} returning o.state`.execute(ctx.db)
  if (!rows[0]) {
    await oneMessage(ctx, id)
    throw new Refusal('conflict', 'message.not_waiting')
  }
  return oneMessage(ctx, id)
}
