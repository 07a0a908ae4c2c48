import type { Logger } from 'pino'
import type { CallAt, Language, Prompt } from '#domains/voice/ports.ts'
import type { Address } from './ari.ts'

/** A trunk as the node is to know it; `password` is open here and nowhere else. */
export type TrunkSetup = {
  id: string
  tenantId: string
  name: string
  host: string
  addresses: readonly string[]
  login: string
  password: string
  register: boolean
  transport: 'udp' | 'tcp' | 'tls'
  most: number
}

/** What is heard, as addresses that Asterisk plays: `sound:/folder/name` on its own disk, or `sound:https://…`. */
export type Sounds = {
  prompts: (call: CallAt, prompts: readonly Prompt[], language: Language) => Promise<readonly string[]>
  /** Null: the node's own music. */
  music: (call: CallAt, music: string) => Promise<readonly string[] | null>
}

export type Setup = {
  name: string
  address: Address
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  sounds: Sounds
  trunks: () => Promise<readonly TrunkSetup[]>
  /** The password of an agent's phone: the same in every process and after every restart, and nothing is stored. */
  phonePassword: (agentId: string) => string
  /** What the application is called in the dialplan. */
  app?: string
}

export const variable = 'HUIYIN_LEG'
