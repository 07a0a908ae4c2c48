import { callOutside } from '../connecting.ts'
import { play, said } from '../turn.ts'
import { heardOr, type NodeOf, type NodeRules } from './node.ts'

/** The caller goes to a number outside; when nobody is reached there, on to `failed`. */
export const transfer: NodeRules<NodeOf<'transfer'>> = {
  enter(turn, node) {
    turn.call.flow.digits = ''
    play(turn, heardOr(turn, node.sound, said('please_wait')))
  },
  played(turn, node) {
    const { called: shown, trunkId } = turn.call
    callOutside(turn, { number: node.number, shown, trunkId }, node.ringSeconds, null)
  },
}
