import type {} from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Endpoint, Endpoints, PathKeys, Schema } from '#contract/endpoint.ts'
import { type Actor, admit, readToken, type Token } from './access.ts'
import { allTenants, findTenant } from './directory.ts'
import type { House } from './house.ts'
import { isId } from './ids.ts'
import { newLimit } from './limits.ts'
import { Refusal } from './refusal.ts'
import { sameText } from './secrets.ts'
import { writerOf } from './wire.ts'
import { type Ctx, work } from './work.ts'

/** Where routes are hung. `endpoints` is what the API reference prints and what tests walk. */
export type Door = { app: FastifyInstance; house: House; endpoints: Endpoint[] }

type Cookie = { name: string; value: string; maxAge?: number; httpOnly: boolean }
export type Io = {
  ip: string
  userAgent: string
  /** Our own, as the caller reached us. */
  origin: string
  setCookie: (cookie: Cookie) => void
  clearCookie: (name: string) => void
}

type Decoded<T> = T extends Schema ? z.output<T> : never
type Input<E> =
  E extends Endpoint<infer P, infer Q, infer B, infer _R> ? { [K in PathKeys<P>]: string } & { query: Decoded<Q>; body: Decoded<B> } : never
type Reply<E> =
  E extends Endpoint<infer _P, infer _Q, infer _B, infer R> ? (undefined extends z.output<R> ? z.output<R> | void : z.output<R>) : never
type Handlers<E extends Endpoints> = { [K in keyof E]: (ctx: Ctx, input: Input<E[K]>, io: Io) => Promise<Reply<E[K]>> }

const prefix = '/api'

/** Hangs every endpoint of a contract: contract → permission → one `work` → reply encoded by the contract. A missing handler is a type error. */
export function serve<E extends Endpoints>(door: Door, endpoints: E, handlers: Handlers<E>): void {
  for (const key of Object.keys(endpoints)) {
    const endpoint = endpoints[key]
    const handler = handlers[key]
    if (!endpoint || !handler) throw new Error(`no handler for ${key}`)
    hang(door, endpoint, async (request, io) => {
      // Whoever may not, learns nothing of what would have been right; the handler's own input type is what inputOf parsed by the same endpoint.
      return inWork(door.house, endpoint, request, ctx => handler(ctx, inputOf(endpoint, request) as Input<E[typeof key]>, io))
    })
  }
}

/** For the few endpoints that wait for the network: who asks is found in a short work of its own, the handler begins others before and after it waits. */
export function serveOutside<E extends Endpoint>(
  door: Door,
  endpoint: E,
  handler: (house: House, actor: Actor, input: Input<E>) => Promise<Reply<E>>,
): void {
  hang(door, endpoint, async request => {
    const actor = await inWork(door.house, endpoint, request, async ctx => ctx.actor)
    return handler(door.house, actor, inputOf(endpoint, request) as Input<E>)
  })
}

/** For the few endpoints that come before any tenant is known: they get the house and begin their own work. */
export function serveBefore<P extends string, Q extends Schema, B extends Schema, R extends Schema>(
  door: Door,
  endpoint: Endpoint<P, Q, B, R>,
  handler: (house: House, input: { query: z.output<Q>; body: z.output<B>; tenantId: string | null }, io: Io) => Promise<z.output<R>>,
): void {
  hang(door, endpoint, async (request, io) => {
    const input = inputOf(endpoint, request)
    const given =
      typeof input.body === 'object' && input.body !== null && 'tenant' in input.body && typeof input.body.tenant === 'string'
        ? input.body.tenant
        : undefined
    return handler(
      door.house,
      { query: input.query as z.output<Q>, body: input.body as z.output<B>, tenantId: await tenantOf(door.house, request, given) },
      io,
    )
  })
}

function hang(door: Door, endpoint: Endpoint, run: (request: FastifyRequest, io: Io) => Promise<unknown>): void {
  door.endpoints.push(endpoint)
  const write = writerOf(endpoint.reply)
  door.app.route({
    method: endpoint.method,
    url: prefix + endpoint.path,
    handler: async (request, reply) => {
      const result = await run(request, ioOf(door.house, request, reply))
      if (result === undefined || result === null) return reply.code(204).send()
      return reply.type('application/json; charset=utf-8').send(Buffer.from(write(result)))
    },
  })
}

/** Whether the browser speaks TLS, to us or to the proxy before us. */
export const isOverTls = (house: House, request: FastifyRequest): boolean =>
  request.protocol === 'https' || (house.settings.publicUrl?.startsWith('https:') ?? false)

function ioOf(house: House, request: FastifyRequest, reply: FastifyReply): Io {
  const secure = isOverTls(house, request)
  return {
    ip: request.ip,
    origin: house.settings.publicUrl ? new URL(house.settings.publicUrl).origin : `${request.protocol}://${request.host}`,
    userAgent: String(request.headers['user-agent'] ?? '').slice(0, 300),
    setCookie: ({ name, value, maxAge, httpOnly }) => {
      reply.setCookie(name, value, { path: '/', sameSite: 'lax', secure, httpOnly, ...(maxAge === undefined ? {} : { maxAge }) })
    },
    clearCookie: name => {
      reply.clearCookie(name, { path: '/' })
    },
  }
}

