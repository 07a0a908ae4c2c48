import { createHmac } from 'node:crypto'
import * as z from 'zod'
import type { CarrierKind, Envelope, Outcome, Receipt, Setup } from '#domains/messaging/outgoing/ports.ts'
import { post } from './post.ts'

const perCall = 100
const timeoutMs = 15_000

const Answer = z.object({
  messages: z.array(
    z.object({
      reference: z.string(),
      id: z.string().max(200).default(''),
      state: z.enum(['accepted', 'rejected', 'later', 'bad_number']),
      reason: z.string().max(200).default(''),
    }),
  ),
})
const Receipts = z.object({
  receipts: z
    .array(
      z.object({ id: z.string().max(200), state: z.enum(['delivered', 'failed', 'bad_number']), reason: z.string().max(200).default('') }),
    )
    .max(1000),
})
const Replies = z.object({ replies: z.array(z.object({ from: z.string().max(40), text: z.string().max(2000) })).max(1000) })

/** Signed as Standard Webhooks sign: id, time and body. */
export const signed = (secret: string, id: string, at: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64')}`

/** `【清源供水】` before the words, as Chinese networks ask. */
export const withSignature = (signature: string, text: string): string => (signature === '' ? text : `【${signature}】${text}`)

async function call(setup: Setup, envelopes: readonly Envelope[]): Promise<Outcome[]> {
  if (setup.settings.kind !== 'http') throw new Error('not an HTTP provider')
  const { url, account, signature } = setup.settings
  const body = JSON.stringify({
    account,
    messages: envelopes.map(e => ({
      reference: e.id,
      to: e.address,
      text: withSignature(signature, e.text),
      template: e.vendorCode || undefined,
    })),
  })
  const all = (outcome: Outcome) => envelopes.map(() => outcome)
  try {
    const at = Math.floor(Date.now() / 1000)
    // The first message names the call: the same batch tried again is the same call.
    const id = envelopes[0]?.id ?? ''
    const { status, text } = await post(new URL(url), body, {
      privateAllowed: setup.privateAllowed,
      timeoutMs,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(at),
        'webhook-signature': signed(setup.secret, id, at, body),
      },
    })
    if (status === 401 || status === 403) return all({ state: 'again', reason: 'sign_in', detail: text.slice(0, 200), away: true })
    if (status === 429 || status >= 500)
      return all({ state: 'again', reason: 'not_now', detail: `${status} ${text.slice(0, 200)}`, away: true })
    if (status >= 400) return all({ state: 'failed', reason: 'refused_by_provider', detail: `${status} ${text.slice(0, 200)}` })
    const answer = Answer.safeParse(parsed(text))
    if (!answer.success) return all({ state: 'again', reason: 'nonsense', detail: text.slice(0, 200), away: true })
    const byReference = new Map(answer.data.messages.map(m => [m.reference, m]))
    return envelopes.map((e): Outcome => {
      const m = byReference.get(e.id)
      if (!m) return { state: 'again', reason: 'no_answer', detail: 'not named in the answer' }
      if (m.state === 'accepted')
        return m.id === '' ? { state: 'again', reason: 'nonsense', detail: 'accepted without an id' } : { state: 'handed', ref: m.id }
      if (m.state === 'later') return { state: 'again', reason: 'not_now', detail: m.reason }
      return m.state === 'bad_number'
        ? { state: 'bounced', reason: 'no_such_address', detail: m.reason }
        : { state: 'failed', reason: 'refused_by_provider', detail: m.reason }
    })
  } catch (error) {
    return all({ state: 'again', reason: 'no_answer', detail: error instanceof Error ? error.message : String(error), away: true })
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A provider that takes signed JSON, a hundred messages a call; each carries our reference, under which it is sent once however often it is said. */
export const smsJson: CarrierKind = {
  repeatable: true,
  batch: ({ connections }) => connections * perCall,
  open: setup => ({
    send: async envelopes => {
      const calls = Array.from({ length: Math.ceil(envelopes.length / perCall) }, (_, n) => envelopes.slice(n * perCall, (n + 1) * perCall))
      return (await Promise.all(calls.map(some => call(setup, some)))).flat()
    },
    close: async () => {},
  }),
  readReplies: body => Replies.safeParse(body).data?.replies ?? null,
  readReceipts: body => {
    const read = Receipts.safeParse(body)
    return read.success
      ? read.data.receipts.map(
          (r): Receipt => ({
            ref: r.id,
            state: r.state === 'bad_number' ? 'bounced' : r.state,
            reason: r.state === 'delivered' ? '' : r.reason || 'not_delivered',
          }),
        )
      : null
  },
}
