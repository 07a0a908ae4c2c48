import type { Call } from './call.ts'
import { inHandOf } from './ending.ts'

/** Who of us is on the line beside whoever has the call: asked, joined or hearing along. Their phones are taken all the same. */
export function partsOf({ stage, legs }: Call): Map<string, 'rings' | 'talks'> {
  const parts = new Map<string, 'rings' | 'talks'>()
  const holder = inHandOf(stage)
  for (const { agentId, state } of legs)
    if (agentId !== null && agentId !== holder && state !== 'gone') parts.set(agentId, state === 'up' ? 'talks' : 'rings')
  return parts
}
