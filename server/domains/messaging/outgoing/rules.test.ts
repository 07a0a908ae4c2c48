import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Purpose } from '#contract/outgoing.ts'
import type { OutgoingPolicy } from '#contract/outgoingSettings.ts'
import { firstPolicy, isMobile, mayGo, mostTries, nextTry, quietUntil, type Standing } from './rules.ts'
import { partsOf, segmentsOf } from './segments.ts'

const zone = 'Asia/Shanghai'
const at = (local: string) => new Date(`${local}:00+08:00`)
const policy: OutgoingPolicy = {
  ...firstPolicy,
  quietFrom: 21 * 60,
  quietTo: 8 * 60,
  caps: { day: 2, week: 3, mailDay: null, mailWeek: null, smsDay: 1, smsWeek: null },
}
const known = (more: Partial<NonNullable<Standing['customer']>> = {}): Standing => ({
  suppressed: false,
  customer: { undisturbed: false, consent: null, counted: [], ...more },
})
const ask = (purpose: Purpose, standing: Standing, when = at('2026-06-18T10:00'), address: string | null = '+8613800001234') =>
  mayGo({ channel: 'sms', purpose, address }, standing, policy, when, zone)

test('quiet hours hold over midnight until the morning they end in', () => {
  expect(quietUntil(at('2026-06-18T20:59'), policy, zone)).toBe(null)
  expect(quietUntil(at('2026-06-18T21:00'), policy, zone)).toEqual(at('2026-06-19T08:00'))
  expect(quietUntil(at('2026-06-19T00:30'), policy, zone)).toEqual(at('2026-06-19T08:00'))
  expect(quietUntil(at('2026-06-19T08:00'), policy, zone)).toBe(null)
  const noon = { quietFrom: 12 * 60, quietTo: 14 * 60 }
  expect(quietUntil(at('2026-06-19T13:00'), noon, zone)).toEqual(at('2026-06-19T14:00'))
  expect(quietUntil(at('2026-06-19T13:00'), { quietFrom: 0, quietTo: 0 }, zone)).toBe(null)
  // Where clocks change, eight in the morning is still eight in the morning.
  expect(quietUntil(new Date('2026-03-28T22:30:00Z'), policy, 'Europe/Berlin')).toEqual(new Date('2026-03-29T06:00:00Z'))
})

test.each<[string, Purpose, Standing, string | null]>([
  ['nobody is known', 'notice', { suppressed: false, customer: null }, null],
  ['marketing without consent', 'marketing', known(), 'no_consent'],
  ['marketing with consent', 'marketing', known({ consent: true }), null],
  ['marketing declined', 'marketing', known({ consent: false }), 'consent_declined'],
  ['a notice nobody declined', 'notice', known(), null],
  ['a notice declined', 'notice', known({ consent: false }), 'consent_declined'],
  ['left alone', 'survey', known({ undisturbed: true }), 'do_not_disturb'],
  ['left alone, but it is their ticket', 'ticket', known({ undisturbed: true }), null],
  ['left alone, but the main burst', 'urgent', known({ undisturbed: true }), null],
  ['suppressed', 'code', { ...known(), suppressed: true }, 'suppressed'],
  ['one mail today', 'notice', known({ counted: [{ day: '2026-06-18', channel: 'mail', n: 1 }] }), null],
  ['one short message today', 'notice', known({ counted: [{ day: '2026-06-18', channel: 'sms', n: 1 }] }), 'cap_day_channel'],
  ['two mails today', 'notice', known({ counted: [{ day: '2026-06-18', channel: 'mail', n: 2 }] }), 'cap_day'],
  ['three within the week', 'notice', known({ counted: [{ day: '2026-06-12', channel: 'sms', n: 3 }] }), 'cap_week'],
  ['three before the week', 'notice', known({ counted: [{ day: '2026-06-11', channel: 'sms', n: 3 }] }), null],
  ['caps are not for tickets', 'ticket', known({ counted: [{ day: '2026-06-18', channel: 'sms', n: 9 }] }), null],
])('%s', (_, purpose, standing, reason) => {
  const verdict = ask(purpose, standing)
  expect(verdict.may ? null : verdict.reason).toBe(reason)
})

test('what only the hour forbids is held, what more forbids is refused', () => {
  const night = at('2026-06-18T23:00')
  expect(ask('notice', known(), night)).toEqual({ may: false, reason: 'quiet_hours', earliest: at('2026-06-19T08:00') })
  expect(ask('notice', known({ undisturbed: true }), night)).toEqual({ may: false, reason: 'do_not_disturb', earliest: null })
  expect(ask('code', known(), night)).toEqual({ may: true })
})

test('a landline gets no short message', () => {
  expect(ask('code', known(), undefined, '+862885550000')).toMatchObject({ reason: 'not_mobile' })
  expect(ask('code', known(), undefined, null)).toMatchObject({ reason: 'no_address' })
  expect([isMobile('+8613800001234'), isMobile('+8612345678901'), isMobile('+447700900123')]).toEqual([true, false, true])
})

test('tries are further and further apart, and end', () => {
  const now = new Date()
  const gaps = Array.from({ length: mostTries }, (_, n) => (nextTry(n + 1, now, 0.5)?.getTime() ?? 0) - now.getTime())
  expect(gaps.slice(0, 3)).toEqual([30_000, 120_000, 480_000])
  expect(nextTry(mostTries, now, 0.5)).toBe(null)
  expect((nextTry(1, now, 1)?.getTime() ?? 0) - now.getTime()).toBe(37_500)
})

test.each([
  ['a', 'gsm7', 1, 1],
  ['a'.repeat(160), 'gsm7', 160, 1],
  ['a'.repeat(161), 'gsm7', 161, 2],
  ['€'.repeat(80), 'gsm7', 160, 1],
  ['€'.repeat(81), 'gsm7', 162, 2],
  ['水'.repeat(70), 'ucs2', 70, 1],
  ['水'.repeat(71), 'ucs2', 71, 2],
  ['水'.repeat(134), 'ucs2', 134, 2],
  ['水'.repeat(135), 'ucs2', 135, 3],
  ['😀'.repeat(35), 'ucs2', 70, 1],
  ['', 'gsm7', 0, 1],
] as const)('%s is counted as the network counts it', (text, encoding, length, segments) => {
  expect(segmentsOf(text)).toEqual({ encoding, length, segments })
})

test('no part is too long, and together they say the whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), text => {
      const { encoding, parts } = partsOf(text)
      for (const part of parts)
        expect(part.length).toBeLessThanOrEqual(parts.length === 1 ? (encoding === 'gsm7' ? 160 : 140) : encoding === 'gsm7' ? 153 : 134)
      if (encoding === 'ucs2') expect(Buffer.concat(parts).swap16().toString('utf16le')).toBe(text)
    }),
    { numRuns: 300 },
  )
})
