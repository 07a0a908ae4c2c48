import type { FlowNode, FlowNodeKind, Sound } from '#contract/flows.ts'
import type { Language, Prompt } from '../../ports.ts'
import type { Told } from '../call.ts'
import { go, play, type Turn } from '../turn.ts'

export type NodeOf<K extends FlowNodeKind> = Extract<FlowNode, { kind: K }>

/** What a node does with what happens while the caller stands at it. Methods, so that the rules of one kind may stand among those of all. */
export type NodeRules<N extends FlowNode> = {
  enter(turn: Turn, node: N): void
  key?(turn: Turn, node: N, digit: string): void
  silence?(turn: Turn, node: N): void
  /** Its prompt is over. */
  played?(turn: Turn, node: N): void
  told?(turn: Turn, node: N, answer: Told): void
}

/** A sound as it is heard; words in the other language when there are none in this one. */
export function heard(sound: Sound, language: Language): Prompt[] {
  if (sound.announcementId !== null) return [{ kind: 'announcement', id: sound.announcementId }]
  const text = language === 'en' ? sound.textEn || sound.text : sound.text || sound.textEn
  return text === '' ? [] : [{ kind: 'text', text }]
}

/** What is heard at a node that says something of its own when it was given no words. */
export function heardOr(turn: Turn, sound: Sound, own: Prompt[]): Prompt[] {
  const prompts = heard(sound, turn.call.language)
  return prompts.length === 0 ? own : prompts
}

/** Asks again after a wrong key or silence; after so many times the caller goes on elsewhere. */
export function askAgain(
  turn: Turn,
  node: { tries: number; otherwise: string | null; sound: Sound },
  why: 'wrong_key' | 'no_key',
): undefined {
  const { flow, language } = turn.call
  flow.digits = ''
  flow.tries += 1
  if (flow.tries >= node.tries) return go(turn, node.otherwise, why)
  play(turn, [{ kind: 'said', key: why }, ...heard(node.sound, language)])
}
