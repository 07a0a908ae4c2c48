import { sql } from 'kysely'
import type * as z from 'zod'
import type { MyCall, softphone } from '#contract/voice.ts'
import { customerCard, identify, mustBeWelcome, mustSayWhy, phoneOnFile } from '#domains/customers/index.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { reassign } from '#domains/routing/index.ts'
import { asUser } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { dialled, shownNumber } from './dialling.ts'
import { callPlaced } from './events.ts'
import { newCall } from './opening.ts'
import { lineOf } from './records.ts'
import { aboutCall, type CallRow, type NumberRow } from './rows.ts'
import { addCall } from './saving.ts'
import { myCall } from './softphone.ts'
import { stepOf } from './stepping.ts'
import { switchesOf } from './switches.ts'

type Wanted = z.output<typeof softphone.place.body>

/** An agent calls out: the agent's own phone first, then the number. It holds the agent's place like any contact. */
export async function place(ctx: Ctx, wanted: Wanted): Promise<MyCall> {
  const me = asUser(ctx.actor)
  const before = await ctx.db.selectFrom('voice.call').selectAll().where('clientId', '=', wanted.clientId).executeTakeFirst()
  if (before) return myCall(ctx, found(before.agentId === me.id ? before : undefined, 'call', before.id))
  const number = await shownNumber(ctx, wanted.numberId ?? null)
  const { to, customerId, isAnswer } = await otherEnd(ctx, wanted)
  const customer = customerId ? await customerCard(ctx, customerId) : await identify(ctx, { phone: to })
  const called = { customerId: customer?.id ?? null, phone: to }
  const { purpose } = wanted
  if (purpose !== undefined && purpose !== 'service') await mustBeWelcome(ctx, { ...called, purpose })
  if (purpose === undefined && !isAnswer && !wanted.ticketId) await mustSayWhy(ctx, called)
  const { id: interactionId } = await openInteraction(ctx, {
    channel: 'phone',
    direction: 'out',
    customerId: customer?.id ?? null,
    queueId: null,
    subject: await subjectOf(ctx, wanted, number),
    source: wanted.ticketId ? `ticket:${wanted.ticketId}` : `number:${number.number}`,
    state: 'active',
    unanswered: true,
    agentId: me.id,
  })
  const row: CallRow = {
    ...newCall(ctx, {
      id: newId(),
      direction: 'out',
      line: lineFor(ctx.house, number),
      language: number.language,
      caller: number.number,
      called: to,
      trunkId: number.trunkId,
    }),
    interactionId,
    numberId: number.id,
    customerId: customer?.id ?? null,
    customerName: customer?.name ?? '',
    agentId: me.id,
    clientId: wanted.clientId,
  }
  addCall(ctx, row)
  // Holds the agent: whoever comes second finds what the first has begun.
  await reassign(ctx, interactionId, null, me.id)
  await checkFree(ctx, me.id)
  await ctx.emit(callPlaced, aboutCall(row), { line: row.line, agentId: me.id, ...(purpose ? { purpose } : {}) })
  const { number: shown, trunkId } = number
  const placed = await stepOf(ctx, row, [{ from: 'house', kind: 'placed', agentId: me.id, to, shown, trunkId }])
  return myCall(ctx, placed)
}

/** One call at a time: a second one would have no hand to hold it. */
async function checkFree(ctx: Ctx, agentId: string): Promise<void> {
  const { rows } =
    await sql`select 1 from voice.leg l join voice.call c on c.tenant_id = ${ctx.tenantId} and c.id = l.call_id and c.stage <> 'over'
    where l.tenant_id = ${ctx.tenantId} and l.agent_id = ${agentId} and l.ended_at is null limit 1`.execute(ctx.db)
  if (rows.length > 0) throw new Refusal('conflict', 'call.busy')
}

/** `isAnswer`: they called us. */
type End = { to: string; customerId: string | null; isAnswer: boolean }

/** Where it is dialled, and who is known to be there. */
async function otherEnd(ctx: Ctx, { number, customerId, callId }: Wanted): Promise<End> {
  if (number !== undefined) return { to: dialled(number), customerId: customerId ?? null, isAnswer: false }
  if (callId !== undefined) return endOf(ctx, callId)
  if (customerId === undefined) throw new Refusal('invalid', 'call.nobody_named')
  const onFile = await phoneOnFile(ctx, customerId)
  if (onFile === null) throw new Refusal('conflict', 'call.no_number_on_file')
  return { to: onFile, customerId, isAnswer: false }
}

/** Numbers are masked in lists: whoever may see a call may call back without reading it. */
async function endOf(ctx: Ctx, callId: string): Promise<End> {
  const { direction, caller, called, customerId } = found(await lineOf(ctx, sql`c.id = ${callId}`), 'call', callId)
  const number = direction === 'in' ? caller : called
  if (number === '') throw new Refusal('conflict', 'call.number_withheld')
  return { to: dialled(number), customerId, isAnswer: direction === 'in' }
}

/** What it is about, where a ticket led to it. */
async function subjectOf(ctx: Ctx, { ticketId }: Wanted, number: NumberRow): Promise<string> {
  if (ticketId === undefined) return number.name
  const { rows } = await sql<{ title: string }>`select number || ' ' || title as title from tickets.fact_ticket
    where tenant_id = ${ctx.tenantId} and id = ${ticketId}`.execute(ctx.db)
  return found(rows[0], 'ticket', ticketId).title
}

/** Through the exchange where the number has a trunk and an exchange is there; else on the practice line. */
function lineFor(house: House, { trunkId }: NumberRow): string {
  const lines = switchesOf(house)
  const exchanges = lines.filter(line => line.kind === 'asterisk')
  const exchange = exchanges.find(line => line.state().state === 'ready') ?? exchanges[0]
  const line = (trunkId !== null ? exchange : undefined) ?? lines.find(l => l.kind === 'practice') ?? exchange
  if (!line) throw new Refusal('conflict', 'call.no_line')
  return line.name
}
