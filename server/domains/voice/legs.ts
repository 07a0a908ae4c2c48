import type { Quality } from '#contract/voice.ts'
import type { Ctx } from '#kernel/work.ts'
import type { CallRow } from './rows.ts'
import type { Input, Leg } from './rules/call.ts'
import { lesser, momentOf } from './saving.ts'

type Marks = {
  ringingAt?: Date
  answeredAt?: Date
  endedAt?: Date
  cause?: NonNullable<CallRow['cause']>
  code?: number | null
  quality?: Quality | null
}
const markOf = { dialling: null, ringing: 'ringingAt', up: 'answeredAt', lost: null, gone: 'endedAt' } as const

/** Legs that came, rang, were answered and went between two states of the call; what the switch tells of a leg at its end is written down even when the call is long over. `since`: when those that are new began. */
export function keepLegs(ctx: Ctx, before: readonly Leg[], { id, machine }: CallRow, inputs: readonly Input[], since: Date): void {
  const known = new Map(before.map(leg => [leg.id, leg]))
  const marks = new Map<string, Marks>()
  const mark = (leg: string, more: Marks) => marks.set(leg, { ...more, ...marks.get(leg) })
  for (const input of inputs) {
    if (input.kind === 'vanished') mark(input.leg, { endedAt: ctx.now, cause: input.cause })
    if (input.from !== 'switch') continue
    const at = momentOf(ctx, input)
    if (input.kind === 'ringing') mark(input.leg, { ringingAt: at })
    if (input.kind === 'answered') mark(input.leg, { answeredAt: at })
    if (input.kind === 'gone') mark(input.leg, { endedAt: at, cause: input.cause, code: input.code, quality: input.quality })
  }
  for (const leg of machine.legs) {
    const was = known.get(leg.id)
    if (was?.state === leg.state) continue
    if (!was) addLeg(ctx, id, leg, since)
    const told = inputs.find(input => input.from === 'switch' && input.leg === leg.id)
    const state = markOf[leg.state]
    if (state) mark(leg.id, { [state]: told ? momentOf(ctx, told) : ctx.now })
  }
  for (const [leg, made] of marks) markLeg(ctx, leg, made)
}

/** The worst quality among what was told. */
export const worstTold = (inputs: readonly Input[]): number | null =>
  inputs.reduce<number | null>((worst, input) => (input.kind === 'gone' ? lesser(worst, input.quality?.mos ?? null) : worst), null)

function addLeg(ctx: Ctx, callId: string, { id, party, agentId, number }: Leg, at: Date): void {
  ctx.write`insert into voice.leg (tenant_id, id, call_id, party, agent_id, number, started_at)
    values (${ctx.tenantId}, ${id}, ${callId}, ${party}, ${agentId}, ${number}, ${at}) on conflict do nothing`
}

/** What was told first stays; figures of quality may come after the end. A leg that we ended is over when the switch says so. */
function markLeg(ctx: Ctx, id: string, { ringingAt, answeredAt, endedAt, cause, code, quality }: Marks): void {
  ctx.write`update voice.leg set ringing_at = coalesce(ringing_at, ${ringingAt ?? null}), answered_at = coalesce(answered_at, ${answeredAt ?? null}),
    ended_at = case when cause is null and ${cause ?? null}::text is not null then ${endedAt ?? null} else coalesce(ended_at, ${endedAt ?? null}) end,
    cause = coalesce(cause, ${cause ?? null}), code = coalesce(code, ${code ?? null}),
    quality = coalesce(${quality ? JSON.stringify(quality) : null}, quality) where tenant_id = ${ctx.tenantId} and id = ${id}`
}
