import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type * as z from 'zod'
import type { IdentityKind } from '#contract/customers.ts'

// The library takes a mobile number that was cut off for a line without its area.
const cutOff = /^1(?!\d{10}$|0\d{8}$)/

/** E.164; numbers without a country are Chinese. Null when it cannot be a telephone number. */
export function phoneNumber(typed: string): string | null {
  const parsed = parsePhoneNumberFromString(typed.normalize('NFKC'), 'CN')
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
