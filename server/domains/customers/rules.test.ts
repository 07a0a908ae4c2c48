import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { customerNumber, identityValue, maskEmail, maskPhone, phoneNumber, readSearch } from './rules.ts'

test.each([
  ['13812346021', '+8613812346021'],
  ['138 1234 6021', '+8613812346021'],
  ['+86 138-1234-6021', '+8613812346021'],
  ['0086 13812346021', '+8613812346021'],
  ['１３８１２３４６０２１', '+8613812346021'],
  ['028-8612 3366', '+862886123366'],
  ['（010）6552 9988', '+861065529988'],
  ['+44 20 7946 0958', '+442079460958'],
  ['1065529988', '+861065529988'],
  ['1370000', null],
  ['137123456', null],
  ['137123456789', null],
  ['12', null],
  ['138123460211234567', null],
  ['none', null],
  ['', null],
])('the telephone typed as “%s” is %s', (typed, number) => {
  expect(phoneNumber(typed)).toBe(number)
})

test.each([
  ['+8613812346021', '138****6021'],
  ['+862886123366', '028****3366'],
  ['+861065529988', '010****9988'],
  ['+8675512345678', '0755****5678'],
  ['+442079460958', '+44****0958'],
  [null, null],
])('%s is shown as %s', (phone, masked) => {
  expect(maskPhone(phone)).toBe(masked)
})

test.each([
  ['zhou.min@example.com', 'z***@example.com'],
  ['a@b.cn', 'a***@b.cn'],
  [null, null],
])('%s is shown as %s', (email, masked) => {
  expect(maskEmail(email)).toBe(masked)
})

describe('a search box', () => {
  test.each([
    ['6021', { lastFour: '6021', number: '6021', phone: null, email: null }],
    ['138 1234 6021', { phone: '+8613812346021', lastFour: null }],
    ['K0000123', { number: 'K0000123', phone: null }],
    ['10086021', { number: '10086021' }],
    ['Zhou@Example.com', { email: 'zhou@example.com', number: null, phone: null }],
    ['周敏 ', { words: '周敏', number: null, phone: null, lastFour: null, email: null }],
    ['%', { number: null, phone: null, lastFour: null, email: null }],
  ])('reads %s', (q, search) => {
    expect(readSearch(q)).toMatchObject(search)
  })
  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), q => {
        readSearch(q)
      }),
    )
  })
})

test('who is recognised does not depend on how it was typed', () => {
  expect(identityValue('email', ' Zhou@Example.COM ')).toBe('zhou@example.com')
  expect(identityValue('phone', '138-1234-6021')).toBe(identityValue('phone', '+8613812346021'))
  expect(identityValue('web', ' u-77 ')).toBe('u-77')
  expect(identityValue('wechat', '  ')).toBeNull()
  expect(customerNumber(123)).toBe('K0000123')
})

test('a masked telephone hides all but its ends', () => {
  const mobile = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(n => `+86${n}`)
  fc.assert(
    fc.property(mobile, phone => {
      const masked = maskPhone(phone) ?? ''
      expect(masked).toMatch(/^\+?\d{2,3}\*{4}\d{4}$/)
      expect(masked.endsWith(phone.slice(-4))).toBe(true)
    }),
    { examples: [['+8613812346021']] },
  )
})
