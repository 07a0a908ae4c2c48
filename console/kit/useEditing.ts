import { useRef, useState } from 'react'
import * as z from 'zod'
import type { Schema } from '#contract/endpoint.ts'
import { useDraft } from './hotkeys.ts'

const mostSteps = 100
/** Changes that follow one another so quickly are one step: words as they are typed. */
const together = 700

type State<D> = { past: D[]; now: D; future: D[] }
/** What is worked on, as the server has it; every change of it there has a higher version. */
type Stands<D> = { version: number; draft: D }

/** The draft as it is worked on: every step can be taken back, and what was not saved is there again after the page was left. */
export function useEditing<D>(name: string, shape: Schema<D>, stands: Stands<D>) {
  const [text, keep] = useDraft(name)
  const [found] = useState(() => begun(readKept(text, shape), stands))
  const begins = found.draft
  const [base, setBase] = useState<Stands<D>>({ version: found.version, draft: stands.draft })
  const [state, setState] = useState<State<D>>({ past: [], now: begins, future: [] })
  const [restored, setRestored] = useState(begins !== stands.draft)
  const last = useRef<Typed>(nothing)
  const go = (next: State<D>) => {
    setState(next)
    keep(alike(next.now, base.draft) ? '' : JSON.stringify({ version: base.version, draft: next.now }))
  }
  const touched = !alike(state.now, base.draft)
  return {
    draft: state.now,
    touched,
    /** What was typed before the page was left stands here again. */
    restored: restored && touched,
    /** Somebody else saved meanwhile. */
    overtaken: stands.version > base.version && !alike(stands.draft, state.now),
    version: base.version,
    change: (now: D) => {
      const typed = { at: performance.now(), path: onlyWords(state.now, now) }
      const joined =
        typed.path !== null && typed.path === last.current.path && typed.at - last.current.at < together && state.past.length > 0
      last.current = typed
      go({ past: joined ? state.past : [...state.past, state.now].slice(-mostSteps), now, future: [] })
    },
    undo: state.past.length === 0 ? null : () => step(state, go, last),
    redo: state.future.length === 0 ? null : () => again(state, go, last),
    /** It is saved: this is what stands. */
    settle: ({ version, draft }: Stands<D>) => {
      setBase({ version, draft })
      setState(held => ({ ...held, now: draft }))
      setRestored(false)
      keep('')
    },
    /** As it stands on the server, without what is typed here; that can still be taken back. */
    fresh: () => {
      setBase({ version: stands.version, draft: stands.draft })
      setRestored(false)
      setState({ past: [...state.past, state.now].slice(-mostSteps), now: stands.draft, future: [] })
      keep('')
    },
    /** What is typed here shall stand, over what somebody else saved. */
    insist: () => setBase({ version: stands.version, draft: stands.draft }),
  }
}

const alike = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
/** What was kept was made of the version it began with: whoever saved since is not written over unseen. */
export const begun = <D>(kept: Stands<D> | null, stands: Stands<D>): Stands<D> =>
  kept && !alike(kept.draft, stands.draft) ? kept : { version: stands.version, draft: stands.draft }
function readKept<D>(text: string, shape: Schema<D>): Stands<D> | null {
  try {
    const { version, draft } = z.object({ version: z.int(), draft: z.unknown() }).parse(JSON.parse(text))
    return { version, draft: z.parse(shape, draft) }
  } catch {
    return null
  }
}

type Go<D> = (next: State<D>) => void
type Clock = { current: Typed }
/** Where words were typed last; what is added, moved or removed is a step of its own. */
type Typed = { at: number; path: string | null }
const nothing: Typed = { at: 0, path: null }

/** The one place at which two drafts have other words; null when they differ in more than that. */
export function onlyWords(a: unknown, b: unknown): string | null {
  const places = differences(a, b, '')
  return places.length === 1 && places[0]?.words ? places[0].path : null
}
function differences(a: unknown, b: unknown, path: string): { path: string; words: boolean }[] {
  if (a === b) return []
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return [{ path, words: typeof a === 'string' && typeof b === 'string' }]
  const [before, after] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  if (before.size !== after.size || Array.isArray(a) !== Array.isArray(b)) return [{ path, words: false }]
  return [...before].flatMap(([key, value]) =>
    after.has(key) ? differences(value, after.get(key), `${path}/${key}`) : [{ path: `${path}/${key}`, words: false }],
  )
}
function step<D>({ past, now, future }: State<D>, go: Go<D>, last: Clock): void {
  const before = past.at(-1)
  last.current = nothing
  if (before) go({ past: past.slice(0, -1), now: before, future: [now, ...future] })
}
function again<D>({ past, now, future }: State<D>, go: Go<D>, last: Clock): void {
  const [next, ...rest] = future
  last.current = nothing
  if (next) go({ past: [...past, now], now: next, future: rest })
}
