import { go, play, set, type Turn } from '../turn.ts'
import { askAgain, heard, type NodeOf, type NodeRules } from './node.ts'

export const menu: NodeRules<NodeOf<'menu'>> = {
  enter(turn, node) {
    const { flow, language } = turn.call
    const [ahead] = flow.digits
    flow.digits = flow.digits.slice(1)
    if (ahead === undefined) play(turn, heard(node.sound, language))
    else choose(turn, node, ahead)
  },
  key: choose,
  played: (turn, node) => set(turn, 'key', node.seconds),
  silence: (turn, node) => askAgain(turn, node, 'no_key'),
}

function choose(turn: Turn, node: NodeOf<'menu'>, digit: string): void {
  const option = node.options.find(o => o.key === digit)
  if (option) go(turn, option.next, digit)
  else askAgain(turn, node, 'wrong_key')
}
