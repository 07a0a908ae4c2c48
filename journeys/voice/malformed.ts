import { createSocket } from 'node:dgram'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Place } from './sipp.ts'

export type Message = { name: string; bytes: Buffer }
const lines = (...text: string[]) => Buffer.from(text.join('\r\n'))
const way = 'Via: SIP/2.0/UDP 127.0.0.9:5060;branch=z9hG4bK-own'
const who = ['From: <sip:x@127.0.0.9>;tag=x', 'To: <sip:7001@127.0.0.1>']
/** To where it came from, whatever it says of that. */
const back = (id: string) => `Via: SIP/2.0/UDP 127.0.0.9:5060;rport;branch=z9hG4bK-${id}`
const invite = 'INVITE sip:7001@127.0.0.1 SIP/2.0'
const rest = (id: string) => ['CSeq: 1 INVITE', `Call-ID: ${id}`, 'Contact: <sip:x@127.0.0.9>', 'Max-Forwards: 70']

/** What should never come, and comes: each breaks one rule of RFC 3261 or of SDP. */
export const ownMessages: Message[] = [
  { name: 'nothing', bytes: Buffer.alloc(0) },
  { name: 'four line ends', bytes: lines('', '', '', '', '') },
  { name: 'zeros', bytes: Buffer.alloc(1_400) },
  { name: 'bytes of every kind', bytes: Buffer.from(Array.from({ length: 1_024 }, (_, n) => (n * 167 + 13) % 256)) },
  { name: 'a first line alone', bytes: lines(invite) },
  { name: 'no via, no from, no to', bytes: lines(invite, 'Call-ID: bare', 'CSeq: 1 INVITE', '', '') },
  { name: 'a length below nothing', bytes: lines(invite, way, ...who, ...rest('minus'), 'Content-Length: -1', '', '') },
  { name: 'a length beyond the packet', bytes: lines(invite, way, ...who, ...rest('beyond'), 'Content-Length: 999999999', '', 'v=0') },
  { name: 'a number that does not fit', bytes: lines(invite, way, ...who, 'CSeq: 99999999999999999999 INVITE', 'Call-ID: cseq', '', '') },
  { name: 'two methods', bytes: lines(invite, way, ...who, 'CSeq: 1 BYE', 'Call-ID: two', 'Content-Length: 0', '', '') },
  { name: 'a method of two thousand letters', bytes: lines(`${'A'.repeat(2_000)} sip:7001@127.0.0.1 SIP/2.0`, way, ...who, ...rest('long'), '', '') },
  { name: 'a header of thirty thousand letters', bytes: lines(invite, way, ...who, ...rest('wide'), `Subject: ${'s'.repeat(30_000)}`, '', '') },
  { name: 'four hundred vias', bytes: lines(invite, ...Array.from({ length: 400 }, () => way), ...who, ...rest('vias'), '', '') },
  { name: 'half a character', bytes: Buffer.concat([lines(invite, way, 'From: "'), Buffer.from([0xe5, 0x9b]), lines('" <sip:x@127.0.0.9>;tag=x', ...rest('half'), '', '')]) },
  { name: 'line ends inside a name', bytes: lines(invite, way, 'From: "a\r\nCSeq: 1 BYE\r\n" <sip:x@h>;tag=x', 'To: <sip:7001@h>', ...rest('inside'), '', '') },
  { name: 'percent zero', bytes: lines('INVITE sip:%00%00%ff@127.0.0.1 SIP/2.0', way, ...who, ...rest('zero'), '', '') },
  { name: 'another version', bytes: lines('INVITE sip:7001@127.0.0.1 SIP/9.9', way, ...who, ...rest('nine'), '', '') },
  { name: 'an answer nobody waits for', bytes: lines('SIP/2.0 200 OK', way, ...who, ...rest('answer'), 'Content-Length: 0', '', '') },
  { name: 'an answer of no number', bytes: lines('SIP/2.0 -7 Odd', way, ...who, ...rest('odd'), '', '') },
  { name: 'a goodbye to no call', bytes: lines('BYE sip:7001@127.0.0.1 SIP/2.0', way, ...who, 'CSeq: 2 BYE', 'Call-ID: none', '', '') },
  { name: 'a cancel of no call', bytes: lines('CANCEL sip:7001@127.0.0.1 SIP/2.0', way, ...who, 'CSeq: 1 CANCEL', 'Call-ID: no', '', '') },
  { name: 'what nobody can', bytes: lines(invite, back('can'), ...who, ...rest('can'), 'Require: flying', 'Content-Length: 0', '', '') },
  { name: 'a method of nobody', bytes: lines('JUMP sip:7001@127.0.0.1 SIP/2.0', back('jump'), ...who, 'CSeq: 1 JUMP', 'Call-ID: jump', 'Max-Forwards: 70', 'Content-Length: 0', '', '') },
  { name: 'news of nothing', bytes: lines('SUBSCRIBE sip:7001@127.0.0.1 SIP/2.0', back('news'), ...who, 'CSeq: 1 SUBSCRIBE', 'Call-ID: news', 'Contact: <sip:x@127.0.0.9>', 'Max-Forwards: 70', 'Event: nothing', 'Content-Length: 0', '', '') },
  ...[
    ['no port', 'v=0\r\nm=audio\r\n'],
    ['a port that is none', 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 999999 RTP/AVP 0\r\n'],
    ['no code that we know', 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 99\r\n'],
    ['an address that is none', 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 999.1.1.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n'],
    ['a thousand streams', `v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\n${'m=audio 4000 RTP/AVP 0\r\n'.repeat(1_000)}`],
  ].map(([name = '', body = '']) => ({
    name: `a description with ${name}`,
    bytes: lines(invite, way, ...who, ...rest(name.replaceAll(' ', '-')), 'Content-Type: application/sdp', `Content-Length: ${body.length}`, '', body),
  })),
] // biome-ignore format: one message by line

/** The torture messages of RFC 4475, where a copy of them lies beside the project. */
export function tortureMessages(): Message[] {
  const folder = path.join(import.meta.dirname, '../../../shared/data/sip_rfc4475')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => name.endsWith('.dat'))
    .map(name => ({ name, bytes: readFileSync(path.join(folder, name)) }))
}

/** One after another, from an address. Returns the first lines of what was answered. */
export async function send(to: Place, from: string, messages: readonly Message[]): Promise<string[]> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, from, resolve))
  const answers: string[] = []
  socket.on('message', answer => void answers.push(answer.toString('latin1').split('\r\n')[0] ?? ''))
  // That the other side is gone is seen by asking it.
  socket.on('error', () => {})
  for (const { bytes } of messages) {
    await new Promise<void>((resolve, reject) => socket.send(bytes, to.port, to.host, error => (error ? reject(error) : resolve())))
    await wait(5)
  }
  socket.close()
  return answers
}
