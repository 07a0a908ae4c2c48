import type { NeedState } from '#contract/needs.ts'
import { stateWord } from './words.ts'
import './needs.css'

const tones = { heard: 'wa', taken: 'ac', planned: 'ac', done: 'ok', declined: '' } as const
export const NeedTag = ({ state }: { state: NeedState }) => <span className={`tag ${tones[state]}`}>{stateWord(state)}</span>
