import type { Endpoint } from '#contract/endpoint.ts'
import { type InputOf, newAsk, type ReplyOf, WireError } from './wire.ts'
import { learnRefusal, refusalText } from './words.ts'

export { addressOf, type InputOf, type ReplyOf } from './wire.ts'

/** A refusal that carries its words. */
export class RefusalError extends WireError {
  constructor(code: string, facts: Record<string, unknown> = {}, status = 0) {
    super(code, facts, status, refusalText(code, facts))
  }
}

const csrf = () => /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? ''
let onSignedOut = () => {}
/** What to do when the session has ended: the router goes to the sign-in page and remembers where we were. */
export const whenSignedOut = (fn: () => void): void => {
  onSignedOut = fn
}

const ask = newAsk({ send: (address, init) => fetch(address, init), csrf, patience: 30_000 })

/** Calls an endpoint of the contract; a refusal is thrown as RefusalError. */
export const call = <E extends Endpoint>(endpoint: E, input: InputOf<E>): Promise<ReplyOf<E>> => ask(endpoint, input).catch(inWords)

/** For so long the words of a refusal are waited for. */
const wordsWithin = 3_000

async function inWords(error: unknown): Promise<never> {
  if (!(error instanceof WireError)) throw error
  const { code, facts, status } = error
  if (status === 401 && code === 'access.sign_in') onSignedOut()
  // They come over the same line that may just have failed.
  await Promise.race([learnRefusal(code), new Promise(done => setTimeout(done, wordsWithin))])
  throw new RefusalError(code, facts, status)
}
