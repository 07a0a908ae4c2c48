import type { DocumentLine } from '#contract/documents.ts'
import { w } from './words.ts'

const tone = { making: 'ac', made: 'ok', failed: 'ba' } as const
export const StateTag = ({ state }: Pick<DocumentLine, 'state'>) => <span className={`tag ${tone[state]}`}>{w[state]}</span>
