import * as z from 'zod'
import { get, Id, Paging, pageOf, post, Time } from './endpoint.ts'

export const RunState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled'])
export type RunState = z.output<typeof RunState>

/** An import that is being taken back, or was: what came of all attempts together, how far the last one is. */
export const TakenBack = z.object({
  id: Id,
  state: RunState,
  done: z.int(),
  total: z.int().nullable(),
  /** removed, restored, kept. */
  outcome: z.record(z.string(), z.int()),
  byName: z.string().nullable(),
  askedAt: Time,
  endedAt: Time.nullable(),
  /** Why how many were kept. */
  why: z.array(z.object({ name: z.string(), nameEn: z.string(), n: z.int() })),
  /** Whether the list of what was kept lies there for whoever looks. */
  hasFile: z.boolean(),
})
export type TakenBack = z.output<typeof TakenBack>

/** Long work somebody asked for. */
export const Run = z.object({
  id: Id,
  /** Names the words it is called by, with its facts. */
  kind: z.string(),
  facts: z.record(z.string(), z.unknown()),
  state: RunState,
  done: z.int(),
  total: z.int().nullable(),
  /** What came of it, counted: rows, made, changed, skipped, failed. */
  outcome: z.record(z.string(), z.int()),
  askedById: Id.nullable(),
  askedByName: z.string().nullable(),
  askedAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  /** Why it failed, as a refusal says it. */
  code: z.string().nullable(),
  codeFacts: z.record(z.string(), z.unknown()).nullable(),
  /** The result; gone when it expired. */
  file: z.object({ name: z.string(), size: z.int() }).nullable(),
  expiresAt: Time.nullable(),
  /** Until when an import can be taken back as a whole; null when it cannot. */
  backUntil: Time.nullable(),
  takenBack: TakenBack.nullable(),
  /** Of an import of one's own: the first rows with problems, values as one may see them. `name`, `nameEn`: what is wrong. */
  wrongRows: z.array(z.object({ line: z.int(), column: z.string(), value: z.string(), name: z.string(), nameEn: z.string() })),
})
export type Run = z.output<typeof Run>

/** What is pushed to whoever asked. */
export const RunProgress = z.object({
  id: Id,
  state: RunState,
  done: z.int(),
  total: z.int().nullable(),
})

export const runs = {
  mine: get('/runs', {
    may: 'signed-in',
    says: 'The long work you asked for, newest first.',
    query: Paging,
    reply: pageOf(Run),
  }),
  all: get('/runs/all', {
    may: 'house:operate',
    says: 'The long work of everybody, newest first: what and how far, not what is in it.',
    query: Paging.extend({ state: RunState.optional() }),
    reply: pageOf(Run),
  }),
  one: get('/runs/:id', { may: 'signed-in', says: 'One piece of long work of your own.', reply: Run }),
  cancel: post('/runs/:id/cancellation', {
    may: 'signed-in',
    says: 'Ends it between two steps; what it has done stays done. Your own, or anybody’s for whoever operates the house; an erasure is carried through.',
    reply: Run,
  }),
  retry: post('/runs/:id/retry', {
    may: 'signed-in',
    says: 'Goes on where it failed.',
    reply: Run,
  }),
}

/** Where the result is fetched from, by whoever asked. */
export const runFile = (id: string) => `/api/runs/${id}/file`

/** Nobody is erased by half: once begun, these are carried through. */
const carriedThrough: readonly string[] = ['privacy.erase', 'privacy.sweep']

export const isOpenRun = ({ state }: Pick<Run, 'state'>) => state === 'waiting' || state === 'running'
export const runCan = {
  cancel: (run: Pick<Run, 'state' | 'kind'>) => isOpenRun(run) && !carriedThrough.includes(run.kind),
  retry: ({ state }: Pick<Run, 'state'>) => state === 'failed',
  download: ({ state, file }: Pick<Run, 'state' | 'file'>) => state === 'done' && file !== null,
}
