import { sql } from 'kysely'
import * as z from 'zod'
import { type Block, type blocks, longestBlockDays } from '#contract/blocks.ts'
import { maskPhone, phoneNumber, type Shows, showsOf } from '#domains/customers/index.ts'
import { asUser } from '#kernel/access.ts'
import { event } from '#kernel/events.ts'
import { newId } from '#kernel/ids.ts'
import { networkOf } from '#kernel/network.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { hmac } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { lockVisible } from './actions/answer.ts'
import { abandon } from './actions/end.ts'
import { type Conversation, lockConversation } from './actions/say.ts'
import { reaches, visible } from './queries.ts'

type Kind = Block['kind']
type State = Block['state']
const seenBy = 'conversation:supervise'
const fact = z.object({ blockId: z.uuid(), kind: z.enum(['visitor', 'customer', 'address', 'number']), until: z.iso.datetime() })
const blockProposed = event('block.proposed', fact, seenBy)
const blockBegun = event('block.begun', fact, seenBy)
const blockRefused = event('block.refused', fact, seenBy)
const blockLifted = event('block.lifted', fact, seenBy)

declare module '#kernel/tables.ts' {
  interface Tables {
    'messaging.block': {
      id: string
      kind: Kind
      subject: string
      name: string
      conversationId: string | null
      callId: string | null
      reason: string
      state: State
      until: Date
      proposedBy: string
      proposedAt: Date
      decidedBy: string | null
      decidedAt: Date | null
    }
  }
}

/** Comparable and not readable: nobody needs to see a customer's network address to block it. */
const digestOf = (ctx: Ctx, ip: string) => hmac(ctx.house.key, `address ${ctx.tenantId} ${networkOf(ip)}`)

/** Remembers from where a browser came, for whoever blocks it later. */
export const noteAddress = (ctx: Ctx, visitorId: string, ip: string): Promise<unknown> =>
  sql`update messaging.visitor set address_digest = ${digestOf(ctx, ip)} where tenant_id = ${ctx.tenantId} and id = ${visitorId}`.execute(
    ctx.db,
  )

/** Whoever is blocked by browser, by customer or by address reaches nobody: what the request has begun so far is undone with it. */
export async function refuseBlocked(ctx: Ctx, ip: string): Promise<void> {
  if (ctx.actor.kind !== 'visitor') return
  const { rows } = await sql<{ until: Date }>`select b.until from messaging.visitor v
    join messaging.block b on b.tenant_id = ${ctx.tenantId} and b.state = 'active' and b.until > ${ctx.now}
      and (b.kind, b.subject) in (values ('visitor', v.id::text), ('customer', coalesce(v.customer_id::text, '')), ('address', ${digestOf(ctx, ip)}))
    where v.tenant_id = ${ctx.tenantId} and v.id = ${ctx.actor.id} limit 1`.execute(ctx.db)
  if (rows[0]) throw new Refusal('forbidden', 'widget.blocked', { until: rows[0].until.toISOString() })
}

/** Who may supervise the conversation blocks at once; anybody else proposes. */
export async function block(ctx: Ctx, conversationId: string, { kind, reason, until }: z.output<typeof blocks.block.body>): Promise<Block> {
  const c = await lockVisible(ctx, conversationId, 'conversation:write', 'conversation:supervise')
  const { subject, name } = await subjectOf(ctx, c, kind)
  const decides = await reaches(ctx, conversationId, 'conversation:supervise')
  return begin(ctx, { kind, subject, name, conversationId, callId: null, reason, until }, decides)
}

/** Whoever calls from this number is turned away before anybody is disturbed. `decides`: whether the actor may, or proposes. */
export async function blockNumber(
  ctx: Ctx,
  { number, ...given }: { number: string; callId: string; reason: string; until: Date },
  decides: boolean,
): Promise<Block> {
  const subject = phoneNumber(number) ?? number
  return begin(ctx, { ...given, kind: 'number', subject, name: maskPhone(subject) ?? '', conversationId: null }, decides)
}

