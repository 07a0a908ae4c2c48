import type { Heard } from '#contract/practiceLine.ts'
import type { CallAt, Language, Prompt } from '#domains/voice/ports.ts'

/** Where a browser finds what is to be heard. */
export type Sounds = {
  prompts: (at: CallAt, prompts: readonly Prompt[], language: Language) => Promise<Heard[]>
  music: (at: CallAt, music: string) => Promise<string>
}
