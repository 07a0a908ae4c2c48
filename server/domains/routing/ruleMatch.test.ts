import { describe, expect, test } from 'vitest'
import { Conditions, Sketch } from '#contract/routingRules.ts'
import { firstFit, missedBy } from './ruleMatch.ts'

const night = () => false
const day = () => true
const widgetId = crypto.randomUUID()
const segmentId = crypto.randomUUID()
const gold = Sketch.parse({
  segmentIds: [segmentId],
  tier: 'gold',
  tags: ['重点户'],
  district: '城东',
  text: '家里漏水了 HELP',
  choice: 'leak',
  widgetId,
})

describe('a rule fits when every condition that is given holds', () => {
  const cases: [string, Parameters<typeof Conditions.parse>[0], typeof night, string | null][] = [
    ['nothing asked fits everyone', {}, day, null],
    ['the channel', { channels: ['phone', 'chat'] }, day, null],
    ['another channel', { channels: ['phone'] }, day, 'channels'],
    ['the widget', { widgetIds: [widgetId] }, day, null],
    ['another widget', { widgetIds: [crypto.randomUUID()] }, day, 'widgetIds'],
    ['the topic', { choices: ['bill', 'leak'] }, day, null],
    ['another topic', { choices: ['bill'] }, day, 'choices'],
    ['the tier', { tiers: ['gold', 'key'] }, day, null],
    ['another tier', { tiers: ['silver'] }, day, 'tiers'],
    ['a tag', { tags: ['投诉', '重点户'] }, day, null],
    ['no such tag', { tags: ['投诉'] }, day, 'tags'],
    ['the district', { districts: ['城东'] }, day, null],
    ['another district', { districts: ['城西'] }, day, 'districts'],
    ['a segment', { segmentIds: [segmentId] }, day, null],
    ['another segment', { segmentIds: [crypto.randomUUID()] }, day, 'segmentIds'],
    ['a word of the message', { words: ['爆管', '漏水'] }, day, null],
    ['a word in capitals', { words: ['help'] }, day, null],
    ['no such word', { words: ['停水'] }, day, 'words'],
    ['while open', { hours: 'open' }, day, null],
    ['while open, at night', { hours: 'open' }, night, 'hours'],
    ['while closed, at night', { hours: 'closed' }, night, null],
    ['all but one', { tiers: ['gold'], words: ['漏水'], hours: 'closed' }, day, 'hours'],
  ]
  test.each(cases)('%s', (_, conditions, open, missed) => {
    expect(missedBy(Conditions.parse(conditions), gold, open)).toBe(missed)
  })

  test('whoever is not known counts as an ordinary customer', () => {
    const stranger = Sketch.parse({})
    expect(missedBy(Conditions.parse({ tiers: ['normal'] }), stranger, day)).toBeNull()
    expect(missedBy(Conditions.parse({ tiers: ['gold'] }), stranger, day)).toBe('tiers')
    expect(missedBy(Conditions.parse({ districts: ['城东'] }), stranger, day)).toBe('districts')
  })

  test('a rule asks the calendar it names', () => {
    const calendarId = crypto.randomUUID()
    const openBy = (id: string | null) => id === calendarId
    expect(missedBy(Conditions.parse({ hours: 'open', calendarId }), gold, openBy)).toBeNull()
    expect(missedBy(Conditions.parse({ hours: 'open' }), gold, openBy)).toBe('hours')
  })
})

test('the first that fits wins, and a rule whose queue no longer serves is passed over', () => {
  const rule = (id: string, conditions: object, queueServes = true) => ({
    id,
    conditions: Conditions.parse(conditions),
    queueId: 'queue',
    queueServes,
  })
  const rules = [rule('a', { tiers: ['key'] }), rule('b', { words: ['漏水'] }, false), rule('c', { words: ['漏水'] }), rule('d', {})]
  const { rule: first, steps } = firstFit(rules, gold, day)
  expect(first?.id).toBe('c')
  expect(steps).toEqual([
    { ruleId: 'a', missed: 'tiers' },
    { ruleId: 'b', missed: 'queue' },
    { ruleId: 'c', missed: null },
  ])
  expect(firstFit([], gold, day)).toEqual({ rule: null, steps: [] })
})
