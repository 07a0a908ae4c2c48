import { useEffect, useRef, useSyncExternalStore } from 'react'
import { io, type Socket } from 'socket.io-client'
import { queryClient } from '../kit/data.ts'

export type Line = 'live' | 'mending' | 'broken'
type Hear = (name: string, payload: unknown) => void

let socket: Socket | undefined
let line: Line = 'mending'
let since = Date.now()
let tries = 0
const lineHearers = new Set<() => void>()
const topics = new Map<string, Set<Hear>>()

function setLine(next: Line) {
  if (next === line) return
  // Mending and broken are one absence: it is told from its beginning.
  if (next === 'live' || line === 'live') since = Date.now()
  line = next
  for (const hear of lineHearers) hear()
}

/** Opens the live connection of the signed-in user; the cookie says who it is. */
export function openLive(): void {
  if (socket) return
  socket = io({
    path: '/api/socket',
    transports: ['websocket', 'polling'],
    reconnectionDelay: 300,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.4,
  })
  let been = false
  // The server's `ready` follows its admission of us: watching before it would be asked twice.
  socket.on('ready', () => {
    tries = 0
    setLine('live')
    if (topics.size > 0) socket?.emit('watch', [...topics.keys()])
    // What was pushed while we were away is in nobody's memory but the database's.
    if (been) void queryClient.invalidateQueries()
    been = true
  })
  // The session is over. Asking who we are leads to the sign-in page.
  socket.on('refused', () => {
    closeLive()
    void queryClient.invalidateQueries({ queryKey: ['me'] })
  })
  socket.on('push', (topic: string, name: string, payload: unknown) => {
    for (const hear of topics.get(topic) ?? []) hear(name, payload)
  })
  socket.on('disconnect', reason => {
    setLine('mending')
    // The server put us out: either it goes down in good order or the session ended; the next admission tells which.
    if (reason === 'io server disconnect') setTimeout(() => socket?.connect(), 500 + Math.random() * 1000)
  })
  socket.io.on('reconnect_attempt', n => {
    tries = n
    setLine(n > 8 ? 'broken' : 'mending')
    for (const hear of lineHearers) hear()
  })
  socket.on('connect_error', () => setLine(tries > 8 ? 'broken' : 'mending'))
}

export function closeLive(): void {
  socket?.disconnect()
  socket = undefined
  setLine('mending')
}
export const reconnect = (): void => {
  socket?.disconnect().connect()
}
/** Says something over the socket, such as `typing`; lost when the line is down, so never for anything that must arrive. */
export const say = (name: string, payload: Record<string, unknown>): void => {
  if (socket?.connected) socket.volatile.emit(name, payload)
}

export function useLine(): { line: Line; since: number; tries: number } {
  const now = useSyncExternalStore(
    hear => {
      lineHearers.add(hear)
      return () => {
        lineHearers.delete(hear)
      }
    },
    () => `${line}|${since}|${tries}`,
  )
  const [state = 'mending', at = '0', n = '0'] = now.split('|')
  return { line: state === 'live' || state === 'broken' ? state : 'mending', since: Number(at), tries: Number(n) }
}

function watch(topic: string, hear: Hear): () => void {
  const hearers = topics.get(topic) ?? new Set<Hear>()
  if (hearers.size === 0) {
    topics.set(topic, hearers)
    socket?.emit('watch', [topic])
  }
  hearers.add(hear)
  return () => {
    hearers.delete(hear)
    if (hearers.size === 0) {
      topics.delete(topic)
      socket?.emit('unwatch', [topic])
    }
  }
}

/** Hears everything pushed on a topic while mounted; null hears nothing. */
export function useLive(topic: string | null, hear: Hear): void {
  const latest = useRef(hear)
  latest.current = hear
  useEffect(() => (topic === null ? undefined : watch(topic, (name, payload) => latest.current(name, payload))), [topic])
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
