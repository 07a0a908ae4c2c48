import type * as z from 'zod'
import type { InteractionState } from '#contract/interactions.ts'

export type State = z.output<typeof InteractionState>

/**
 * Along which edges a contact moves. A transfer answers an active contact again; a contact that was abandoned or is done stays so.
 * A call in its flow is active and nobody's: it is served, by no person yet. From there it begins to wait; it was never offered to a queue before.
 */
const edges: Record<State, readonly State[]> = {
  waiting: ['active', 'abandoned', 'done', 'left'],
  left: ['waiting', 'active', 'wrap', 'done'],
  active: ['active', 'waiting', 'wrap', 'done', 'left'],
  wrap: ['done'],
  done: [],
  abandoned: [],
}

export const mayBecome = (from: State, to: State): boolean => edges[from].includes(to)

/** Nothing is left to wrap up when nobody answered. */
export const afterEnd = (agentId: string | null): State => (agentId === null ? 'done' : 'wrap')

type Branch = { id: string; parentId: string | null }
/** Every branch followed by its own; whatever hangs on nothing that is shown stands at the end. Rows come in the order of their siblings. */
export function inTreeOrder<R extends Branch>(rows: readonly R[]): R[] {
  const shown = new Set(rows.map(r => r.id))
  const below = (parentId: string | null): R[] => rows.filter(r => r.parentId === parentId).flatMap(r => [r, ...below(r.id)])
  return [...below(null), ...rows.filter(r => r.parentId !== null && !shown.has(r.parentId)).flatMap(r => [r, ...below(r.id)])]
}
