import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { type DefaultEventsMap, Server, type Socket as SocketOf } from 'socket.io'
import * as z from 'zod'
import { type Actor, readToken } from './access.ts'
import type { House } from './house.ts'
import { type Ctx, work } from './work.ts'

/** `actor`: who sits at it, once admitted. */
type Kept = { actor?: Actor }
type Socket = SocketOf<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, Kept>
type Payload = Record<string, unknown>
/** May this actor watch the topic `<prefix>:<id>`? Asked in a transaction of the actor's tenant. */
type Guard = (ctx: Ctx, id: string) => Promise<boolean>
/** What it returns is the answer, for clients that ask for one; a failure is not answered, so that it is said again. */
type LiveHandler = (house: House, actor: Actor, payload: Payload) => unknown

/** Sends what happened to whoever watches. Pushes are hints: whoever missed one asks the API, which is the truth. */
export type Live = {
  push: (tenantId: string, topic: string, name: string, payload: unknown) => void
  /** The same, to the sockets of this process alone: what every process works out for its own. */
  pushHere: (tenantId: string, topic: string, name: string, payload: unknown) => void
  /** Lets users (and visitors) watch `<prefix>:<id>` when the guard says so. Topics without a colon are open to every user and carry only ids, unless guarded whole. */
  guard: (prefix: string, guard: Guard) => void
  /** Lets users watch a topic without a colon only when the guard says so: it carries more than ids. */
  guardWhole: (topic: string, guard: (ctx: Ctx) => Promise<boolean>) => void
  /** Hears what clients say over the socket, such as `typing`. */
  on: (name: string, handler: LiveHandler) => void
  /** Told when an actor's first socket of this process opens and when its last one closes. */
  onPresence: (handler: (house: House, actor: Actor, online: boolean) => Promise<void> | void) => void
  /** How many sockets watch a topic, over all processes. */
  watchers: (tenantId: string, topic: string) => Promise<number>
  /** How many of this process. */
  watchersHere: (tenantId: string, topic: string) => number
  /** Topics a visitor or link is put on at once. */
  joinAtOnce: (prefix: string, topics: (ctx: Ctx) => Promise<string[]>) => void
  /** Asks the guard again for everyone who watches, in any process: whoever may no longer see it hears it no more. */
  review: (house: House, tenantId: string, topic: string) => Promise<void>
  /** Ends the sockets of a topic: a session that was revoked. */
  close: (tenantId: string, topic: string) => void
  attach: (house: House, server: HttpServer) => Promise<void>
  stop: () => Promise<void>
}

const room = (tenantId: string, topic: string) => `${tenantId}/${topic}`
const Topics = z.array(z.string().min(1).max(100)).max(50)

function isOwnPage(house: House, { origin, host, ...headers }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true
  const from = URL.parse(origin)?.host
  const ours = [host, headers['x-forwarded-host'], URL.parse(house.settings.publicUrl ?? '')?.host]
  return from !== undefined && ours.includes(from)
}

/** A topic whose id is none is nobody's to watch; any other failure is the house's. */
function noSuchTopic(error: { code?: string }): false {
  if (error.code?.startsWith('22')) return false
  throw error
}

/** How often a line is tried, and for how long it may be silent before it counts as lost, by both its ends. */
const heartbeat = { pingInterval: 10_000, pingTimeout: 8_000 }

/** Over how long everyone comes again, milliseconds. */
const renewal = 5_000

