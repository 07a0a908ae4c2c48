import { useCallback, useEffect, useSyncExternalStore } from 'react'
import * as z from 'zod'
import { conversations, Message } from '#contract/messaging.ts'
import { useLine, useLive } from '../app/live.ts'
import { call, RefusalError } from '../kit/call.ts'
import { patchConversation } from './inbox.ts'
import { arrived } from './outbox.ts'
import { join, prepend, type Run } from './rules.ts'

export type Thread = {
  run: Run
  state: 'loading' | 'ready' | 'failed'
  error: RefusalError | null
  /** Whether there are words before those held. */
  earlier: boolean
  asking: boolean
  /** Until when the customer is shown as typing. */
  typingUntil: number
}
const nothing: Thread = { run: [], state: 'loading', error: null, earlier: false, asking: false, typingUntil: 0 }
const threads = new Map<string, Thread>()
const hearers = new Map<string, Set<() => void>>()
const catching = new Set<string>()
/** Threads held in memory; the longest untouched goes first. */
const mostHeld = 30
const page = 200
const typingMs = 4_000

function set(id: string, change: Partial<Thread>): void {
  threads.set(id, { ...(threads.get(id) ?? nothing), ...change })
  for (const hear of hearers.get(id) ?? []) hear()
}

const asRefusal = (error: unknown) => (error instanceof RefusalError ? error : new RefusalError('network.odd'))

async function load(id: string): Promise<void> {
  set(id, { state: 'loading', error: null })
  try {
    const latest = await call(conversations.messages, { id, query: {} })
    set(id, { run: join(threads.get(id)?.run ?? [], latest).run, state: 'ready', earlier: (latest[0]?.seq ?? 1) > 1 })
  } catch (error) {
    set(id, { state: 'failed', error: asRefusal(error) })
  }
}

/** Asks for everything after the last seq held, so that what a lost connection swallowed comes, once and in order. */
export async function catchUp(id: string): Promise<void> {
  const held = threads.get(id)
  if (held?.state !== 'ready') {
    if (held?.state !== 'loading') await load(id)
    return
  }
  if (catching.has(id)) return
  catching.add(id)
  try {
    for (;;) {
      const afterSeq = threads.get(id)?.run.at(-1)?.seq ?? 0
      const more = await call(conversations.messages, { id, query: { afterSeq } })
      if (more.length > 0) take(id, more)
      if (more.length < page) break
    }
  } catch {
    /* The line is down; its return catches up again. */
  } finally {
    catching.delete(id)
  }
}

function take(id: string, came: readonly Message[]): void {
  const held = threads.get(id)
  arrived(came)
  if (held?.state !== 'ready') return
  const { run, gap } = join(held.run, came)
  set(id, { run, ...(came.some(m => m.author === 'customer') ? { typingUntil: 0 } : {}) })
  if (gap) void catchUp(id)
}

/** Words that were pushed or that we just sent. */
export const receive = (message: Message): void => take(message.conversationId, [message])

export async function loadEarlier(id: string): Promise<void> {
  const held = threads.get(id)
  const first = held?.run[0]?.seq
  if (!held || held.asking || !held.earlier || first === undefined) return
  set(id, { asking: true })
  try {
    const more = await call(conversations.messages, { id, query: { beforeSeq: first } })
    set(id, { run: prepend(threads.get(id)?.run ?? [], more), earlier: more.length === page && (more[0]?.seq ?? 1) > 1, asking: false })
  } catch {
    set(id, { asking: false })
  }
}

const Read = z.object({ by: z.enum(['customer', 'agent']), seq: z.int() })
const Online = z.object({ online: z.boolean() })

function hear(id: string, name: string, payload: unknown): void {
  if (name === 'message.sent') {
    const message = Message.safeParse(payload)
    if (message.success) receive(message.data)
  } else if (name === 'typing') set(id, { typingUntil: Date.now() + typingMs })
  else if (name === 'read') {
    const read = Read.safeParse(payload)
    if (read.success)
      patchConversation(id, c =>
        read.data.by === 'customer'
          ? { ...c, customerRead: Math.max(c.customerRead, read.data.seq) }
          : { ...c, agentRead: Math.max(c.agentRead, read.data.seq) },
      )
  } else if (name === 'customer.online') {
    const online = Online.safeParse(payload)
    if (online.success) patchConversation(id, c => ({ ...c, customerOnline: online.data.online }))
  }
}

/** The words of one conversation, live: kept while the console is open, completed after every loss of the line and every sleep. */
export function useThread(id: string): Thread {
  const { line } = useLine()
  useLive(`conversation:${id}`, (name, payload) => hear(id, name, payload))
  useEffect(() => {
    void catchUp(id)
    while (threads.size > mostHeld) {
      const oldest = [...threads.keys()].find(key => key !== id && !hearers.get(key)?.size)
      if (!oldest) break
      threads.delete(oldest)
    }
    // What was said between the first reading and the moment the server let us watch.
    const soon = setTimeout(() => void catchUp(id), 900)
    const calm = setInterval(() => void catchUp(id), 45_000)
    const awake = () => {
      if (document.visibilityState === 'visible') void catchUp(id)
    }
    document.addEventListener('visibilitychange', awake)
    return () => {
      clearTimeout(soon)
      clearInterval(calm)
      document.removeEventListener('visibilitychange', awake)
    }
  }, [id])
  useEffect(() => {
    if (line === 'live') void catchUp(id)
  }, [id, line])
  return useHeld(id)
}

/** The same, for whoever only looks while someone else keeps it live. */
export function useHeld(id: string): Thread {
  const subscribe = useCallback(
    (hearer: () => void) => {
      const all = hearers.get(id) ?? new Set()
      hearers.set(id, all.add(hearer))
      return () => {
        all.delete(hearer)
      }
    },
    [id],
  )
  return useSyncExternalStore(subscribe, () => threads.get(id) ?? nothing)
}

/** What the customer said, newest last; for prefilling. Empty while nothing is held. */
export const wordsOfCustomer = (id: string): string[] =>
  (threads.get(id)?.run ?? []).filter(m => m.author === 'customer' && m.text !== '').map(m => m.text)
