import { wait } from '../waiting.ts'
import type { NodeOf, NodeRules } from './node.ts'

/** From here on the stage is `waiting`; the node says how. */
export const queue: NodeRules<NodeOf<'queue'>> = {
  enter(turn, node) {
    turn.call.flow.digits = ''
    turn.acts.push({ act: 'queue', queueId: node.queueId, ahead: false, agentId: null })
    wait(turn, node.queueId)
  },
}
