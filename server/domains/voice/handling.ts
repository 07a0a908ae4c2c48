import { sql } from 'kysely'
import type * as z from 'zod'
import type { MyCall, softphone, Target } from '#contract/voice.ts'
import { personName } from '#domains/identity/index.ts'
import { lockInteraction, markWrapped, writeAlong } from '#domains/interactions/index.ts'
import { endPart, nameQueues, release } from '#domains/routing/index.ts'
import { asUser } from '#kernel/access.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { dialled, shownNumber } from './dialling.ts'
import type { CallRow } from './rows.ts'
import type { To, Told } from './rules/call.ts'
import { lockMine, myCall } from './softphone.ts'
import { stepOf } from './stepping.ts'

type Id = { id: string }

/** One thing the agent does with a call of theirs: told to its machine, which refuses what cannot be. */
async function act(ctx: Ctx, id: string, told: (me: string, row: CallRow) => Told | Promise<Told>): Promise<CallRow> {
  const row = await lockMine(ctx, id)
  return stepOf(ctx, row, [{ from: 'house', ...(await told(asUser(ctx.actor).id, row)) }])
}
const seen = async (ctx: Ctx, row: Promise<CallRow>): Promise<MyCall> => myCall(ctx, await row)
const named = async (row: Promise<CallRow>): Promise<Id> => ({ id: (await row).id })

export const comeBack = (ctx: Ctx, id: string) =>
  seen(
    ctx,
    act(ctx, id, by => ({ kind: 'back', by })),
  )
export const hold = (ctx: Ctx, id: string) =>
  seen(
    ctx,
    act(ctx, id, by => ({ kind: 'hold', by })),
  )
export const resume = (ctx: Ctx, id: string) =>
  seen(
    ctx,
    act(ctx, id, by => ({ kind: 'resume', by })),
  )
export const conference = (ctx: Ctx, id: string) =>
  seen(
    ctx,
    act(ctx, id, by => ({ kind: 'together', by })),
  )
export const drop = (ctx: Ctx, id: string) =>
  seen(
    ctx,
    act(ctx, id, by => ({ kind: 'drop', by })),
  )
export const hangUp = (ctx: Ctx, id: string) => named(act(ctx, id, by => ({ kind: 'end', by })))
export const press = (ctx: Ctx, id: string, digits: string) => named(act(ctx, id, by => ({ kind: 'press', by, digits })))
export const record = (ctx: Ctx, id: string, paused: boolean) =>
  seen(
    ctx,
    act(ctx, id, by => ({ kind: 'recording', by, paused })),
  )
export const consult = (ctx: Ctx, id: string, target: Target) =>
  seen(ctx, act(ctx, id, async (by, row) => ({ kind: 'consult', by, to: await toOf(ctx, row, target) }))) // biome-ignore format: one line reads better
export const transfer = (ctx: Ctx, id: string, target: Target | undefined) =>
  named(act(ctx, id, async (by, row) => ({ kind: 'transfer', by, to: target ? await toOf(ctx, row, target) : null }))) // biome-ignore format: one line reads better

/** Whom the agent means: exactly one of the three. */
async function toOf(ctx: Ctx, row: CallRow, { agentId, queueId, number }: Target): Promise<To> {
  if (agentId !== undefined) return { kind: 'agent', agentId, name: found(await personName(ctx, agentId), 'person', agentId) }
  if (queueId !== undefined) {
    await nameQueues(ctx, [queueId], ['phone'])
    const { rows } = await sql<{
      name: string
    }>`select name from routing.fact_queue where tenant_id = ${ctx.tenantId} and id = ${queueId}`.execute(ctx.db)
    return { kind: 'queue', queueId, name: found(rows[0], 'queue', queueId).name }
  }
  const { number: shown, trunkId } = await shownNumber(ctx, row.numberId)
  return { kind: 'number', number: dialled(number ?? ''), shown, trunkId }
}

/** Reason, outcome and words; the agent is free again, whoever of both ends first. Who handed it over adds a note; how it ended is said by whoever has it. */
export async function wrapUp(ctx: Ctx, id: string, words: z.output<typeof softphone.wrapUp.body>): Promise<Id> {
  const row = await lockMine(ctx, id)
  const me = asUser(ctx.actor)
  const interactionId = found(row.interactionId, 'interaction', id)
  const { state, agentId, note } = await lockInteraction(ctx, interactionId)
  if (agentId === me.id && state === 'wrap') {
    // What whoever had it before wrote stands first.
    await markWrapped(ctx, interactionId, { ...words, note: [note, words.note].filter(text => text !== '').join('\n') })
    await release(ctx, interactionId, me.id)
  } else if (!(await endPart(ctx, interactionId, me.id))) {
    if (agentId !== me.id) throw new Refusal('conflict', 'call.not_yours')
    throw new Refusal('conflict', 'call.not_in_wrap_up', { state })
  } else await writeAlong(ctx, interactionId, { reasonId: words.reasonId, note: words.note && `${me.name}: ${words.note}` })
  ctx.tell(`user:${me.id}`, 'call.changed', { callId: id })
  return { id }
}