export async function isNumberBlocked(ctx: Ctx, number: string): Promise<boolean> {
  const active = ctx.db
    .selectFrom('messaging.block')
    .select('id')
    .where('kind', '=', 'number')
    .where('subject', '=', phoneNumber(number) ?? number)
    .where('state', '=', 'active')
    .where('until', '>', ctx.now)
  return (await active.executeTakeFirst()) !== undefined
}

type NewBlock = Pick<Row, 'kind' | 'subject' | 'name' | 'conversationId' | 'callId' | 'reason' | 'until'>

async function begin(ctx: Ctx, { kind, subject, until, ...given }: NewBlock, decides: boolean): Promise<Block> {
  const me = asUser(ctx.actor)
  const days = (until.getTime() - ctx.now.getTime()) / 86_400_000
  if (days <= 0 || days > longestBlockDays) throw new Refusal('invalid', 'block.until', { days: longestBlockDays })
  await ctx.db
    .updateTable('messaging.block')
    .set({ state: 'over' })
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('state', 'in', ['active', 'proposed'])
    .where('until', '<=', ctx.now)
    .execute()
  const added = await ctx.db
    .insertInto('messaging.block')
    .values({
      id: newId(),
      kind,
      subject,
      ...given,
      until,
      state: decides ? 'active' : 'proposed',
      proposedBy: me.id,
      proposedAt: ctx.now,
      decidedBy: decides ? me.id : null,
      decidedAt: decides ? ctx.now : null,
    })
    .onConflict(o => o.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!added) throw new Refusal('conflict', 'block.there_already')
  await told(ctx, added, decides ? blockBegun : blockProposed)
  if (decides) await sendAway(ctx, added)
  return oneBlock(ctx, added.id)
}

export async function decideBlock(ctx: Ctx, id: string, accept: boolean): Promise<Block> {
  const row = await lockBlock(ctx, id)
  if (row.state !== 'proposed' || row.until <= ctx.now) throw new Refusal('conflict', 'block.decided')
  await settle(ctx, row, accept ? 'active' : 'refused')
  await told(ctx, row, accept ? blockBegun : blockRefused)
  if (accept) await sendAway(ctx, row)
  return oneBlock(ctx, id)
}

export async function liftBlock(ctx: Ctx, id: string): Promise<Block> {
  const row = await lockBlock(ctx, id)
  if (row.state !== 'active' || row.until <= ctx.now) throw new Refusal('conflict', 'block.not_active')
  await settle(ctx, row, 'lifted')
  await told(ctx, row, blockLifted)
  return oneBlock(ctx, id)
}

type Row = Awaited<ReturnType<typeof lockBlock>>

/** What the actor does not lead, it cannot find: a block belongs to the conversation it came from; a caller is nobody's and everybody's. */
async function lockBlock(ctx: Ctx, id: string) {
  const row = await ctx.db.selectFrom('messaging.block').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (row?.kind === 'number') return row
  const may = row && (await sql`select 1 from messaging.conversation c where c.tenant_id = ${ctx.tenantId} and c.id = ${row.conversationId}
    and ${visible(ctx, seenBy)}`.execute(ctx.db)).rows // biome-ignore format: one question
  return found(may && may.length > 0 ? row : undefined, 'block', id)
}

const settle = (ctx: Ctx, { id }: Row, state: State) =>
  ctx.db
    .updateTable('messaging.block')
    .set({ state, decidedBy: asUser(ctx.actor).id, decidedAt: ctx.now })
    .where('id', '=', id)
    .execute()

async function told(ctx: Ctx, row: Row, def: typeof blockBegun): Promise<void> {
  await ctx.emit(
    def,
    { id: row.conversationId ?? row.callId ?? row.id },
    { blockId: row.id, kind: row.kind, until: row.until.toISOString() },
    { reason: row.reason },
  )
}

