import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Conversation, conversations, Message } from '#contract/messaging.ts'
import { emailShown, phoneShown, showsOf } from '#domains/customers/index.ts'
import { oneInteraction } from '#domains/interactions/index.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { fileCards } from '#kernel/files.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { presentMs } from './rules.ts'

/** Which conversations this permission reaches, over `c`. Whoever is asked to take one sees it before the first word; whoever gave it away may read on. */
export function visible(ctx: Ctx, permission: Permission = 'conversation:read'): RawBuilder<unknown> {
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return sql`true`
  if (scope === null || ctx.actor.kind !== 'user') return sql`false`
  const { id, teamId, departmentId } = ctx.actor
  const asked = sql`c.agent_id = ${id} or c.given_by = ${id} or c.handing_to_agent = ${id}
    or c.state in ('waiting', 'left', 'active') and (
      c.agent_id is null and ${inMyQueues(ctx, id)}
      or exists (select 1 from routing.fact_waiting w where w.tenant_id = ${ctx.tenantId} and w.interaction_id = c.interaction_id and w.offered_to = ${id}))`
  if (scope === 'own') return sql`(${asked})`
  const mine = scope === 'team' ? sql`p.team_id = ${teamId}` : sql`p.department_id = ${departmentId}`
  return sql`(${asked} or c.agent_id is null
    or exists (select 1 from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = c.agent_id and ${mine}))`
}

const inMyQueues = (ctx: Ctx, agentId: string) =>
  sql`c.queue_id in (select m.queue_id from routing.fact_member m where m.tenant_id = ${ctx.tenantId} and m.agent_id = ${agentId})`

const columns = (
  ctx: Ctx,
) => sql`c.id, c.interaction_id as "interactionId", c.channel, c.state, c.queue_id as "queueId", q.name as "queueName", c.agent_id as "agentId", a.name as "agentName",
  c.customer_id as "customerId", coalesce(cu.name, c.customer_name) as "customerName", coalesce(cu.tier, c.tier) as tier, c.subject, c.page, c.preview, c.last_seq as "lastSeq",
  c.last_at as "lastAt", c.last_author as "lastAuthor", c.customer_read as "customerRead", c.agent_read as "agentRead", c.unread, c.started_at as "startedAt", c.answered_at as "answeredAt",
  c.ended_at as "endedAt", c.reply_due as "replyDue", case when c.snoozed_until > ${ctx.now} then c.snoozed_until end as "snoozedUntil", c.reason_id as "reasonId", c.rating,
  coalesce(v.online and v.seen_at > ${new Date(ctx.now.getTime() - presentMs)}, false) as "customerOnline", coalesce(ha.name, hq.name) as "handingTo", v.known_by as "knownBy"`

const from = (ctx: Ctx) => sql`messaging.conversation c
  left join routing.fact_queue q on q.tenant_id = ${ctx.tenantId} and q.id = c.queue_id
  left join identity.fact_person a on a.tenant_id = ${ctx.tenantId} and a.id = c.agent_id
  left join customers.fact_customer cu on cu.tenant_id = ${ctx.tenantId} and cu.id = c.customer_id
  left join identity.fact_person ha on ha.tenant_id = ${ctx.tenantId} and ha.id = c.handing_to_agent
  left join routing.fact_queue hq on hq.tenant_id = ${ctx.tenantId} and hq.id = c.handing_to_queue
  left join messaging.visitor v on v.tenant_id = ${ctx.tenantId} and v.id = c.visitor_id`

// States as literals: a partial index is not used for a parameter.
const boxes = {
  mine: (_ctx: Ctx, me: string) => sql`c.agent_id = ${me} and c.state in ('active', 'wrap')`,
  queue: (ctx: Ctx, me: string) => sql`c.state in ('waiting', 'left') and c.agent_id is null and ${inMyQueues(ctx, me)}`,
  team: () => sql`c.state in ('waiting', 'active', 'wrap', 'left')`,
  done: (_ctx: Ctx, me: string) => sql`c.agent_id = ${me} and c.state = 'done'`,
}

