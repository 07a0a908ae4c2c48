import { sql } from 'kysely'
import type { MyCall } from '#contract/voice.ts'
import { asUser } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { visible } from './records.ts'
import { type CallRow, lockCall } from './rows.ts'
import type { Told } from './rules/call.ts'
import { myCall } from './softphone.ts'
import { stepOf } from './stepping.ts'

/** A call of the agents whom the actor leads, locked. */
async function lockLed(ctx: Ctx, id: string): Promise<CallRow> {
  const row = await lockCall(ctx, id)
  const { rows } =
    await sql`select 1 from voice.call c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${visible(ctx, 'voice:supervise')}`.execute(
      ctx.db,
    )
  return found(rows.length > 0 ? row : undefined, 'call', id)
}

const tellIt = async (ctx: Ctx, id: string, told: (by: string) => Told): Promise<CallRow> =>
  stepOf(ctx, await lockLed(ctx, id), [{ from: 'house', ...told(asUser(ctx.actor).id) }])

/** Who listens, whispers or joins stands in the audit; the machine says so itself. */
export const attend = async (ctx: Ctx, id: string, mode: 'listen' | 'whisper' | 'barge'): Promise<MyCall> =>
  myCall(ctx, await tellIt(ctx, id, by => ({ kind: 'attend', by, mode })))
export const leave = async (ctx: Ctx, id: string): Promise<{ id: string }> => {
  await tellIt(ctx, id, by => ({ kind: 'leave', by }))
  return { id }
}
export const takeOver = async (ctx: Ctx, id: string): Promise<MyCall> =>
  myCall(ctx, await tellIt(ctx, id, by => ({ kind: 'takeOver', by })))