function inputOf(endpoint: Endpoint, request: FastifyRequest): Record<string, unknown> & { query: unknown; body: unknown } {
  const params = request.params as Record<string, string>
  // A foreign or malformed id is simply not there; the answer must not differ.
  for (const [key, value] of Object.entries(params))
    if ((key === 'id' || key.endsWith('Id')) && !isId(value)) throw new Refusal('not_found', 'input.not_found', { id: value.slice(0, 60) })
  return {
    ...params,
    query: parsed('query', endpoint.query, emptyToMissing(request.query)),
    body: parsed('body', endpoint.body, isNothing(endpoint.body) ? emptyToMissing(request.body ?? undefined) : (request.body ?? undefined)),
  }
}

const isNothing = (schema: Schema) => schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUndefined
/** A schema without a query or body accepts only its absence, but clients send `{}` for an empty one. */
const emptyToMissing = (query: unknown) =>
  typeof query === 'object' && query !== null && Object.keys(query).length === 0 ? undefined : query

function parsed(where: string, schema: Schema, value: unknown): unknown {
  const first = z.safeParse(schema, value)
  if (first.success) return first.data
  // An object schema whose fields are all optional takes a missing query or body as an empty one.
  if (value === undefined) {
    const second = z.safeParse(schema, {})
    if (second.success) return second.data
  }
  throw new Refusal('invalid', 'input.invalid', {
    fields: first.error.issues.slice(0, 20).map(i => ({ at: [where, ...i.path.map(String)].join('.'), problem: i.code, says: i.message })),
  })
}

async function inWork<T>(house: House, endpoint: Endpoint, request: FastifyRequest, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  const { token, byCookie } = tokenOf(request)
  if (endpoint.may === 'public') {
    const tenantId = await tenantOf(house, request)
    if (tenantId === null) throw new Refusal('not_found', 'access.tenant_unknown')
    return work(house, { kind: 'anyone', tenantId }, fn)
  }
  const authenticate = token ? house.authenticate[token.kind] : undefined
  if (!token || !authenticate) {
    admit({ kind: 'anyone', tenantId: '' }, endpoint.may)
    throw new Refusal('unauthenticated', 'access.sign_in')
  }
  if (byCookie && endpoint.method !== 'GET') checkCsrf(request)
  // Who it is and what it does are one transaction: a session revoked a moment ago does nothing.
  return work(house, { kind: 'anyone', tenantId: token.tenantId }, async ctx => {
    const actor = (await authenticate(ctx, token.secret)) ?? (await stranger(house, token, request.ip, ctx.now))
    admit(actor, endpoint.may)
    ctx.actor = actor
    return fn(ctx)
  })
}

// Wide enough for a whole floor behind one address whose sessions end together; too narrow to try secrets.
const strangers = newLimit({ burst: 600, perSecond: 10, code: 'access.too_many_attempts' })
async function stranger(house: House, token: Token, ip: string, now: Date): Promise<Actor> {
  await strangers(house, ip, now)
  return { kind: 'anyone', tenantId: token.tenantId }
}

function tokenOf(request: FastifyRequest): { token: Token | null; byCookie: boolean } {
  const header = request.headers.authorization
  if (header !== undefined) return { token: readToken(header.replace(/^Bearer\s+/i, '')), byCookie: false }
  return { token: readToken(request.cookies.huiyin_session), byCookie: true }
}

function checkCsrf(request: FastifyRequest): void {
  const sent = request.headers['x-csrf']
  const kept = request.cookies.huiyin_csrf
  if (typeof sent !== 'string' || !kept || !sameText(sent, kept)) throw new Refusal('forbidden', 'access.csrf')
}

/** The tenant of a request without a token: a widget key in the path, the short name given, the host name, or the only tenant there is. */
async function tenantOf(house: House, request: FastifyRequest, slug?: string): Promise<string | null> {
  const { key } = request.params as { key?: string }
  if (key !== undefined) return findTenant(house.control, 'widget', key)
  const header = request.headers['x-huiyin-tenant']
  const named = slug ?? (typeof header === 'string' ? header : undefined)
  if (named !== undefined) return findTenant(house.control, 'slug', named)
  const byHost = await findTenant(house.control, 'host', request.hostname)
  if (byHost !== null) return byHost
  const all = await allTenants(house.control)
  return all.length === 1 ? (all[0]?.tenantId ?? null) : null
}

/** The actor of a plain route (uploads, downloads), inside its own work; the same checks as `serve`. */
export function admitted<T>(house: House, request: FastifyRequest, may: Endpoint['may'], fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  const plain: Endpoint = {
    method: request.method === 'GET' ? 'GET' : 'POST',
    path: '',
    query: z.unknown(),
    body: z.unknown(),
    reply: z.unknown(),
    may,
    says: '',
  }
  return inWork(house, plain, request, fn)
}
