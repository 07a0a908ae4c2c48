import { conversations, Message } from '#contract/messaging.ts'
import type { LiveLine } from '../app/line.ts'
import { type Ask, isPassing, WireError } from '../kit/wire.ts'
import { join, prepend, type Run } from './rules.ts'

export type Thread = {
  run: Run
  state: 'loading' | 'ready' | 'failed'
  error: WireError | null
  /** Whether there are words before those held. */
  earlier: boolean
  asking: boolean
  /** Until when the customer is shown as typing. */
  typingUntil: number
}
export const nothing: Thread = { run: [], state: 'loading', error: null, earlier: false, asking: false, typingUntil: 0 }

type Given = {
  ask: Ask
  watch: LiveLine['watch']
  /** These have come, from wherever. */
  arrived: (messages: readonly Message[]) => void
  /** What is pushed about a conversation and is no message. */
  heard: (id: string, name: string, payload: unknown) => void
  firstPause: number
}
/** Threads held in memory; the longest untouched goes first. */
const mostHeld = 30
const page = 200
const longestPause = 15_000

/** The words of conversations as this page holds them: in order, each once, completed after whatever a lost line swallowed. */
export function newThreads({ ask, watch, arrived, heard, firstPause }: Given) {
  const threads = new Map<string, Thread>()
  const hearers = new Map<string, Set<() => void>>()
  /** Being read now; `again`: something came meanwhile that the answer may not hold. */
  const reading = new Map<string, { again: boolean }>()
  const shown = new Map<string, number>()
  const later = new Map<string, { tries: number; timer: ReturnType<typeof setTimeout> }>()

  function set(id: string, change: Partial<Thread>): void {
    threads.set(id, { ...(threads.get(id) ?? nothing), ...change })
    for (const hear of hearers.get(id) ?? []) hear()
  }

  /** Asks for everything after the last seq held, so that what a lost connection swallowed comes, once and in order. Asked while asking, it asks once more. */
  async function catchUp(id: string): Promise<void> {
    const now = reading.get(id)
    if (now) {
      now.again = true
      return
    }
    const mine = { again: false }
    reading.set(id, mine)
    try {
      do {
        mine.again = false
        await (threads.get(id)?.state === 'ready' ? readOn(id) : readLatest(id))
      } while (mine.again)
      clearTimeout(later.get(id)?.timer)
      later.delete(id)
    } catch (error) {
      const told = error instanceof WireError ? error : new WireError('network.odd')
      if (threads.get(id)?.state !== 'ready') set(id, { state: 'failed', error: told })
      if (isPassing(told) && shown.has(id)) tryLater(id)
    } finally {
      reading.delete(id)
    }
  }

  function tryLater(id: string): void {
    const tries = (later.get(id)?.tries ?? 0) + 1
    clearTimeout(later.get(id)?.timer)
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(tries - 1, 5)) * (0.8 + Math.random() * 0.4)
    later.set(id, { tries, timer: setTimeout(() => void catchUp(id), pause) })
  }

  async function readLatest(id: string): Promise<void> {
    if (!threads.has(id)) set(id, {})
    const latest = await ask(conversations.messages, { id, query: {} })
    arrived(latest)
    set(id, { run: join([], latest).run, state: 'ready', error: null, earlier: (latest[0]?.seq ?? 1) > 1 })
  }

  async function readOn(id: string): Promise<void> {
    for (;;) {
      const afterSeq = threads.get(id)?.run.at(-1)?.seq ?? 0
      const more = await ask(conversations.messages, { id, query: { afterSeq } })
      if (more.length > 0) take(id, more)
      const { run } = threads.get(id) ?? nothing
      // What the server itself leaves out does not come by asking again.
      if (more.length > 0 && (run.at(-1)?.seq ?? 0) === afterSeq) set(id, { run: [...run, ...more] })
      if (more.length < page) break
    }
  }

  function take(id: string, came: readonly Message[]): void {
    arrived(came)
    const held = threads.get(id)
    if (held?.state !== 'ready') {
      // The answer on its way may have been written before this was said.
      const now = reading.get(id)
      if (now) now.again = true
      return
    }
    const { run, gap } = join(held.run, came)
    set(id, { run, ...(came.some(m => m.author === 'customer') ? { typingUntil: 0 } : {}) })
    if (gap) void catchUp(id)
  }

  async function loadEarlier(id: string): Promise<void> {
    const held = threads.get(id)
    const first = held?.run[0]?.seq
    if (!held || held.asking || !held.earlier || first === undefined) return
    set(id, { asking: true })
    try {
      const more = await ask(conversations.messages, { id, query: { beforeSeq: first } })
      set(id, { run: prepend(threads.get(id)?.run ?? [], more), earlier: more.length === page && (more[0]?.seq ?? 1) > 1, asking: false })
    } catch {
      set(id, { asking: false })
    }
  }

  function hear(id: string, name: string, payload: unknown): void {
    const message = name === 'message.sent' ? Message.safeParse(payload) : undefined
    if (message?.success) take(message.data.conversationId, [message.data])
    else heard(id, name, payload)
  }

  return {
    set,
    catchUp,
    loadEarlier,
    /** Words that were pushed or that we just sent. */
    receive: (message: Message): void => take(message.conversationId, [message]),
    /** Keeps a thread live while it is shown. Once the server lets us watch, what was said since the first reading is asked for. */
    show: (id: string): (() => void) => {
      shown.set(id, (shown.get(id) ?? 0) + 1)
      const leave = watch(
        `conversation:${id}`,
        (name, payload) => hear(id, name, payload),
        () => void catchUp(id),
      )
      void catchUp(id)
      while (threads.size > mostHeld) {
        const oldest = [...threads.keys()].find(key => key !== id && !hearers.get(key)?.size && !shown.has(key))
        if (!oldest) break
        threads.delete(oldest)
      }
      return () => {
        leave()
        const left = (shown.get(id) ?? 1) - 1
        if (left > 0) shown.set(id, left)
        else {
          shown.delete(id)
          clearTimeout(later.get(id)?.timer)
          later.delete(id)
        }
      }
    },
    held: (id: string): Thread => threads.get(id) ?? nothing,
    onChange: (id: string, hearer: () => void): (() => void) => {
      const all = hearers.get(id) ?? new Set()
      hearers.set(id, all.add(hearer))
      return () => {
        all.delete(hearer)
      }
    },
  }
}
