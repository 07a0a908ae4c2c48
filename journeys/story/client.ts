import { io, type Socket } from 'socket.io-client'
import * as z from 'zod'
import { type Endpoint, Problem, type Schema } from '#contract/endpoint.ts'
import { identity } from '#contract/identity.ts'

/** The product said no: with its code, as every client gets it. */
export class Refused extends Error {
  code: string
  constructor(what: string, code: string, facts: unknown) {
    super(`${what}: ${code} ${facts === undefined ? '' : JSON.stringify(facts)}`)
    this.code = code
  }
}

type Sent<Q extends Schema, B extends Schema> = { params?: Record<string, string>; query?: z.output<Q>; body?: z.output<B> }
export type Client = ReturnType<typeof newClient>

/** Somebody at the other end of the wire, over HTTP and a socket, knowing no more than the contract. */
export function newClient(base: string, token?: string) {
  async function call<P extends string, Q extends Schema, B extends Schema, R extends Schema>(
    endpoint: Endpoint<P, Q, B, R>,
    { params = {}, query, body }: Sent<Q, B> = {},
  ): Promise<z.output<R>> {
    const path = endpoint.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
    const asked = new URLSearchParams(
      query === undefined ? {} : z.record(z.string(), z.string()).parse(JSON.parse(JSON.stringify(z.encode(endpoint.query, query)))),
    )
    const reply = await fetch(`${base}/api${path}${asked.size > 0 ? `?${asked}` : ''}`, {
      method: endpoint.method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(z.encode(endpoint.body, body)) }),
    })
    const text = await reply.text()
    const said = text === '' ? undefined : JSON.parse(text)
    if (!reply.ok) {
      const problem = Problem.safeParse(said)
      throw new Refused(
        `${endpoint.method} ${path}`,
        problem.success ? problem.data.code : String(reply.status),
        problem.success ? problem.data.facts : text.slice(0, 200),
      )
    }
    return z.decode(endpoint.reply, said)
  }

  async function upload(path: string, name: string, bytes: Uint8Array<ArrayBuffer>, type: string): Promise<unknown> {
    const form = new FormData()
    form.set('file', new Blob([bytes], { type }), name)
    const reply = await fetch(`${base}/api${path}`, {
      method: 'POST',
      body: form,
      headers: token ? { authorization: `Bearer ${token}` } : {},
    })
    if (!reply.ok) throw new Refused(`POST ${path}`, String(reply.status), await reply.text())
    return reply.json()
  }

  return { base, token, call, upload, live: () => listen(base, token ?? '') }
}

export async function signIn(base: string, login: string, password: string, tenant?: string) {
  const me = await newClient(base).call(identity.signIn, { body: { login, password, bearer: true, ...(tenant ? { tenant } : {}) } })
  if (!me.bearer) throw new Error('the product gave no bearer token')
  return { ...newClient(base, me.bearer), me }
}
export type SignedIn = Awaited<ReturnType<typeof signIn>>

export type Pushed = { topic: string; name: string; payload: unknown; at: number }
export type Live = {
  socket: Socket
  pushed: Pushed[]
  watch: (...topics: string[]) => Promise<string[]>
  next: (name: string, fits?: (payload: unknown) => boolean, ms?: number) => Promise<Pushed>
  close: () => void
}

/** A socket that remembers everything it was told. */
export async function listen(base: string, token: string): Promise<Live> {
  const socket = io(base, { path: '/api/socket', auth: { token }, transports: ['websocket'], reconnection: true })
  const pushed: Pushed[] = []
  socket.on('push', (topic: string, name: string, payload: unknown) => {
    pushed.push({ topic, name, payload, at: Date.now() })
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('ready', resolve)
    socket.once('refused', code => reject(new Error(`the socket was refused: ${code}`)))
    socket.once('connect_error', reject)
  })
  return {
    socket,
    pushed,
    watch: (...topics) => socket.emitWithAck('watch', topics),
    next: async (name, fits = () => true, ms = 5_000) => {
      const found = () => pushed.find(p => p.name === name && fits(p.payload))
      return until(`${name} over the socket`, async () => found(), ms)
    },
    close: () => socket.close(),
  }
}

/** Looks until there is something to see. */
export async function until<T>(what: string, look: () => Promise<T | undefined | null | false>, ms = 8_000): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== null && seen !== false) return seen
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