export async function listConversations(
  ctx: Ctx,
  { box, after, size = 50 }: z.output<typeof conversations.list.query>,
): Promise<Page<Conversation>> {
  const cursor = readCursor(after, z.tuple([z.iso.datetime(), z.uuid()]))
  const { rows } = await sql<Conversation>`select ${columns(ctx)} from ${from(ctx)}
    where c.tenant_id = ${ctx.tenantId} and ${boxes[box](ctx, asUser(ctx.actor).id)} and ${visible(ctx)}
    ${cursor ? sql`and (c.last_at, c.id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql``}
    order by c.last_at desc, c.id desc limit ${size + 1}`.execute(ctx.db)
  return pageRows(rows, size, row => [row.lastAt.toISOString(), row.id])
}

export async function oneConversation(ctx: Ctx, id: string): Promise<Conversation> {
  const { rows } =
    await sql<Conversation>`select ${columns(ctx)} from ${from(ctx)} where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${visible(ctx)}`.execute(
      ctx.db,
    )
  return found(rows[0], 'conversation', id)
}

/** Null of a contact that may be seen, but whose words are for others, or none. */
export async function conversationOfContact(ctx: Ctx, interactionId: string): Promise<{ conversation: Conversation | null }> {
  const { rows } =
    await sql<Conversation>`select ${columns(ctx)} from ${from(ctx)} where c.tenant_id = ${ctx.tenantId} and c.interaction_id = ${interactionId} and ${visible(ctx)}`.execute(
      ctx.db,
    )
  if (!rows[0]) await oneInteraction(ctx, interactionId)
  return { conversation: rows[0] ?? null }
}

/** Their own words about themselves, proved by nobody, as the actor sees numbers; once the customer is known, numbers are the archive's to show. */
export async function givenIn(ctx: Ctx, id: string): Promise<{ phone: string | null; email: string | null }> {
  const { rows } = await sql<{ phone: string | null; email: string | null }>`select
    case when c.agent_id = ${asUser(ctx.actor).id} and c.customer_id is null then v.phone end as phone,
    case when c.agent_id = ${asUser(ctx.actor).id} and c.customer_id is null then v.email end as email
    from messaging.conversation c left join messaging.visitor v on v.tenant_id = ${ctx.tenantId} and v.id = c.visitor_id
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${visible(ctx, 'conversation:write')}`.execute(ctx.db)
  const { phone, email } = found(rows[0], 'conversation', id)
  const shows = await showsOf(ctx)
  return { phone: phoneShown(shows, phone), email: emailShown(shows, email) }
}

export const maySee = (ctx: Ctx, id: string): Promise<boolean> => reaches(ctx, id, 'conversation:read')

export async function reaches(ctx: Ctx, id: string, permission: Permission): Promise<boolean> {
  const { rows } =
    await sql`select 1 from messaging.conversation c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${visible(ctx, permission)}`.execute(
      ctx.db,
    )
  return rows.length > 0
}

type Row = Omit<Message, 'file'> & { fileId: string | null }
const messageColumns = sql`id, conversation_id as "conversationId", seq, author, author_id as "authorId", author_name as "authorName", kind, text, file_id as "fileId", code, facts, client_id as "clientId", sent_at as "sentAt"`
const most = 200

/** In order. `afterSeq`: what came since; `beforeSeq`: what was earlier; neither: the latest. */
export async function messagesOf(
  ctx: Ctx,
  id: string,
  { afterSeq, beforeSeq, notes }: { afterSeq?: number | undefined; beforeSeq?: number | undefined; notes: boolean },
): Promise<Message[]> {
  const forward = afterSeq !== undefined
  const { rows } =
    await sql<Row>`select ${messageColumns} from messaging.message where tenant_id = ${ctx.tenantId} and conversation_id = ${id}
    ${forward ? sql`and seq > ${afterSeq}` : sql``} ${beforeSeq === undefined ? sql`` : sql`and seq < ${beforeSeq}`} ${notes ? sql`` : sql`and kind <> 'note'`}
    order by seq ${forward ? sql`` : sql`desc`} limit ${most}`.execute(ctx.db)
  return withFiles(ctx, forward ? rows : rows.reverse())
}

export async function messageByClient(ctx: Ctx, conversationId: string, clientId: string): Promise<Message | undefined> {
  const { rows } =
    await sql<Row>`select ${messageColumns} from messaging.message where tenant_id = ${ctx.tenantId} and conversation_id = ${conversationId} and client_id = ${clientId}`.execute(
      ctx.db,
    )
  return (await withFiles(ctx, rows))[0]
}

async function withFiles(ctx: Ctx, rows: Row[]): Promise<Message[]> {
  const cards = await fileCards(
    ctx,
    rows.flatMap(row => row.fileId ?? []),
  )
  return rows.map(({ fileId, ...row }) => ({ ...row, file: (fileId && cards.get(fileId)) || null }))
}
