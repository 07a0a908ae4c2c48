import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type * as z from 'zod'
import { addressLine, splitAddress, stars } from '#contract/addresses.ts'
import type { IdentityKind } from '#contract/customers.ts'
import { cutOff } from '#contract/phones.ts'

// Not 179: the library takes that for the code of a carrier.
const mobile = /^1(?:[3-689]\d|7[0-8])\d{8}$/

/** E.164; numbers without a country are Chinese. Null when it cannot be a telephone number. */
export function phoneNumber(typed: string): string | null {
  // Most of what a Chinese table holds needs no library to be read.
  const plain = typed.replaceAll(/[\s-]/g, '')
  if (mobile.test(plain)) return `+86${plain}`
  const parsed = parsePhoneNumberFromString(typed.normalize('NFKC'), 'CN')
  // The library takes a mobile number that was cut off for a line without its area.
  if (!parsed?.isValid() || (parsed.country === 'CN' && cutOff.test(parsed.nationalNumber))) return null
  return parsed.number
}

export const emailAddress = (typed: string): string | null => {
  const plain = typed.trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(plain) && plain.length <= 200 ? plain : null
}

/** The value under which a customer is recognised, the same however it was typed. */
export function identityValue(kind: z.output<typeof IdentityKind>, typed: string): string | null {
  if (kind === 'phone') return phoneNumber(typed)
  if (kind === 'email') return emailAddress(typed)
  return typed.trim().slice(0, 200) || null
}

/** 138****6021, 028****3366, +44****6789: the beginning tells the region, the last four tell two customers apart. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null
  if (phone.startsWith('+86') && mobile.test(phone.slice(3))) return `${phone.slice(3, 6)}****${phone.slice(-4)}`
  const parsed = parsePhoneNumberFromString(phone)
  if (parsed?.country !== 'CN') return `${phone.slice(0, 3)}****${phone.slice(-4)}`
  const national = parsed.nationalNumber
  if (national.length === 11 && national.startsWith('1')) return `${national.slice(0, 3)}****${national.slice(-4)}`
  const area = /^(10|2\d|[3-9]\d\d)/.exec(national)?.[0] ?? ''
  return `0${area}****${national.slice(-4)}`
}

export function maskEmail(email: string | null): string | null {
  if (email === null) return null
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}***${email.slice(at)}`
}

/** As far as the district; the road and the door are nobody's business who only sorts files. */
export function maskAddress(address: string): string {
  if (address === '') return ''
  const { province, city, district } = splitAddress(address)
  return addressLine({ province, city, district, street: '', detail: stars })
}
export const maskParts = <P extends { street: string; detail: string }>(parts: P): P => ({
  ...parts,
  street: parts.street && stars,
  detail: parts.detail && stars,
})
/** An account, a paper's number: a beginning and an end. */
export const maskText = (text: string): string => (text.length < 6 ? stars : `${text.slice(0, 2)}${stars}${text.slice(-2)}`)

/** How a search box is understood. Digits may be a number, a telephone or its end, and stand in addresses too. */
export type Search = { words: string; phone: string | null; lastFour: string | null; number: string | null; email: string | null }

export function readSearch(q: string): Search {
  const words = q.normalize('NFKC').trim()
  const digits = words.replaceAll(/[\s()-]/g, '')
  return {
    words,
    phone: /^\+?\d{7,15}$/.test(digits) ? phoneNumber(words) : null,
    lastFour: /^\d{4}$/.test(digits) ? digits : null,
    number: /^[A-Za-z]{0,4}[-\d]{4,36}$/.test(words) ? words : null,
    email: emailAddress(words),
  }
}

/** Numbers handed out by us: K0000123. */
export const customerNumber = (n: number) => `K${String(n).padStart(7, '0')}`
