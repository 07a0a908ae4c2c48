import type { Told } from './call.ts'
import { arrange } from './room.ts'
import { dial, hangUp, iso, isUp, type Refusal, type StageAt, type Turn } from './turn.ts'

type Talking = StageAt<'talking'>
type By<K extends Told['kind']> = Extract<Told, { kind: K }>

/** A leader hears along, whispers, speaks with both, or goes on instead of the agent. */
export const leading = {
  up: attendNow,
  gone(turn: Turn, stage: Talking): undefined {
    if (!stage.leader) return
    turn.acts.push({ act: 'said', what: 'left_attending', by: stage.leader.by, to: null })
    stage.leader = null
    arrange(turn, stage)
  },
  command(turn: Turn, stage: Talking, told: By<'attend' | 'takeOver' | 'leave'>): Refusal | undefined {
    if (told.kind !== 'leave') return come(turn, stage, told.by, told.kind === 'attend' ? told.mode : told.kind)
    if (stage.leader?.by !== told.by) return 'call.not_yours'
    hangUp(turn, stage.leader.leg, 'normal')
    leading.gone(turn, stage)
  },
}

function come(turn: Turn, stage: Talking, by: string, mode: 'listen' | 'whisper' | 'barge' | 'takeOver'): Refusal | undefined {
  const { leader } = stage
  if (stage.agentId === null) return 'call.not_talking'
  if (by === stage.agentId) return 'call.to_self'
  if (turn.call.legs.some(leg => leg.id === stage.other?.leg && leg.agentId === by)) return 'call.already_asking'
  if (leader && leader.by !== by) return 'call.already_heard'
  if (leader) {
    leader.mode = mode
    if (isUp(turn.call, leader.leg)) attendNow(turn, stage)
    return
  }
  const leg = dial(turn, 'leader', { kind: 'agent', agentId: by }, { ringSeconds: 10, atOnce: true })
  stage.leader = { leg, by, mode }
}

function attendNow(turn: Turn, stage: Talking): undefined {
  const { leader } = stage
  if (!leader) return
  if (leader.mode === 'takeOver') return takeOver(turn, stage, leader)
  arrange(turn, stage)
  if (leader.mode !== 'barge') turn.orders.push({ do: 'attend', leg: leader.leg, agent: stage.leg, whisper: leader.mode === 'whisper' })
  turn.acts.push({ act: 'said', what: 'attended', by: leader.by, to: leader.mode })
}

function takeOver(turn: Turn, stage: Talking, leader: { leg: string; by: string }): undefined {
  if (stage.agentId === null) return
  turn.acts.push(
    { act: 'said', what: 'taken_over', by: leader.by, to: null },
    { act: 'reassign', fromAgentId: stage.agentId, agentId: leader.by },
  )
  hangUp(turn, stage.leg, 'transferred')
  const next: Talking = { ...stage, agentId: leader.by, leg: leader.leg, since: iso(turn), leader: null }
  turn.call.stage = next
  arrange(turn, next)
}