export function newLive(beat = heartbeat): Live {
  const guards = new Map<string, Guard>()
  const wholes = new Map<string, (ctx: Ctx) => Promise<boolean>>()
  const handlers = new Map<string, LiveHandler>()
  const presence: ((house: House, actor: Actor, online: boolean) => Promise<void> | void)[] = []
  const atOnce = new Map<string, (ctx: Ctx) => Promise<string[]>>()
  const sockets = new Map<string, number>()
  let io: Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, Kept> | undefined

  async function mayWatch(house: House, actor: Actor, topic: string): Promise<boolean> {
    const colon = topic.indexOf(':')
    if (colon < 0) {
      const guard = wholes.get(topic)
      return actor.kind === 'user' && (!guard || work(house, actor, guard))
    }
    const prefix = topic.slice(0, colon)
    const id = topic.slice(colon + 1)
    if (prefix === 'user') return actor.kind === 'user' && actor.id === id
    const guard = guards.get(prefix)
    return guard !== undefined && work(house, actor, ctx => guard(ctx, id))
  }

  async function admitSocket(house: House, socket: Socket): Promise<Actor | null> {
    const given = z.object({ token: z.string().max(300) }).safeParse(socket.handshake.auth)
    const cookie = /(?:^|;\s*)huiyin_session=([^;]+)/.exec(socket.handshake.headers.cookie ?? '')?.[1]
    // A cookie comes along whoever opened the socket; pages of other sites open none with it.
    const token = readToken(given.success ? given.data.token : isOwnPage(house, socket.handshake.headers) ? cookie : undefined)
    const authenticate = token ? house.authenticate[token.kind] : undefined
    // A key asks and is answered; it watches nothing.
    if (!token || !authenticate || token.kind === 'k') return null
    const actor = await work(house, { kind: 'anyone', tenantId: token.tenantId }, ctx => authenticate(ctx, token.secret))
    return actor?.kind === 'user' && actor.secondFactorDue ? null : actor
  }

  /** Listeners stand before the actor is known, so that what a client says at once is not lost; each waits for the admission. */
  async function welcome(house: House, socket: Socket, admission: Promise<Actor | null>) {
    // Whoever could not be admitted because the database was away is nobody to the listeners; the socket ends below.
    const admitted = admission.catch(() => null)
    socket.on('watch', async (topics: unknown, done?: unknown) => {
      const actor = await admitted
      const asked = Topics.safeParse(topics)
      const granted: string[] = []
      try {
        for (const topic of actor && asked.success ? asked.data : [])
          if (actor && (await mayWatch(house, actor, topic).catch(noSuchTopic))) {
            await socket.join(room(actor.tenantId, topic))
            granted.push(topic)
          }
      } catch (error) {
        // Not answered, it is asked again.
        house.log.warn({ err: error }, 'it could not be told who may watch')
        return
      }
      if (typeof done === 'function') done(granted)
    })
    socket.on('unwatch', async (topics: unknown) => {
      const actor = await admitted
      const asked = Topics.safeParse(topics)
      for (const topic of actor && asked.success ? asked.data : []) if (actor) await socket.leave(room(actor.tenantId, topic))
    })
    for (const [name, handler] of handlers)
      socket.on(name, async (payload: unknown, done?: unknown) => {
        const actor = await admitted
        if (!actor || typeof payload !== 'object' || payload === null) return
        try {
          const answer = await handler(house, actor, { ...payload })
          if (typeof done === 'function') done(answer ?? null)
        } catch (error) {
          house.log.warn({ err: error, name }, 'a socket message failed')
        }
      })
    const actor = await admission
    // Nobody asks any more what it came with; kept, it is a tenth of what a socket takes.
    Reflect.set(socket.conn, 'request', null)
    if (!actor) {
      socket.emit('refused', 'access.sign_in')
      socket.disconnect(true)
      return
    }
    await seat(house, socket, actor)
  }

  /** Puts an admitted socket on the topics that are its own and tells whoever cares that the actor is here. */
  async function seat(house: House, socket: Socket, actor: Actor) {
    const { tenantId } = actor
    const key = `${actor.kind}:${'id' in actor ? actor.id : ''}`
    socket.data.actor = actor
    if ('id' in actor) await socket.join(room(tenantId, key))
    if (actor.kind === 'user') await socket.join(room(tenantId, `session:${actor.sessionId}`))
    const first = atOnce.get(actor.kind)
    if (first) for (const topic of await work(house, actor, first)) await socket.join(room(tenantId, topic))

    const tell = (online: boolean) => {
      for (const hear of presence)
        Promise.resolve(hear(house, actor, online)).catch(error => house.log.warn({ err: error }, 'hearing of a connection failed'))
    }
    const count = (sockets.get(`${tenantId}/${key}`) ?? 0) + 1
    sockets.set(`${tenantId}/${key}`, count)
    if (count === 1) tell(true)
    const gone = () => {
      const left = (sockets.get(`${tenantId}/${key}`) ?? 1) - 1
      if (left > 0) {
        sockets.set(`${tenantId}/${key}`, left)
        return
      }
      sockets.delete(`${tenantId}/${key}`)
      tell(false)
    }
    if (socket.disconnected) gone()
    else socket.on('disconnect', gone)
    socket.emit('ready')
  }

  const pushHere: Live['push'] = (tenantId, topic, name, payload) => {
    io?.local.to(room(tenantId, topic)).emit('push', topic, name, payload)
  }
  const watchersHere: Live['watchersHere'] = (tenantId, topic) => io?.sockets.adapter.rooms.get(room(tenantId, topic))?.size ?? 0
  async function reviewHere(house: House, tenantId: string, topic: string) {
    for (const socket of (await io?.local.in(room(tenantId, topic)).fetchSockets()) ?? []) {
      const { actor } = socket.data
      if (!actor || !(await mayWatch(house, actor, topic))) socket.leave(room(tenantId, topic))
    }
  }
  const closeHere = (tenantId: string, topic: string) => io?.local.in(room(tenantId, topic)).disconnectSockets(true)
  /**
   * What others said while Redis was away was never heard: whoever is connected here comes again, is admitted anew and asks for what was missed.
   * Not all in the same moment.
   */
  function renewAll() {
    for (const socket of io?.sockets.sockets.values() ?? []) setTimeout(() => socket.conn.close(), Math.random() * renewal).unref()
  }
  /** The other processes, where there are any; while Redis is away nobody else hears it, and pages ask by themselves after a while. */
  function tellOthers(house: House | undefined, ...said: unknown[]) {
    if (house?.redis?.isReady) io?.serverSideEmit('others', ...said)
  }
  let ours: House | undefined

  return {
    push: (tenantId, topic, name, payload) => {
      // Here at once, whatever has become of the way to the others.
      pushHere(tenantId, topic, name, payload)
      tellOthers(ours, 'push', tenantId, topic, name, payload)
    },
    pushHere,
    guard: (prefix, guard) => {
      guards.set(prefix, guard)
    },
    guardWhole: (topic, guard) => {
      wholes.set(topic, guard)
    },
    on: (name, handler) => {
      handlers.set(name, handler)
    },
    onPresence: handler => {
      presence.push(handler)
    },
    watchers: async (tenantId, topic) => {
      const here = watchersHere(tenantId, topic)
      if (here > 0 || !io || !ours?.redis?.isReady) return here
      // A process that does not answer has nobody to tell of.
      return io
        .in(room(tenantId, topic))
        .timeout(1_000)
        .fetchSockets()
        .then(
          found => found.length,
          () => here,
        )
    },
    watchersHere,
    joinAtOnce: (kind, topics) => {
      atOnce.set(kind, topics)
    },
    review: async (house, tenantId, topic) => {
      tellOthers(house, 'review', tenantId, topic)
      await reviewHere(house, tenantId, topic)
    },
    close: (tenantId, topic) => {
      closeHere(tenantId, topic)
      tellOthers(ours, 'close', tenantId, topic)
    },
    attach: async (house, server) => {
      io = new Server(server, {
        path: '/api/socket',
        serveClient: false,
        maxHttpBufferSize: 64_000,
        ...beat,
        perMessageDeflate: false,
        ...(house.redis ? { adapter: createAdapter(house.redis, { channelPrefix: 'huiyin', streamName: 'huiyin' }) } : {}),
      })
      ours = house
      let away = false
      house.redis?.on('error', () => {
        away = true
      })
      house.redis?.on('ready', () => {
        if (away) renewAll()
        away = false
      })
      io.on('others', (what: unknown, tenantId: unknown, topic: unknown, name: unknown, payload: unknown) => {
        if (typeof tenantId !== 'string' || typeof topic !== 'string') return
        if (what === 'push' && typeof name === 'string') pushHere(tenantId, topic, name, payload)
        if (what === 'close') closeHere(tenantId, topic)
        if (what === 'review')
          reviewHere(house, tenantId, topic).catch(error =>
            house.log.warn({ err: error }, 'a talk that changed hands could not be reviewed'),
          )
      })
      io.on('connection', socket => {
        welcome(house, socket, admitSocket(house, socket)).catch(error => {
          house.log.warn({ err: error }, 'a socket could not be admitted')
          socket.disconnect(true)
        })
      })
    },
    stop: async () => {
      await io?.close()
    },
  }
}
