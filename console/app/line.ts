import type { Socket } from 'socket.io-client'
import { onWake } from './wake.ts'

export type Line = 'live' | 'mending' | 'broken'
export type Hear = (name: string, payload: unknown) => void
type Hearer = { hear: Hear; seated: () => void }

const mostAsked = 50
const askedAgainMs = 10_000
const toldAgainMs = 2_000
const wait = (ms: number) => new Promise<undefined>(done => setTimeout(done, ms))

/**
 * The live connection: who hears which topic, and what is done after a loss. What was pushed meanwhile is in nobody's memory but
 * the database's: `missed` is told once the server has put us on our topics again, so that nothing falls between asking and hearing.
 */
export function newLine({ open, missed, refused }: { open: () => Socket; missed: () => void; refused: () => void }) {
  let socket: Socket | undefined
  let line: Line = 'mending'
  let since = Date.now()
  let tries = 0
  let sleepless = () => {}
  const lineHearers = new Set<() => void>()
  const topics = new Map<string, Set<Hearer>>()
  /** Those the server has put us on. */
  const seats = new Set<string>()
  const tell = () => {
    for (const hear of lineHearers) hear()
  }

  function setLine(next: Line) {
    if (next === line) return
    // Mending and broken are one absence: it is told from its beginning.
    if (next === 'live' || line === 'live') since = Date.now()
    line = next
    tell()
  }

  /** Asks to be put on topics; without an answer, again. Whoever waits for a topic is told when it is heard. */
  function ask(on: Socket, names: readonly string[], done = () => {}): void {
    if (names.length === 0) {
      done()
      return
    }
    if (on !== socket || !on.connected) return
    const now = names.slice(0, mostAsked)
    on.timeout(askedAgainMs).emit('watch', now, (late: Error | null, granted: unknown) => {
      if (on !== socket || !on.connected) return
      const watched = (late ? names : names.slice(mostAsked)).filter(name => topics.has(name))
      for (const name of !late && Array.isArray(granted) ? granted : []) {
        seats.add(name)
        for (const { seated } of topics.get(name) ?? []) seated()
      }
      ask(on, watched, done)
    })
  }

  function start(): void {
    if (socket) return
    const on = open()
    socket = on
    sleepless = onWake(reconnect)
    const began = Date.now()
    let been = false
    // The server's `ready` follows its admission of us: watching before it would be asked twice.
    on.on('ready', () => {
      tries = 0
      setLine('live')
      // A page that was read long before it was live has missed something, too.
      const gap = been || Date.now() - began > 1_500
      been = true
      ask(on, [...topics.keys()], gap ? missed : undefined)
    })
    on.on('refused', () => {
      close()
      refused()
    })
    on.on('push', (topic: string, name: string, payload: unknown) => {
      for (const { hear } of topics.get(topic) ?? []) hear(name, payload)
    })
    on.on('disconnect', reason => {
      seats.clear()
      setLine('mending')
      // The server put us out: either it goes down in good order or the session ended; the next admission tells which.
      if (reason === 'io server disconnect') setTimeout(() => on === socket && on.connect(), 500 + Math.random() * 1000)
    })
    on.io.on('reconnect_attempt', n => {
      tries = n
      setLine(n > 8 ? 'broken' : 'mending')
      tell()
    })
    on.on('connect_error', () => setLine(tries > 8 ? 'broken' : 'mending'))
  }

  const reconnect = () => void socket?.disconnect().connect()
  function close(): void {
    sleepless()
    socket?.disconnect()
    socket = undefined
    seats.clear()
    setLine('mending')
  }

  return {
    start,
    close,
    reconnect,
    /** Says something over the socket, such as `typing`; lost when the line is down, so never for anything that must arrive. */
    say: (name: string, payload: Record<string, unknown>): void => {
      if (socket?.connected) socket.volatile.emit(name, payload)
    },
    /** Says something that must arrive: again until it is answered, also over the next connection. Undefined: nobody answered in time. */
    tell: async (name: string, payload: Record<string, unknown>, patience = 30_000): Promise<unknown> => {
      for (const until = Date.now() + patience; Date.now() < until; ) {
        const on = socket
        const answer =
          on && line === 'live'
            ? await new Promise<unknown>(done => {
                on.timeout(toldAgainMs).emit(name, payload, (late: Error | null, said: unknown) => done(late ? undefined : said))
              })
            : await wait(200)
        if (answer !== undefined) return answer
      }
    },
    state: () => ({ line, since, tries }),
    onLine: (hear: () => void) => {
      lineHearers.add(hear)
      return () => {
        lineHearers.delete(hear)
      }
    },
    /** Hears everything pushed on a topic until the returned function is called. `seated`: from now on nothing is missed. */
    watch: (topic: string, hear: Hear, seated: () => void = () => {}): (() => void) => {
      const hearer = { hear, seated }
      const hearers = topics.get(topic) ?? new Set<Hearer>()
      const first = hearers.size === 0
      hearers.add(hearer)
      topics.set(topic, hearers)
      if (first && socket && line === 'live') ask(socket, [topic])
      else if (seats.has(topic)) seated()
      return () => {
        hearers.delete(hearer)
        if (hearers.size > 0 || topics.get(topic) !== hearers) return
        topics.delete(topic)
        seats.delete(topic)
        if (socket?.connected) socket.emit('unwatch', [topic])
      }
    },
  }
}
export type LiveLine = ReturnType<typeof newLine>
