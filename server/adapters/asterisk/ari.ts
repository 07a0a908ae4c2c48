import { createWriteStream } from 'node:fs'
import { Agent as PlainAgent, request as plain } from 'node:http'
import { Agent as SecureAgent, request as secure } from 'node:https'
import { pipeline } from 'node:stream/promises'

/** Asterisk said no, and with which number. */
export class AriRefusal extends Error {
  readonly status: number
  constructor(status: number, words: string) {
    super(words)
    this.status = status
  }
}
/** No answer, or one that is not an Asterisk's. */
export class AriSilence extends Error {
  readonly code: string
  constructor(code: string, words: string) {
    super(words)
    this.code = code
  }
}

export type Address = { url: string; user: string; password: string }
type Values = Record<string, string | number | boolean | undefined>
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export type Ari = {
  ask: (method: Method, path: string, query?: Values, body?: unknown) => Promise<unknown>
  /** What does harm when it is done twice: not said again where the answer was lost, and over a line of its own, which nobody has just closed. */
  once: (path: string, query: Values) => Promise<void>
  /** As `ask`; where the answer was lost, `isDone` says whether it was heard before it is said again. */
  unlessDone: (isDone: () => Promise<boolean>, path: string, body: unknown) => Promise<void>
  /** A file of the node into one of ours, however long it is. */
  save: (path: string, into: string) => Promise<void>
  /** Where events of the application come from. */
  socket: (app: string) => WebSocket
  close: () => void
}

const patienceMs = 8_000
/** Asterisk takes ten that knock at once; more are broken off. A command takes about a millisecond. */
const mostLines = 8

/** `http://user:password@host:8088` → its parts. A path stands before `/ari`, as `prefix` of http.conf has it. */
export function readAddress(text: string): Address {
  const url = new URL(text)
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  url.username = ''
  url.password = ''
  return { url: url.href.replace(/\/+$/, '').replace(/\/ari$/, ''), user, password }
}

/** Commands over lines that stay open. */
export function openAri({ url, user, password }: Address, patience = patienceMs): Ari {
  const isSecure = url.startsWith('https:')
  const agent = isSecure
    ? new SecureAgent({ keepAlive: true, maxSockets: mostLines })
    : new PlainAgent({ keepAlive: true, maxSockets: mostLines })
  let closed = false
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  type How = { into?: string; again?: boolean; alone?: boolean }
  const send = (method: Method, path: string, query: Values = {}, body?: unknown, how: How = {}): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const { into, again = true, alone = false } = how
      const search = new URLSearchParams()
      for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
      const text = body === undefined ? undefined : JSON.stringify(body)
      const asked = (isSecure ? secure : plain)(
        `${url}/ari/${path}${search.size > 0 ? `?${search}` : ''}`,
        {
          method,
          agent: alone ? false : agent,
          timeout: patience,
          headers: {
            authorization,
            ...(text === undefined
              ? { 'content-length': 0 }
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        },
        answer => {
          const status = answer.statusCode ?? 0
          const isWell = status >= 200 && status < 300
          if (into !== undefined && isWell) {
            pipeline(answer, createWriteStream(into, { mode: 0o600 })).then(
              () => resolve(Buffer.alloc(0)),
              (error: Error) => reject(new AriSilence('no_answer', error.message)),
            )
            return
          }
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('error', error => reject(new AriSilence('no_answer', error.message)))
          answer.on('end', () => {
            const bytes = Buffer.concat(parts)
            if (isWell) resolve(bytes)
            else reject(new AriRefusal(status, `${method} ${path}: ${status} ${bytes.toString('utf8').slice(0, 200)}`))
          })
        },
      )
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // Broken off, mostly as we began to speak: said once more. Commands that mind are said by `once` or `unlessDone`.
        if (again && error.code === 'ECONNRESET' && !closed) resolve(send(method, path, query, body, { ...how, again: false }))
        else reject(new AriSilence(error.code ?? 'no_answer', error.message))
      })
      asked.end(text)
    })

  return {
    ask: async (method, path, query, body) => {
      const bytes = await send(method, path, query, body)
      if (bytes.length === 0) return null
      try {
        return JSON.parse(bytes.toString('utf8'))
      } catch {
        throw new AriSilence('not_asterisk', `${method} ${path}: no JSON`)
      }
    },
    once: async (path, query) => void (await send('POST', path, query, undefined, { again: false, alone: true })),
    unlessDone: async (isDone, path, body) => {
      const say = () => send('POST', path, {}, body, { again: false })
      await say().catch(async error => {
        if (!(error instanceof AriSilence) || error.code !== 'ECONNRESET' || closed) throw error
        if (!(await isDone())) await say()
      })
    },
    save: async (path, into) => void (await send('GET', path, {}, undefined, { into })),
    socket: app => {
      const search = new URLSearchParams({ api_key: `${user}:${password}`, app, subscribeAll: 'false' })
      return new WebSocket(`${url.replace(/^http/, 'ws')}/ari/events?${search}`)
    },
    close: () => {
      closed = true
      agent.destroy()
    },
  }
}

/** What is not there (any more), or not in a state for it, is no failure of ours. */
export const unless =
  (...statuses: number[]) =>
  (error: unknown): null => {
    if (error instanceof AriRefusal && statuses.includes(error.status)) return null
    throw error
  }
