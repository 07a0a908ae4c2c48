import { sql } from 'kysely'
import type * as z from 'zod'
import type { Block, blocks } from '#contract/blocks.ts'
import { blockNumber } from '#domains/messaging/index.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { visible } from './records.ts'
import { lockMine } from './softphone.ts'

/** The number that called is turned away from now on; whoever does not lead the call's agent proposes it. */
export async function blockCaller(ctx: Ctx, id: string, given: z.output<typeof blocks.caller.body>): Promise<Block> {
  const { rows } = await sql<{ direction: string; caller: string }>`select c.direction, c.caller from voice.call c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${visible(ctx, 'voice:supervise')}`.execute(ctx.db)
  const call = rows[0] ?? (await lockMine(ctx, id))
  if (call.direction !== 'in') throw new Refusal('conflict', 'call.not_inbound')
  // `anonymous` is many.
  if (!/\d{3}/.test(call.caller)) throw new Refusal('conflict', 'call.number_withheld')
  return blockNumber(ctx, { ...given, number: call.caller, callId: id }, rows.length > 0)
}
