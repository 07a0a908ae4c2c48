import { useCallback, useEffect, useSyncExternalStore } from 'react'
import * as z from 'zod'
import { live } from '../app/live.ts'
import { call } from '../kit/call.ts'
import { newThreads, type Thread } from './holding.ts'
import { patchConversation } from './inbox.ts'
import { arrived } from './outbox.ts'

export type { Thread } from './holding.ts'

const typingMs = 4_000
const Read = z.object({ by: z.enum(['customer', 'agent']), seq: z.int() })
const Online = z.object({ online: z.boolean() })

const threads = newThreads({ ask: call, watch: live.watch, arrived: messages => arrived(messages), heard, firstPause: 500 })
export const { catchUp, loadEarlier, receive } = threads

function heard(id: string, name: string, payload: unknown): void {
  if (name === 'typing') threads.set(id, { typingUntil: Date.now() + typingMs })
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
  useEffect(() => {
    const leave = threads.show(id)
    const calm = setInterval(() => void catchUp(id), 45_000)
    const awake = () => {
      if (document.visibilityState === 'visible') void catchUp(id)
    }
    document.addEventListener('visibilitychange', awake)
    return () => {
      leave()
      clearInterval(calm)
      document.removeEventListener('visibilitychange', awake)
    }
  }, [id])
  return useHeld(id)
}

/** The same, for whoever only looks while someone else keeps it live. */
export function useHeld(id: string): Thread {
  const subscribe = useCallback((hearer: () => void) => threads.onChange(id, hearer), [id])
  return useSyncExternalStore(subscribe, () => threads.held(id))
}

/** What the customer said, newest last; for prefilling. Empty while nothing is held. */
export const wordsOfCustomer = (id: string): string[] =>
  threads
    .held(id)
    .run.filter(m => m.author === 'customer' && m.text !== '')
    .map(m => m.text)
