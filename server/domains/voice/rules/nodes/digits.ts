import { go, hush, play, set, type Turn } from '../turn.ts'
import { askAgain, heard, type NodeOf, type NodeRules } from './node.ts'

export const digits: NodeRules<NodeOf<'digits'>> = {
  enter(turn, node) {
    const { flow, language } = turn.call
    const ahead = flow.digits
    flow.digits = ''
    if (ahead === '') play(turn, heard(node.sound, language))
    for (const digit of ahead) if (turn.to === null) press(turn, node, digit)
  },
  key: press,
  played: (turn, node) => set(turn, 'key', node.seconds),
  silence(turn, node) {
    if (turn.call.flow.digits.length >= node.min) taken(turn, node)
    else askAgain(turn, node, 'no_key')
  },
}

/** `#` ends the number, `*` begins it anew. */
function press(turn: Turn, node: NodeOf<'digits'>, digit: string): void {
  const { flow } = turn.call
  if (digit === '#') {
    if (flow.digits.length >= node.min) taken(turn, node)
    else askAgain(turn, node, 'wrong_key')
    return
  }
  hush(turn)
  flow.digits = digit === '*' ? '' : flow.digits + digit
  if (flow.digits.length >= node.max) taken(turn, node)
  else set(turn, 'key', node.seconds)
}

function taken(turn: Turn, node: NodeOf<'digits'>): void {
  const { flow } = turn.call
  const keyed = flow.digits
  flow.digits = ''
  flow.collected[node.key] = keyed
  if (node.meaning !== 'other') turn.acts.push({ act: 'known', meaning: node.meaning, digits: keyed })
  go(turn, node.next, 'next')
}
