import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Around, Condition, conditionFault, type Group, holds, judge, type Leaf, operators, type Value } from './conditions.ts'

const noon = new Date('2026-06-18T04:00:00Z')
const around: Around = { now: noon, isOpen: id => id === null, workedMinutes: (_, a, b) => (b.getTime() - a.getTime()) / 120_000 }
const ask = (op: Leaf['op'], value: Leaf['value'], is: Value, was?: Value) =>
  holds({ field: 'x', op, value }, { is: { x: is }, ...(was === undefined ? {} : { was: { x: was } }) }, around)
const ago = (minutes: number) => new Date(noon.getTime() - minutes * 60_000)
const span = (minutes: number, working = false) => ({ minutes, working, calendarId: null })

describe('one condition', () => {
  test.each<[string, Leaf['op'], Leaf['value'], Value, boolean]>([
    ['one of several', 'is', ['urgent', 'high'], 'high', true],
    ['none of them', 'isNot', ['urgent', 'high'], 'low', true],
    ['nothing is not one of them', 'is', ['urgent'], null, false],
    ['words of Chinese', 'contains', ['爆管', '漏水'], '家里漏水了', true],
    ['words whatever their width and case', 'contains', ['HELP'], 'ｈｅｌｐ 我', true],
    ['words that are not there', 'lacks', ['停水'], '漏水', true],
    ['an empty word finds nothing', 'contains', [''], '漏水', false],
    ['how it begins', 'starts', ['城东'], '城东三路', true],
    ['the whole text', 'equals', ['无水'], '无水', true],
    ['at least', 'atLeast', 3, 3, true],
    ['at most', 'atMost', 3, 4, false],
    ['a number there is none of', 'atLeast', 0, null, false],
    ['older by the clock', 'olderThan', span(30), ago(31), true],
    ['older in working time', 'olderThan', span(30, true), ago(31), false],
    ['newer', 'newerThan', span(30), ago(10), true],
    ['due soon', 'dueWithin', span(60), ago(-30), true],
    ['due later', 'dueWithin', span(60), ago(-90), false],
    ['already past its time', 'dueWithin', span(60), ago(5), true],
    ['before a day', 'before', ['2026-07-01T00:00:00Z'], noon, true],
    ['in the hours of the organisation', 'inHours', { calendarId: null }, noon, true],
    ['out of the hours of another', 'outOfHours', { calendarId: '0190a000-0000-7000-8000-000000000000' }, noon, true],
    ['any tag', 'hasAny', ['重点户', '投诉'], ['投诉'], true],
    ['all tags', 'hasAll', ['重点户', '投诉'], ['投诉'], false],
    ['no such tag', 'hasNone', ['投诉'], [], true],
    ['empty list', 'empty', null, [], true],
    ['a date that is none', 'filled', null, new Date(Number.NaN), false],
    ['yes', 'yes', null, true, true],
    ['not known is no', 'no', null, undefined, true],
  ])('%s', (_, op, value, seen, expected) => expect(ask(op, value, seen)).toBe(expected))

  test('changes are seen only where they are known', () => {
    expect(ask('changed', null, 'b')).toBe(false)
    expect(ask('changed', null, 'b', 'a')).toBe(true)
    expect(ask('changed', null, 'b', 'b')).toBe(false)
    expect(ask('changedTo', ['b'], 'b', 'a')).toBe(true)
    expect(ask('changedFrom', ['a'], 'b', 'a')).toBe(true)
    expect(ask('changedFrom', ['c'], 'b', 'a')).toBe(false)
  })
})

