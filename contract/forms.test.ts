import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FieldRules, type FormField, fieldFault, formFault, type TextPattern } from './forms.ts'

const field = (type: FormField['type'], more: Record<string, unknown> = {}) => ({
  key: 'x', label: '栏', labelEn: '', type, options: [], required: false, help: '', helpEn: '', ...FieldRules.parse(more),
}) // biome-ignore format: one line per thing
const fault = (of: ReturnType<typeof field>, value: unknown) => fieldFault([of], { x: value })?.reason ?? null

describe('rules beside the type', () => {
  test.each<[Record<string, unknown>, unknown, string | null]>([
    [{ min: 1, max: 9 }, 0, 'small'],
    [{ min: 1, max: 9 }, 10, 'big'],
    [{ min: 1, max: 9 }, 9, null],
    [{ min: 0 }, '', null],
  ])('%o holds %o: %s', (rules, value, reason) => expect(fault(field('number', rules), value)).toBe(reason))

  test('length is counted in signs, not in halves of them', () => {
    expect(fault(field('text', { longest: 2 }), '𠮷㐂')).toBeNull()
    expect(fault(field('text', { longest: 2 }), '𠮷㐂𠮷')).toBe('long')
  })

  test.each<[TextPattern, string, boolean]>([
    ['digits', '0012', true],
    ['digits', '１２', false],
    ['code', 'SC-100', true],
    ['code', '=1+1', false],
    ['plate', '浙A12345', true],
    ['plate', '浙A·D12345', true],
    ['plate', '浙1A2345', false],
    ['idCard', '11010519491231002X', true],
    ['idCard', '110105194912310021', false],
    ['creditCode', '91350100M000100Y43', true],
    ['creditCode', '91350100M000100Y44', false],
    ['email', 'a@b.cn', true],
    ['email', 'a@b', false],
  ])('%s: %s %s', (pattern, text, well) => expect(fault(field('text', { pattern }), text)).toBe(well ? null : 'pattern'))

  test('no text keeps a pattern busy, and none throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('digits', 'code', 'plate', 'idCard', 'creditCode', 'email'),
        fc.string({ unit: 'binary', maxLength: 100 }),
        (pattern, text) => {
          const began = performance.now()
          fault(field('text', { pattern }), text)
          return performance.now() - began < 200
        },
      ),
    )
    const began = performance.now()
    for (const text of ['1'.repeat(2000), `${'a'.repeat(1000)}@${'b.'.repeat(500)}`, '浙'.repeat(2000)])
      for (const pattern of ['digits', 'code', 'plate', 'idCard', 'creditCode', 'email']) fault(field('text', { pattern }), text)
    expect(performance.now() - began).toBeLessThan(500)
  })
})

test('a form with a key twice or a choice of nothing is none', () => {
  expect(formFault([field('text'), field('text')])?.reason).toBe('field_twice')
  expect(formFault([field('choice')])?.reason).toBe('options_missing')
})
