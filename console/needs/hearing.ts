import type { z } from 'zod'
import type { VoiceSource } from '#contract/needs.ts'

/** Where a need was heard: what is written down in it stays with it, whatever comes to the page meanwhile. */
export type Heard = {
  customer?: { id: string; name: string } | undefined
  interactionId?: string | undefined
  from?: z.output<typeof VoiceSource> | undefined
  /** The customer's words, where they stand already. */
  words?: string | undefined
}

/** As the server keeps of one voice. */
export const mostWords = 4000
/** All that was written about a need, when it becomes one more voice of another: its own title first, then what was said, asked and added. */
export const allWritten = (parts: readonly (string | undefined)[]): string =>
  [...new Set(parts.map(part => part?.trim()).filter(Boolean))].join('\n').slice(0, mostWords)
