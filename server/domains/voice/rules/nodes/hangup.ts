import { finish } from '../ending.ts'
import { play, said, settle } from '../turn.ts'
import { heardOr, type NodeOf, type NodeRules } from './node.ts'

/** Whoever gets as far as this was served by the flow itself. */
export const hangup: NodeRules<NodeOf<'hangup'>> = {
  enter(turn, node) {
    settle(turn, { act: 'ended' })
    play(turn, heardOr(turn, node.sound, said('goodbye')))
  },
  played: turn => finish(turn, 'normal'),
}
