import { createHash, createHmac, randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { CarrierKind, Envelope, Outcome, Receipt, Setup } from '#domains/messaging/outgoing/ports.ts'
import { post } from './post.ts'

const timeoutMs = 12_000
const version = '2017-05-25'
const hex = (text: string) => createHash('sha256').update(text).digest('hex')
const encoded = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** ACS3-HMAC-SHA256, the signature of the vendor's gateway (V3): method, path, sorted query, sorted headers, hash of the body. */
export function sign(
  {
    accessKeyId,
    secret,
    host,
    action,
    query,
  }: { accessKeyId: string; secret: string; host: string; action: string; query: Readonly<Record<string, string>> },
  { date, nonce }: { date: string; nonce: string },
): { search: string; headers: Record<string, string> } {
  const search = Object.entries(query)
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
    .sort()
    .join('&')
  const headers: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': hex(''),
    'x-acs-date': date,
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  }
  const names = Object.keys(headers).sort()
  const canonical = ['POST', '/', search, ...names.map(name => `${name}:${headers[name]}`), '', names.join(';'), hex('')].join('\n')
  const signature = createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${hex(canonical)}`)
    .digest('hex')
  return {
    search,
    headers: {
      ...headers,
      authorization: `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`,
    },
  }
}

const Answer = z.object({ Code: z.string(), Message: z.string().default(''), BizId: z.string().default('') })
const Report = z.array(
  z.object({
    biz_id: z.string().max(200),
    success: z.boolean(),
    err_code: z.string().max(100).default(''),
    phone_number: z.string().default(''),
  }),
)
const Answers = z.array(z.object({ phone_number: z.string().max(40), content: z.string().max(2000) }))

/** The vendor's codes in our words: flow control and its own failures pass, numbers that cannot be are bad, money and rights are the account's. */
export function readCode(code: string, detail: string): Outcome {
  if (code === 'isv.MOBILE_NUMBER_ILLEGAL') return { state: 'bounced', reason: 'no_such_address', detail }
  if (
    code === 'isv.BUSINESS_LIMIT_CONTROL' ||
    code === 'isp.SYSTEM_ERROR' ||
    code.startsWith('Throttling') ||
    code === 'ServiceUnavailable'
  )
    return { state: 'again', reason: 'not_now', detail }
  if (/AMOUNT_NOT_ENOUGH|OUT_OF_SERVICE|RAM_PERMISSION_DENY|AccessKeyId|Signature(DoesNotMatch|NonceUsed)|Forbidden/i.test(code))
    return { state: 'again', reason: 'sign_in', detail, away: true }
  return { state: 'failed', reason: 'refused_by_provider', detail }
}

async function one(setup: Setup, e: Envelope): Promise<Outcome> {
  if (setup.settings.kind !== 'aliyun') throw new Error('not this vendor')
  const { endpoint, accessKeyId, signature } = setup.settings
  if (e.vendorCode === '') return { state: 'failed', reason: 'no_vendor_code', detail: '' }
  const url = new URL(endpoint)
  const query = {
    // Numbers of its own country go without its code.
    PhoneNumbers: e.address.replace(/^\+86/, '').replace(/^\+/, ''),
    SignName: signature,
    TemplateCode: e.vendorCode,
    TemplateParam: JSON.stringify(e.variables),
    OutId: e.id,
  }
  const { search, headers } = sign(
    { accessKeyId, secret: setup.secret, host: url.host, action: 'SendSms', query },
    { date: new Date().toISOString().replace(/\.\d+Z$/, 'Z'), nonce: randomUUID() },
  )
  url.search = search
  try {
    const { status, text } = await post(url, '', { headers, privateAllowed: setup.privateAllowed, timeoutMs })
    const answer = Answer.safeParse(JSON.parse(text))
    if (!answer.success) return { state: 'unknown', reason: 'nonsense', detail: `${status} ${text.slice(0, 200)}`, away: true }
    const { Code, Message, BizId } = answer.data
    return Code === 'OK' && BizId !== '' ? { state: 'handed', ref: BizId } : readCode(Code, `${Code} ${Message}`)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // Nothing was said yet when nobody was there; after that the vendor may have sent, and knows no reference of ours.
    const never =
      ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code) || detail.includes('private network')
    return never
      ? { state: 'again', reason: 'no_answer', detail, away: true }
      : { state: 'unknown', reason: 'no_answer', detail, away: true }
  }
}

/** The short-message service of Aliyun: a call per message, by templates that the vendor has approved. */
export const aliyun: CarrierKind = {
  repeatable: false,
  batch: ({ connections }) => connections * 2,
  open: setup => ({
    send: (envelopes, noted) =>
      Promise.all(
        envelopes.map(async e => {
          const outcome = await one(setup, e)
          if (outcome.state === 'handed') noted(e.id, outcome.ref)
          return outcome
        }),
      ),
    close: async () => {},
  }),
  readReplies: body => Answers.safeParse(body).data?.map(a => ({ from: a.phone_number, text: a.content })) ?? null,
  readReceipts: body => {
    const read = Report.safeParse(body)
    return read.success
      ? read.data.map(
          (r): Receipt => ({
            ref: r.biz_id,
            state: r.success ? 'delivered' : 'failed',
            reason: r.success ? '' : r.err_code || 'not_delivered',
          }),
        )
      : null
  },
  receiptAnswer: { code: 0, msg: '成功' },
}
