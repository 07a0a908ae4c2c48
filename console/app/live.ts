import { useEffect, useRef, useSyncExternalStore } from 'react'
import { io } from 'socket.io-client'
import { queryClient } from '../kit/data.ts'
import { type Hear, type Line, newLine } from './line.ts'

/** The live connection of the signed-in user; the cookie says who it is. */
export const live = newLine({
  open: () =>
    io({
      path: '/api/socket',
      transports: ['websocket', 'polling'],
      reconnectionDelay: 300,
      reconnectionDelayMax: 5_000,
      randomizationFactor: 0.4,
    }),
  missed: () => void queryClient.invalidateQueries(),
  // The session is over. Asking who we are leads to the sign-in page.
  refused: () => void queryClient.invalidateQueries({ queryKey: ['me'] }),
})
export const { start: openLive, close: closeLive, reconnect, say } = live

export function useLine(): { line: Line; since: number; tries: number } {
  const now = useSyncExternalStore(live.onLine, () => Object.values(live.state()).join('|'))
  const [state = 'mending', at = '0', n = '0'] = now.split('|')
  return { line: state === 'live' || state === 'broken' ? state : 'mending', since: Number(at), tries: Number(n) }
}

/** Hears everything pushed on a topic while mounted; null hears nothing. */
export function useLive(topic: string | null, hear: Hear): void {
  const latest = useRef(hear)
  latest.current = hear
  useEffect(() => (topic === null ? undefined : live.watch(topic, (name, payload) => latest.current(name, payload))), [topic])
}

/** Many causes are one act, soon; the consoles of a centre do not all ask at once. */
export function calmly(act: () => void, ms: number): () => void {
  let asked = false
  const run = () => {
    asked = false
    act()
  }
  return () => {
    if (asked) return
    asked = true
    setTimeout(run, ms * (0.5 + Math.random()))
  }
}

const stale = new Set<string>()
const refresh = calmly(() => {
  for (const noun of stale) void queryClient.invalidateQueries({ queryKey: [noun] })
  stale.clear()
}, 330)

/** Refetches the queries of `nouns` (first path segments, such as `tickets`) when something is pushed on the topic. */
export function useFresh(topic: string | null, ...nouns: string[]): void {
  useLive(topic, () => {
    for (const noun of nouns) stale.add(noun)
    refresh()
  })
}
