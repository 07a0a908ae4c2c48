import type { House } from './house.ts'
import { hmac, sameText } from './secrets.ts'

const sealLength = 32
const sealOf = (house: House, tenantId: string, noun: string, said: string) =>
  hmac(house.key, `${noun}:${tenantId}:${said}`).slice(0, sealLength)

/** The secret of a link: what it stands for and a seal that only this installation can make. The same every time, and nothing is stored that could leak. */
export function sealedSecret(house: House, tenantId: string, noun: string, bytes: Buffer): string {
  const said = bytes.toString('base64url')
  return said + sealOf(house, tenantId, noun, said)
}

/** What it stands for; null when it is not ours, or not of this kind. */
export function openSecret(house: House, tenantId: string, noun: string, secret: string): Buffer | null {
  const said = secret.slice(0, -sealLength)
  return sameText(secret.slice(-sealLength), sealOf(house, tenantId, noun, said)) ? Buffer.from(said, 'base64url') : null
}

export const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')
export const idIn = (bytes: Buffer, at = 0): string =>
  bytes
    .subarray(at, at + 16)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
