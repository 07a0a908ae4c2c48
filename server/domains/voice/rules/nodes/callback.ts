import { go, play, reachable, said } from '../turn.ts'
import { keepPlace } from '../waiting.ts'
import { heardOr, type NodeOf, type NodeRules } from './node.ts'

/** Takes a place in the queue for a caller who need not stay. Who has no number goes on. */
export const callback: NodeRules<NodeOf<'callback'>> = {
  enter(turn, node) {
    if (!reachable(turn.call)) return go(turn, node.next, 'no_number')
    turn.acts.push({ act: 'queue', queueId: node.queueId, ahead: false, agentId: null })
    keepPlace(turn, node.queueId)
    play(turn, heardOr(turn, node.sound, said('we_call_back', 'goodbye')))
  },
}
