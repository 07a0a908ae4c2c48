import * as z from 'zod'
import type { Endpoint, PathKeys, Problem, Schema } from '#contract/endpoint.ts'

/** The server said no, or could not be reached (`network.away`). */
export class WireError extends Error {
  readonly code: string
  readonly facts: Record<string, unknown>
  readonly status: number
  constructor(code: string, facts: Record<string, unknown> = {}, status = 0, message = code) {
    super(message)
    this.code = code
    this.facts = facts
    this.status = status
  }
}
/** Worth trying again by itself: the line, a server that is starting, too many at once, two who wanted the same row. */
export const isPassing = (error: unknown): boolean =>
  error instanceof WireError &&
  (error.code === 'network.away' || error.code === 'input.try_again' || error.status >= 500 || error.status === 429)

/** Fields with a default may be left out; values are those of the code (Dates), not of the wire. */
type BodyOf<B> =
  B extends z.ZodObject<infer S>
    ? { [K in keyof S as S[K] extends z.ZodDefault | z.ZodOptional ? never : K]: z.output<S[K]> } & {
        [K in keyof S as S[K] extends z.ZodDefault | z.ZodOptional ? K : never]?: z.output<S[K]>
      }
    : B extends Schema
      ? z.output<B>
      : never
/** What a call needs: the ids of its path, its query, its body. */
export type InputOf<E> =
  E extends Endpoint<infer P, infer Q, infer B, infer _R>
    ? { [K in PathKeys<P>]: string } & ([z.output<Q>] extends [undefined] ? { query?: undefined } : { query?: Partial<z.output<Q>> }) &
        ([z.output<B>] extends [undefined] ? { body?: undefined } : { body: BodyOf<B> })
    : never
export type ReplyOf<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer R> ? z.output<R> : never

/** Asks an endpoint of the contract: path and query filled in, body encoded, reply decoded, a refusal thrown as WireError. */
export type Ask = <E extends Endpoint>(endpoint: E, input: InputOf<E>) => Promise<ReplyOf<E>>

/** `patience`: what has not been answered by then will not be. A line that is dead and does not say so would be waited for without end. */
export const newAsk =
  ({ send, csrf, patience }: { send: typeof fetch; csrf: () => string; patience: number }): Ask =>
  async (endpoint, input) => {
    const given: Record<string, unknown> = { ...input }
    // An answer that breaks off is none.
    const { response, text } = await exchange(send, addressOf(endpoint, given), {
      method: endpoint.method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(patience),
      headers: {
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(endpoint.method === 'GET' ? {} : { 'x-csrf': csrf() }),
      },
      // JSON writes a Date as ISO text, which is what the wire wants.
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    }).catch(() => {
      throw new WireError('network.away')
    })
    if (!response.ok) throw refused(response.status, text)
    try {
      // Decoded by the endpoint's own reply, whose output type this is.
      return z.decode(endpoint.reply, text === '' ? undefined : JSON.parse(text)) as ReplyOf<typeof endpoint>
    } catch (error) {
      console.error(`the answer of ${endpoint.path} does not fit its contract`, error)
      throw new WireError('network.odd')
    }
  }

async function exchange(send: typeof fetch, address: string, init: RequestInit) {
  const response = await send(address, init)
  return { response, text: response.status === 204 ? '' : await response.text() }
}

export function addressOf(endpoint: Endpoint, given: Record<string, unknown>): string {
  const path = endpoint.path.replace(/:([a-zA-Z]+)/g, (_, key: string) => encodeURIComponent(String(given[key])))
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(given.query ?? {}))
    if (value !== undefined && value !== null && value !== '') query.set(key, value instanceof Date ? value.toISOString() : String(value))
  const text = query.toString()
  return `/api${path}${text ? `?${text}` : ''}`
}

function refused(status: number, text: string): WireError {
  let problem: Partial<Problem> = {}
  try {
    problem = JSON.parse(text)
  } catch {
    /* A proxy's own error page: told by its status below. */
  }
  return new WireError(problem.code ?? (status >= 500 ? 'server.bug' : 'network.odd'), problem.facts ?? {}, status)
}
