import { go, play, said } from '../turn.ts'
import { startMessage } from '../voicemail.ts'
import { heardOr, type NodeOf, type NodeRules } from './node.ts'

export const voicemail: NodeRules<NodeOf<'voicemail'>> = {
  enter(turn, node) {
    turn.call.flow.digits = ''
    play(turn, heardOr(turn, node.sound, said('leave_a_message')))
  },
  key(turn, node, digit) {
    if (digit === '#') startMessage(turn, node)
  },
  played(turn, node) {
    // The second prompt is the thanks for what was left.
    if (turn.call.flow.tries === 0) startMessage(turn, node)
    else go(turn, node.next, 'left')
  },
}
