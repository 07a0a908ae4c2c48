import type { CarrierKind, Envelope, Outcome, Receipt, Setup, Told } from '#domains/messaging/outgoing/ports.ts'
import { partsOf } from '#domains/messaging/outgoing/segments.ts'
import { withSignature } from '../smsHttp/json.ts'
import { command, idOf, queryBody, standOf, submitBody } from './pdu.ts'
import { type Heard, NotThere, open, type Session } from './session.ts'

const again = 5_000

/** Statuses of an answer to submit_sm: later, a number that cannot be, or no for this message. */
export function readStatus(status: number): Outcome {
  const detail = `0x${status.toString(16).padStart(8, '0')}`
  if ([0x08, 0x14, 0x58, 0x64, 0xfe].includes(status)) return { state: 'again', reason: 'not_now', detail }
  if ([0x0b, 0x50].includes(status)) return { state: 'bounced', reason: 'no_such_address', detail }
  if ([0x04, 0x0d, 0x0e, 0x0f].includes(status)) return { state: 'again', reason: 'sign_in', detail, away: true }
  return { state: 'failed', reason: 'refused_by_provider', detail }
}

/** Only the end of a message's way is told; that it is on it, we know. */
export function readReceipt({ ref, stat, error }: Heard): Receipt | null {
  if (ref === '') return null
  if (stat === 'DELIVRD') return { ref, state: 'delivered', reason: '' }
  if (['EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD'].includes(stat))
    return { ref, state: 'failed', reason: [stat.toLowerCase(), error].filter(Boolean).join(' ') }
  return null
}

/** The end, or how far it is. A gateway that knows no such question says so by refusing the command itself. */
async function askOne(session: Session, ref: string, source: string): Promise<Told | null> {
  const { id, status, body } = await session.query(queryBody(ref, source))
  if (id === command.nack || status === 0x03) return null
  if (status !== 0) return { ref, state: 'not_known' }
  const { stat, error } = standOf(body)
  return readReceipt({ ref, stat, error }) ?? { ref, state: stat === 'ENROUTE' || stat === 'ACCEPTD' ? 'underway' : 'not_known' }
}

async function one(session: Session, setup: Setup, e: Envelope, header: number): Promise<Outcome> {
  if (setup.settings.kind !== 'smpp') throw new Error('not a gateway')
  const { source, signature } = setup.settings
  const { encoding, parts } = partsOf(withSignature(signature, e.text))
  let ref = ''
  for (const [n, bytes] of parts.entries()) {
    const last = n === parts.length - 1
    const body = submitBody({
      source,
      to: e.address,
      bytes,
      ucs2: encoding === 'ucs2',
      header: parts.length > 1 ? Buffer.from([5, 0, 3, header & 0xff, parts.length, n + 1]) : null,
      receipt: last,
    })
    try {
      const { status, body: answer } = await session.submit(body)
      // The first parts are out: to begin again would show them twice.
      if (status !== 0)
        return n === 0 ? readStatus(status) : { state: 'failed', reason: 'cut_off', detail: `part ${n + 1}: 0x${status.toString(16)}` }
      ref = idOf(answer)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return error instanceof NotThere && n === 0
        ? { state: 'again', reason: 'no_answer', detail, away: true }
        : { state: 'unknown', reason: 'no_answer', detail, away: true }
    }
  }
  return ref === '' ? { state: 'unknown', reason: 'nonsense', detail: 'accepted without an id' } : { state: 'handed', ref }
}

/** A gateway of short messages by SMPP 3.4. It takes the same message twice for two: what may have gone is not sent again. */
export const smpp: CarrierKind = {
  repeatable: false,
  listens: true,
  asks: true,
  batch: ({ settings, connections }) => connections * (settings.kind === 'smpp' ? settings.window : 10) * 2,
  open: (setup, heard) => {
    if (setup.settings.kind !== 'smpp') throw new Error('not a gateway')
    const { host, port, tls, systemId, systemType, window, source } = setup.settings
    const peer = { host, port, tls, systemId, systemType, password: setup.secret, window, privateAllowed: setup.privateAllowed }
    const lines: (Promise<Session> | null)[] = Array.from({ length: setup.connections }, () => null)
    let header = Math.floor(Math.random() * 256)
    let closing = false
    const told = async (receipt: Heard) => {
      const known = readReceipt(receipt)
      if (known) await heard(known)
    }
    function line(n: number): Promise<Session> {
      const known = lines[n]
      if (known) return known
      const mine = open(peer, told, () => {
        lines[n] = null
        // Receipts come by the line: it is bound again also while nothing is to be sent.
        if (!closing) setTimeout(() => closing || line(n).catch(() => {}), again).unref()
      })
      lines[n] = mine
      mine.catch(() => {
        if (lines[n] === mine) lines[n] = null
      })
      return mine
    }
    void line(0).catch(() => {})
    return {
      ask: async refs => {
        const session = await line(0)
        const told = await Promise.all(refs.map(ref => askOne(session, ref, source)))
        return told.includes(null) ? null : told.filter(t => t !== null)
      },
      send: (envelopes, noted) =>
        Promise.all(
          envelopes.map(async (e, n): Promise<Outcome> => {
            try {
              const outcome = await one(await line(n % setup.connections), setup, e, header++)
              if (outcome.state === 'handed') noted(e.id, outcome.ref)
              return outcome
            } catch (error) {
              return { state: 'again', reason: 'no_answer', detail: error instanceof Error ? error.message : String(error), away: true }
            }
          }),
        ),
      close: async () => {
        closing = true
        await Promise.all(lines.map(async l => (await l?.catch(() => null))?.close()))
      },
    }
  },
}
