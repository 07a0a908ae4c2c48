import type * as z from 'zod'
import type { InteractionState } from '#contract/interactions.ts'

export type State = z.output<typeof InteractionState>

/** Along which edges a contact moves. A transfer answers an active contact again; a contact that was abandoned or is done stays so. */
const edges: Record<State, readonly State[]> = {
  waiting: ['active', 'abandoned', 'done'],
  left: ['waiting', 'active', 'wrap', 'done'],
  active: ['active', 'wrap', 'done'],
  wrap: ['done'],
  done: [],
  abandoned: [],
}

export const mayBecome = (from: State, to: State): boolean => edges[from].includes(to)

/** Nothing is left to wrap up when nobody answered. */
export const afterEnd = (agentId: string | null): State => (agentId === null ? 'done' : 'wrap')
