import { go } from '../turn.ts'
import type { NodeOf, NodeRules } from './node.ts'

export const language: NodeRules<NodeOf<'language'>> = {
  enter(turn, node) {
    turn.call.language = node.language
    go(turn, node.next, node.language)
  },
}