async function subjectOf(ctx: Ctx, c: Conversation, kind: Exclude<Kind, 'number'>): Promise<{ subject: string; name: string }> {
  const { rows } = await sql<{ address: string | null }>`select address_digest as address from messaging.visitor
    where tenant_id = ${ctx.tenantId} and id = ${c.visitorId}`.execute(ctx.db)
  const subject = { visitor: c.visitorId, customer: c.customerId, address: rows[0]?.address ?? null }[kind]
  if (subject === null) throw new Refusal('invalid', 'block.nothing_known', { kind })
  return { subject, name: c.customerName }
}

/** Whoever of them waits now gives up the place; a talk in an agent's hand is ended by the agent. */
async function sendAway(ctx: Ctx, { kind, subject }: Row): Promise<void> {
  if (kind === 'number') return
  const whose = {
    visitor: sql`c.visitor_id::text = ${subject}`,
    customer: sql`c.customer_id::text = ${subject}`,
    address: sql`exists (select 1 from messaging.visitor v where v.tenant_id = ${ctx.tenantId} and v.id = c.visitor_id and v.address_digest = ${subject})`,
  }[kind]
  const { rows } = await sql<{ id: string }>`select c.id from messaging.conversation c
    where c.tenant_id = ${ctx.tenantId} and c.state = 'waiting' and ${whose} order by c.id limit 200`.execute(ctx.db)
  for (const { id } of rows) {
    const c = await lockConversation(ctx, id)
    if (c.state === 'waiting') await abandon(ctx, c)
  }
}

const boxes = {
  proposed: (now: Date) => sql`b.state = 'proposed' and b.until > ${now}`,
  active: (now: Date) => sql`b.state = 'active' and b.until > ${now}`,
  past: (now: Date) => sql`(b.state in ('refused', 'lifted', 'over') or b.until <= ${now})`,
}
const columns = (
  ctx: Ctx,
) => sql`b.id, b.kind, case when b.state in ('active', 'proposed') and b.until <= ${ctx.now} then 'over' else b.state end as state, b.name,
  b.conversation_id as "conversationId", b.call_id as "callId", b.reason, b.until, coalesce(p.name, '') as "proposedByName", b.proposed_at as "proposedAt", d.name as "decidedByName", b.decided_at as "decidedAt"`
const from = (ctx: Ctx) => sql`messaging.block b
  left join messaging.conversation c on c.tenant_id = ${ctx.tenantId} and c.id = b.conversation_id
  left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = b.proposed_by
  left join identity.fact_person d on d.tenant_id = ${ctx.tenantId} and d.id = b.decided_by`

export async function listBlocks(ctx: Ctx, { box, after, size = 50 }: z.output<typeof blocks.list.query>): Promise<Page<Block>> {
  const cursor = readCursor(after, z.tuple([z.uuid()]))
  const { rows } = await sql<Block>`select ${columns(ctx)} from ${from(ctx)}
    where b.tenant_id = ${ctx.tenantId} and ${boxes[box](ctx.now)} and (b.kind = 'number' or ${visible(ctx, seenBy)}) ${cursor ? sql`and b.id < ${cursor[0]}` : sql``}
    order by b.id desc limit ${size + 1}`.execute(ctx.db)
  const shows = await showsOf(ctx)
  return pageRows(
    rows.map(row => seenAs(shows, row)),
    size,
    row => [row.id],
  )
}

/** A barred number is called as it was masked. */
const seenAs = (shows: Shows, row: Block): Block => (row.kind === 'number' && shows('phone') === 'hidden' ? { ...row, name: '' } : row)

/** The actor has just locked it, or made it. */
async function oneBlock(ctx: Ctx, id: string): Promise<Block> {
  const { rows } = await sql<Block>`select ${columns(ctx)} from ${from(ctx)} where b.tenant_id = ${ctx.tenantId} and b.id = ${id}`.execute(
    ctx.db,
  )
  return seenAs(await showsOf(ctx), found(rows[0], 'block', id))
}
