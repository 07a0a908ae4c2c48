import type { FlowNode } from '#contract/flows.ts'
import type { Cause } from '#contract/voice.ts'
import type { Leg } from './call.ts'
import { finish, gaveUp } from './ending.ts'
import { enter, go, hush, iso, keepRecording, play, record, type StageAt, said, secondsSince, set, settle, type Turn } from './turn.ts'

type Node = Extract<FlowNode, { kind: 'voicemail' }>

/** Shorter than this nobody said anything. */
const leastSeconds = 2

export function startMessage(turn: Turn, node: Node): undefined {
  hush(turn)
  enter(turn, { at: 'voicemail', queueId: node.queueId, since: iso(turn) })
  set(turn, 'message', node.most)
  record(turn, 'voicemail')
}

export const voicemail = {
  key(turn: Turn, stage: StageAt<'voicemail'>, digit: string): undefined {
    if (digit === '#') over(turn, stage)
  },
  /** The switch ended it: silence, or the longest there may be. */
  recorded(turn: Turn, stage: StageAt<'voicemail'>, { seconds, failed }: { seconds: number; failed: boolean }): undefined {
    over(turn, stage, failed ? 0 : seconds)
  },
  gone(turn: Turn, stage: StageAt<'voicemail'>, _: Leg, cause: Cause): undefined {
    const left = keep(turn, stage, secondsSince(turn, stage.since))
    finish(turn, left ? cause : gaveUp(cause))
  },
  due: { message: (turn: Turn, stage: StageAt<'voicemail'>): undefined => over(turn, stage) },
}

function over(turn: Turn, stage: StageAt<'voicemail'>, seconds = secondsSince(turn, stage.since)): undefined {
  const node = turn.setting.flow?.nodes.find(n => n.key === turn.call.flow.node)
  if (!keep(turn, stage, seconds)) return go(turn, node?.kind === 'voicemail' ? node.next : null, 'nothing')
  enter(turn, { at: 'flow' })
  turn.call.flow.tries = 1
  play(turn, said('message_kept'))
}

function keep(turn: Turn, stage: StageAt<'voicemail'>, seconds: number): boolean {
  const recording = turn.call.recording?.id
  keepRecording(turn)
  if (recording === undefined || seconds < leastSeconds) return false
  settle(turn, { act: 'left', queueId: stage.queueId, recording })
  return true
}