const anyValue = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.double(),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  fc.array(fc.string()),
  fc.constant(null),
  fc.constant(undefined),
)
const everyOp = [...new Set(Object.values(operators).flat())]
const leaf: fc.Arbitrary<Leaf> = fc.record({
  field: fc.constantFrom('a', 'b', 'c', 'constructor'),
  op: fc.constantFrom(...everyOp),
  value: fc.oneof(
    fc.array(fc.string(), { maxLength: 4 }),
    fc.double(),
    fc.record({ minutes: fc.nat(1000), working: fc.boolean(), calendarId: fc.constant(null) }),
    fc.record({ calendarId: fc.constant(null) }),
    fc.constant(null),
  ),
})
const group = (inner: fc.Arbitrary<Leaf | Group>): fc.Arbitrary<Group> =>
  fc.record({ match: fc.constantFrom('all', 'any', 'none'), of: fc.array(inner, { minLength: 1, maxLength: 4 }) })
const whole = group(fc.oneof(leaf, group(fc.oneof(leaf, group(leaf)))))
const seen = fc.record({
  is: fc.dictionary(fc.constantFrom('a', 'b', 'c'), anyValue),
  was: fc.dictionary(fc.constantFrom('a', 'b'), anyValue),
})

describe('whatever it is given', () => {
  test('it answers yes or no, and says so for every condition', () => {
    fc.assert(
      fc.property(whole, seen, (root, s) => {
        const said = judge(root, s, around)
        expect(typeof said.holds).toBe('boolean')
        expect(said.steps.every(step => typeof step.holds === 'boolean')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('none of several is all of their opposites (de Morgan), and any is not none', () => {
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 5 }), seen, (of, s) => {
        const all = judge({ match: 'all', of: of.map(one => ({ match: 'none' as const, of: [one] })) }, s, around).holds
        const none = judge({ match: 'none', of }, s, around).holds
        expect(none).toBe(all)
        expect(judge({ match: 'any', of }, s, around).holds).toBe(!none)
        const notAll = judge({ match: 'none', of: [{ match: 'all', of }] }, s, around).holds
        expect(notAll).toBe(judge({ match: 'any', of: of.map(one => ({ match: 'none' as const, of: [one] })) }, s, around).holds)
      }),
      { numRuns: 300 },
    )
  })

  test('every operator has its opposite', () => {
    const pairs: [Leaf['op'], Leaf['op']][] = [['is', 'isNot'], ['contains', 'lacks'], ['hasAny', 'hasNone'], ['empty', 'filled'], ['yes', 'no']] // biome-ignore format: pairs
    fc.assert(
      fc.property(fc.constantFrom(...pairs), leaf, seen, ([one, other], l, s) => {
        expect(holds({ ...l, op: one }, s, around)).toBe(!holds({ ...l, op: other }, s, around))
      }),
    )
  })
})

describe('a condition that cannot be meant is told', () => {
  const kinds = { a: 'text', n: 'number' } as const
  const kindOf = (field: string) => (field === 'a' || field === 'n' ? kinds[field] : undefined)
  const fault = (of: Leaf[], match: Group['match'] = 'all') => conditionFault({ match, of }, kindOf)?.reason ?? null
  test.each<[string, Leaf[], string | null]>([
    ['nothing asked', [], null],
    ['a field nobody knows', [{ field: 'z', op: 'empty', value: null }], 'unknown_field'],
    ['an operator of another kind', [{ field: 'n', op: 'contains', value: ['x'] }], 'operator'],
    ['a word left empty', [{ field: 'a', op: 'contains', value: [' '] }], 'value'],
    ['a number that is a word', [{ field: 'n', op: 'atLeast', value: ['3'] }], 'value'],
    ['as it should be', [{ field: 'n', op: 'atLeast', value: 3 }], null],
    ['too many', Array.from({ length: 41 }, () => ({ field: 'a', op: 'empty' as const, value: null })), 'too_many'],
  ])('%s', (_, of, reason) => expect(fault(of)).toBe(reason))
  test('any of nothing', () => expect(fault([], 'any')).toBe('empty_group'))
  test('no group is deeper than three', () => {
    const l = { field: 'a', op: 'empty', value: null }
    const deep = (n: number): unknown => (n === 0 ? l : { match: 'all', of: [deep(n - 1)] })
    expect(Condition.safeParse(deep(3)).success).toBe(true)
    expect(Condition.safeParse(deep(4)).success).toBe(false)
  })
})
