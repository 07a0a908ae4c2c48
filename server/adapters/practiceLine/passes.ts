import type { CallAt } from '#domains/voice/ports.ts'
import { isId, newId } from '#kernel/ids.ts'
import { hmac, sameText } from '#kernel/secrets.ts'

const bare = (id: string) => id.replaceAll('-', '')
const whole = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const seal = (key: Buffer, text: string) => hmac(key, `practice line ${text}`).slice(0, 22)

/** Who was told a pass was given the leg: any process sees that without asking anybody. */
export function passOf(key: Buffer, { tenantId, callId }: CallAt, leg: string): string {
  return `${bare(leg)}.${bare(callId)}.${seal(key, `leg ${tenantId} ${callId} ${leg}`)}`
}

export function readPass(key: Buffer, tenantId: string, pass: string): (CallAt & { leg: string }) | null {
  const [leg = '', callId = ''] = pass.split('.').map(whole)
  if (!isId(leg) || !isId(callId) || !sameText(pass, passOf(key, { tenantId, callId }, leg))) return null
  return { tenantId, callId, leg }
}

/** For so long a telephone may stay switched on. */
const longestMs = 12 * 3_600_000

/** The secret of a telephone that somebody of the house switched on under a number: nothing of it is kept. */
export function newPhone(key: Buffer, tenantId: string, number: string, now: Date): { id: string; secret: string } {
  const id = newId()
  const since = Math.floor(now.getTime() / 1000)
    .toString(36)
    .padStart(7, '0')
  return { id, secret: `${bare(id)}${since}${seal(key, `phone ${tenantId} ${id} ${since} ${number}`)}${number.replace('+', 'p')}` }
}

export function readPhone(key: Buffer, tenantId: string, secret: string, now: Date): { id: string; number: string } | null {
  const [, hex = '', since = '', sealed = '', named = ''] = /^([0-9a-f]{32})([0-9a-z]{7})([\w-]{22})(p?\d{3,18})$/.exec(secret) ?? []
  const id = whole(hex)
  const number = named.replace('p', '+')
  if (!isId(id) || !sameText(sealed, seal(key, `phone ${tenantId} ${id} ${since} ${number}`))) return null
  return now.getTime() - Number.parseInt(since, 36) * 1000 > longestMs ? null : { id, number }
}

/** The same telephone, however it is written. */
export const plainNumber = (number: string): string => number.replaceAll(/[^0-9*#]/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '')
