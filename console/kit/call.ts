import * as z from 'zod'
import type { Endpoint, PathKeys, Problem } from '#contract/endpoint.ts'
import { learnRefusal, refusalText } from './words.ts'

/** The server said no, or could not be reached (`network.away`). */
export class RefusalError extends Error {
  readonly code: string
  readonly facts: Record<string, unknown>
  readonly status: number
  constructor(code: string, facts: Record<string, unknown> = {}, status = 0) {
    super(refusalText(code, facts))
    this.code = code
    this.facts = facts
    this.status = status
  }
}

/** Fields with a default may be left out; values are those of the code (Dates), not of the wire. */
type BodyOf<B> =
  B extends z.ZodObject<infer S>
    ? { [K in keyof S as S[K] extends z.ZodDefault | z.ZodOptional ? never : K]: z.output<S[K]> } & {
        [K in keyof S as S[K] extends z.ZodDefault | z.ZodOptional ? K : never]?: z.output<S[K]>
      }
    : B extends z.ZodType
      ? z.output<B>
      : never
/** What a call needs: the ids of its path, its query, its body. */
export type InputOf<E> =
  E extends Endpoint<infer P, infer Q, infer B, infer _R>
    ? { [K in PathKeys<P>]: string } & ([z.output<Q>] extends [undefined] ? { query?: undefined } : { query?: Partial<z.output<Q>> }) &
        ([z.output<B>] extends [undefined] ? { body?: undefined } : { body: BodyOf<B> })
    : never
export type ReplyOf<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer R> ? z.output<R> : never

const csrf = () => /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? ''
let onSignedOut = () => {}
/** What to do when the session has ended: the router goes to the sign-in page and remembers where we were. */
export const whenSignedOut = (fn: () => void): void => {
  onSignedOut = fn
}

/** Calls an endpoint of the contract: path and query filled in, body encoded, reply decoded, a refusal thrown as RefusalError. */
export async function call<E extends Endpoint>(endpoint: E, input: InputOf<E>): Promise<ReplyOf<E>> {
  const given: Record<string, unknown> = { ...input }
  const response = await fetch(addressOf(endpoint, given), {
    method: endpoint.method,
    credentials: 'same-origin',
    headers: {
      ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(endpoint.method === 'GET' ? {} : { 'x-csrf': csrf() }),
    },
    // JSON writes a Date as ISO text, which is what the wire wants.
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
  }).catch(() => {
    throw new RefusalError('network.away')
  })
  const text = response.status === 204 ? '' : await response.text()
  if (!response.ok) throw await refused(response.status, text)
  try {
    // Decoded by the endpoint's own reply, whose output type this is.
    return z.decode(endpoint.reply, text === '' ? undefined : JSON.parse(text)) as ReplyOf<E>
  } catch (error) {
    console.error(`the answer of ${endpoint.path} does not fit its contract`, error)
    throw new RefusalError('network.odd')
  }
}

export function addressOf(endpoint: Endpoint, given: Record<string, unknown>): string {
  const path = endpoint.path.replace(/:([a-zA-Z]+)/g, (_, key: string) => encodeURIComponent(String(given[key])))
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(given.query ?? {}))
    if (value !== undefined && value !== null && value !== '') query.set(key, value instanceof Date ? value.toISOString() : String(value))
  const text = query.toString()
  return `/api${path}${text ? `?${text}` : ''}`
}

async function refused(status: number, text: string): Promise<RefusalError> {
  let problem: Partial<Problem> = {}
  try {
    problem = JSON.parse(text)
  } catch {
    /* A proxy's own error page: told by its status below. */
  }
  if (status === 401 && problem.code === 'access.sign_in') onSignedOut()
  const code = problem.code ?? (status >= 500 ? 'server.bug' : 'network.odd')
  await learnRefusal(code)
  return new RefusalError(code, problem.facts ?? {}, status)
}
