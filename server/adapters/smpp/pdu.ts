/** SMPP 3.4, as far as we speak it. */
export const command = {
  nack: 0x80000000,
  query: 0x00000003,
  submit: 0x00000004,
  deliver: 0x00000005,
  unbind: 0x00000006,
  bind: 0x00000009,
  enquire: 0x00000015,
} as const
export const answerTo = (id: number): number => (id | 0x80000000) >>> 0
export type Pdu = { id: number; status: number; seq: number; body: Buffer }

/** Longer than any message can be: what claims to be is not SMPP. */
const longest = 70_000

export function write({ id, status, seq, body }: Pdu): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(16 + body.length, 0)
  head.writeUInt32BE(id, 4)
  head.writeUInt32BE(status, 8)
  head.writeUInt32BE(seq, 12)
  return Buffer.concat([head, body])
}

/** Whole PDUs out of what has come so far, and the rest; throws on what cannot be one. */
export function read(bytes: Buffer): { pdus: Pdu[]; rest: Buffer } {
  const pdus: Pdu[] = []
  let at = 0
  while (bytes.length - at >= 16) {
    const length = bytes.readUInt32BE(at)
    if (length < 16 || length > longest) throw new Error(`a PDU of ${length} octets`)
    if (bytes.length - at < length) break
    pdus.push({
      id: bytes.readUInt32BE(at + 4),
      status: bytes.readUInt32BE(at + 8),
      seq: bytes.readUInt32BE(at + 12),
      body: bytes.subarray(at + 16, at + length),
    })
    at += length
  }
  return { pdus, rest: bytes.subarray(at) }
}

export const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'latin1')

export function bindBody({ systemId, password, systemType }: { systemId: string; password: string; systemType: string }): Buffer {
  return Buffer.concat([
    text(systemId.slice(0, 15)),
    text(password.slice(0, 8)),
    text(systemType.slice(0, 12)),
    Buffer.from([0x34, 0, 0]),
    text(''),
  ])
}

type Part = { source: string; to: string; bytes: Buffer; ucs2: boolean; header: Buffer | null; receipt: boolean }
/** Letters as a name, short digits as a short code, else a number as it is written. */
function sourceBytes(source: string): Buffer {
  const [ton, npi] = source === '' ? [0, 0] : /[^\d+]/.test(source) ? [5, 0] : source.startsWith('+') ? [1, 1] : [0, 1]
  return Buffer.concat([Buffer.from([ton, npi]), text(source.replace(/^\+/, ''))])
}
export function submitBody({ source, to, bytes, ucs2, header, receipt }: Part): Buffer {
  const message = header ? Buffer.concat([header, bytes]) : bytes
  return Buffer.concat([
    text(''),
    sourceBytes(source),
    Buffer.from([1, 1]),
    text(to.replace(/^\+/, '')),
    Buffer.from([header ? 0x40 : 0, 0, 0]),
    text(''),
    text(''),
    Buffer.from([receipt ? 1 : 0, 0, ucs2 ? 8 : 0, 0, message.length]),
    message,
  ])
}

/** The message id of a submit's answer. */
export const idOf = (body: Buffer): string => {
  const end = body.indexOf(0)
  return body.subarray(0, end < 0 ? body.length : end).toString('latin1')
}

export const queryBody = (ref: string, source: string): Buffer => Buffer.concat([text(ref), sourceBytes(source)])
/** How a message stands, of a query's answer. */
export function standOf(body: Buffer): { stat: string; error: string } {
  const after = (at: number) => {
    const end = body.indexOf(0, at)
    if (end < 0) throw new Error('a text without end')
    return end + 1
  }
  const at = after(after(0))
  const error = body[at + 1] ?? 0
  return { stat: states[body[at] ?? 0] ?? '', error: error === 0 ? '' : String(error) }
}

/** What a deliver_sm says about a message of ours; null when it is no receipt. */
export function receiptOf(body: Buffer): { ref: string; stat: string; error: string } | null {
  let at = 0
  const string = () => {
    const end = body.indexOf(0, at)
    if (end < 0) throw new Error('a text without end')
    const value = body.subarray(at, end).toString('latin1')
    at = end + 1
    return value
  }
  string()
  at += 2
  string()
  at += 2
  string()
  const esm = body.readUInt8(at)
  at += 3
  string()
  string()
  at += 4
  const length = body.readUInt8(at)
  const words = body.subarray(at + 1, at + 1 + length).toString('latin1')
  at += 1 + length
  if ((esm & 0x3c) !== 0x04) return null
  let [ref, state] = ['', 0]
  while (at + 4 <= body.length) {
    const [tag, size] = [body.readUInt16BE(at), body.readUInt16BE(at + 2)]
    const value = body.subarray(at + 4, at + 4 + size)
    if (tag === 0x001e) ref = value.toString('latin1').replace(/\0.*$/s, '')
    if (tag === 0x0427) state = value[0] ?? 0
    at += 4 + size
  }
  const stat = /\bstat:(\w+)/i.exec(words)?.[1]?.toUpperCase() ?? states[state] ?? ''
  return { ref: ref || (/\bid:(\S+)/i.exec(words)?.[1] ?? ''), stat, error: /\berr:(\w+)/i.exec(words)?.[1] ?? '' }
}
const states: Readonly<Record<number, string>> = {
  1: 'ENROUTE',
  2: 'DELIVRD',
  3: 'EXPIRED',
  4: 'DELETED',
  5: 'UNDELIV',
  6: 'ACCEPTD',
  7: 'UNKNOWN',
  8: 'REJECTD',
}
