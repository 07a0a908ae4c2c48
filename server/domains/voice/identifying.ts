import type { MyCall } from '#contract/voice.ts'
import { customerCard, rememberIdentity } from '#domains/customers/index.ts'
import { joinCustomer } from '#domains/interactions/index.ts'
import { asUser } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { callIdentified } from './events.ts'
import { aboutCall, changeCall } from './rows.ts'
import { lockMine, myCall } from './softphone.ts'

/** The agent says who is on the line. Whoever calls from this number again is known. */
export async function identifyCall(ctx: Ctx, id: string, customerId: string): Promise<MyCall> {
  const row = await lockMine(ctx, id)
  const customer = found(await customerCard(ctx, customerId), 'customer', customerId)
  if (row.interactionId !== null) await joinCustomer(ctx, row.interactionId, customer.id)
  await rememberIdentity(ctx, customer.id, 'phone', row.direction === 'in' ? row.caller : row.called)
  const named = await changeCall(ctx, row, { customerId: customer.id, customerName: customer.name })
  await ctx.emit(callIdentified, aboutCall(named), { customerId: customer.id })
  ctx.tell(`user:${asUser(ctx.actor).id}`, 'call.changed', { callId: id })
  return myCall(ctx, named)
}
