import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { properName } from '#kernel/fileCheck.ts'
import { Refusal } from '#kernel/refusal.ts'
import { readSigned, signCustomer } from './identity.ts'
import { clean, goneMinutes, mayRate, nextBeat, previewOf, silence, silentMinutes, visitorMayWrite } from './rules.ts'

const now = new Date('2026-06-18T02:00:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const ahead = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

describe('silence', () => {
  const signs = { state: 'active' as const, online: true, seenAt: ago(0.5), answeredAt: null, lastCustomerAt: ago(3), lastAgentAt: ago(2) }
  test.each([
    ['there and talking: look again at the limit', {}, ahead(goneMinutes.active)],
    ['gone for ten minutes: five are left', { online: false, seenAt: ago(10) }, ahead(5)],
    ['gone since yesterday, answered ten minutes ago: five are left', { online: false, seenAt: ago(900), answeredAt: ago(10) }, ahead(5)],
    ['gone for a quarter of an hour', { online: false, seenAt: ago(15) }, 'over'],
    ['said to be there, but without a sign of life', { online: true, seenAt: ago(20) }, 'over'],
    ['there, but silent for an hour after our words', { lastCustomerAt: ago(90), lastAgentAt: ago(silentMinutes) }, 'over'],
    ['there, and it is we who owe an answer', { lastCustomerAt: ago(90), lastAgentAt: ago(100) }, ahead(goneMinutes.active)],
    ['waiting and gone for four minutes', { state: 'waiting' as const, online: false, seenAt: ago(4), lastAgentAt: null }, ahead(1)],
    ['waiting and gone for five', { state: 'waiting' as const, online: false, seenAt: ago(5), lastAgentAt: null }, 'over'],
    ['left as a message: nobody need be there', { state: 'left' as const, online: false, seenAt: ago(900) }, null],
    ['over already', { state: 'done' as const, online: false, seenAt: ago(900) }, null],
  ])('%s', (_says, more, verdict) => expect(silence({ ...signs, ...more }, now)).toEqual(verdict))

  test('always looks again later than now, and never ends who was seen within the limit', () => {
    const minutes = fc.double({ min: 0, max: 200, noNaN: true })
    fc.assert(
      fc.property(
        fc.constantFrom('active' as const, 'waiting' as const),
        fc.boolean(),
        minutes,
        minutes,
        minutes,
        (state, online, seen, customer, agent) => {
          const verdict = silence(
            { ...signs, state, online, seenAt: ago(seen), lastCustomerAt: ago(customer), lastAgentAt: ago(agent) },
            now,
          )
          if (verdict instanceof Date) expect(verdict.getTime()).toBeGreaterThan(now.getTime())
          if (verdict === 'over') expect(seen >= goneMinutes[state] || agent >= silentMinutes).toBe(true)
        },
      ),
    )
  })
})

test('a visitor writes as long as somebody may read it', () => {
  expect((['waiting', 'active', 'left', 'wrap', 'done', 'abandoned'] as const).filter(visitorMayWrite)).toEqual([
    'waiting',
    'active',
    'left',
    'wrap',
  ])
})

test('only a talk that somebody answered is rated, once it is over, once', () => {
  const over = { state: 'wrap' as const, answeredAt: now, rating: null }
  expect(mayRate(over)).toBe(true)
  expect(mayRate({ ...over, state: 'done' })).toBe(true)
  for (const no of [{ state: 'active' as const }, { state: 'abandoned' as const }, { answeredAt: null }, { rating: 3 }])
    expect(mayRate({ ...over, ...no })).toBe(false)
})

test('a preview is one line of at most eighty signs, never half of one', () => {
  expect(previewOf('a\n\n b\t c ', null)).toBe('a b c')
  expect(previewOf('', { name: '水表.png' })).toBe('[水表.png]')
  expect([...previewOf('👍'.repeat(200), null)]).toEqual(Array(80).fill('👍'))
})

test('what PostgreSQL cannot hold is taken out, all else stays', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(clean(text)).toBe(text.toWellFormed().replaceAll('\u0000', ''))
      expect(clean(clean(text))).toBe(clean(text))
    }),
  )
})

test('many causes within one beat make one timer', () => {
  expect(nextBeat(new Date(3_001), 3_000)).toEqual(new Date(6_000))
  expect(nextBeat(new Date(5_999), 3_000)).toEqual(new Date(6_000))
  expect(nextBeat(new Date(6_000), 3_000)).toEqual(new Date(9_000))
})

describe('a signed customer', () => {
  const exp = Math.floor(now.getTime() / 1000) + 60
  test('is read by the secret it was signed with, and by no other', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }).filter(s => s.trim() !== ''),
        fc.string({ minLength: 8 }),
        (number, secret) => {
          const signed = signCustomer({ number, exp }, secret)
          expect(readSigned(signed, secret, now)).toEqual({ number: number.trim(), exp })
          expect(() => readSigned(signed, `${secret}x`, now)).toThrow(Refusal)
          expect(() => readSigned(signed, null, now)).toThrow('widget.identity_forged')
        },
      ),
    )
  })
  test('is forged when a single sign is another', () => {
    const signed = signCustomer({ phone: '13800001111', name: '陈静', exp }, 'secret')
    fc.assert(
      fc.property(fc.nat(signed.length - 2), fc.constantFrom('A', 'b', '.', '-', ' '), (at, sign) => {
        const changed = signed.slice(0, at) + sign + signed.slice(at + 1)
        if (changed !== signed) expect(() => readSigned(changed, 'secret', now)).toThrow('widget.identity_forged')
      }),
    )
  })
  test('means nothing after its hour, and must say who', () => {
    expect(() => readSigned(signCustomer({ number: 'C-1', exp: exp - 60 }, 's'), 's', now)).toThrow('widget.identity_expired')
    expect(() => readSigned(signCustomer({ name: 'x', exp }, 's'), 's', now)).toThrow('widget.identity_forged')
  })
})

test('a file’s name keeps no path, no tricks of direction, and ends as what it is', () => {
  const names: [string, string][] = [
    ['../../etc/passwd', 'passwd.png'],
    ['C:\\photos\\水表.PNG', '水表.png'],
    ['a‮gnp.exe', 'agnp.png'],
    ['x.png.html', 'x.png.png'],
    ['', 'file.png'],
    ['...', 'file.png'],
    ['con\u0000trol\n.png', 'control.png'],
    [`${'长'.repeat(300)}.png`, `${'长'.repeat(100)}.png`],
  ]
  for (const [given, kept] of names) expect(properName(given, ['png'])).toBe(kept)
})
