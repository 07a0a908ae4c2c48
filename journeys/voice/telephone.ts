import { createSocket } from 'node:dgram'
import { fromUlaw, toUlaw } from '#domains/voice/audio/g711.ts'
import { heard, rate, tone } from './tones.ts'

const frame = 160
const frameMs = 20
/** A minute. */
const keptFrames = 3_000
/** Of RFC 4733, as `sipp/*.xml` announces it. */
const eventType = 101
const keys = '0123456789*#'

export type Telephone = Awaited<ReturnType<typeof openTelephone>>

/** The mouth and the ear of a caller: sends µ-law over RTP, and keeps what comes back. The signalling is SIPp's. */
export async function openTelephone(host = '127.0.0.2') {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, host, resolve))
  let to: { host: string; port: number } | null = null
  let sound: Int16Array = new Int16Array(0)
  let at = 0
  /** Frames of digits that are still to be sent, before anything else. */
  const digits: { event: number; end: boolean; duration: number; first: boolean; begin: number }[] = []
  const ear: { at: number; samples: Int16Array }[] = []
  let sequence = 1
  let sent = 0
  const began = performance.now()

  socket.on('message', packet => {
    // µ-law; comfort noise and digits are not sound.
    if (packet.length < 13 || (packet[1] ?? 0) % 128 !== 0) return
    ear.push({ at: Date.now(), samples: Int16Array.from(packet.subarray(12), byte => fromUlaw(byte) * 32_768) })
    if (ear.length > keptFrames) ear.shift()
  })
  socket.on('error', () => {})

  const send = (type: number, marked: boolean, stamp: number, payload: Uint8Array) => {
    if (!to) return
    const packet = Buffer.alloc(12 + payload.length)
    packet[0] = 0x80
    packet[1] = type | (marked ? 0x80 : 0)
    packet.writeUInt16BE(sequence++ & 0xffff, 2)
    packet.writeUInt32BE(stamp >>> 0, 4)
    packet.writeUInt32BE(0x0000c0de, 8)
    packet.set(payload, 12)
    socket.send(packet, to.port, to.host)
  }
  const speak = (stamp: number) => {
    const digit = digits.shift()
    if (digit) {
      // Every frame of a key carries the stamp at which it was pressed.
      if (digit.first) for (const each of digits) if (each.begin === digit.begin) each.begin = stamp
      const payload = Buffer.from([digit.event, (digit.end ? 0x80 : 0) | 10, digit.duration >> 8, digit.duration & 0xff])
      if (digit.event >= 0) send(eventType, digit.first, digit.first ? stamp : digit.begin, payload)
      return
    }
    const payload = new Uint8Array(frame)
    for (let n = 0; n < frame; n++) payload[n] = toUlaw(sound.length === 0 ? 0 : (sound[at++ % sound.length] ?? 0) / 32_768)
    send(0, false, stamp, payload)
  }
  // As many frames as time has passed: a late timer is made up for.
  const clock = setInterval(() => {
    for (const due = (performance.now() - began) / frameMs; sent < due; sent++) speak(sent * frame)
  }, frameMs)

  let pressed = 0
  return {
    host,
    port: socket.address().port,
    /** Where the other side listens, as the answer said. */
    connect: (there: { host: string; port: number }) => {
      to = there
    },
    /** A tone from now on; null: silence, which is sent too. */
    say: (hertz: number | null) => {
      sound = hertz === null ? new Int16Array(0) : tone(hertz, 1)
      at = 0
    },
    press: (text: string) => {
      for (const key of text) {
        const [event, begin] = [keys.indexOf(key), --pressed]
        // 100 ms each, the end three times as the RFC asks, then 100 ms of nothing.
        for (let n = 1; n <= 5; n++) digits.push({ event, end: false, duration: n * frame, first: n === 1, begin })
        for (let n = 0; n < 3; n++) digits.push({ event, end: true, duration: 6 * frame, first: false, begin })
        for (let n = 0; n < 5; n++) digits.push({ event: -1, end: false, duration: 0, first: false, begin })
      }
    },
    /** What came in during the last so many seconds; where nothing came, silence. */
    lately: (seconds: number): Int16Array => {
      const from = Date.now() - seconds * 1000
      const samples = new Int16Array(seconds * rate)
      let place = 0
      for (const each of ear) {
        if (each.at < from || place + each.samples.length > samples.length) continue
        samples.set(each.samples, place)
        place += each.samples.length
      }
      return samples
    },
    /** Part of the last so many seconds in which this tone was heard. */
    hears(hertz: number, seconds = 2): number {
      return heard(this.lately(seconds), hertz)
    },
    /** Forget what was heard. */
    rest: () => void ear.splice(0),
    hangUp: () => {
      clearInterval(clock)
      socket.close()
    },
  }
}
