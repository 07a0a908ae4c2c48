import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Prompt } from '../ports.ts'
import { soundsNeeded, wordsOf } from './sayings.ts'
import { heardIn } from './speech.ts'

const wordsIn = (language: 'zh' | 'en', ...prompts: Prompt[]) =>
  heardIn(language, prompts).map(h => (h.kind === 'sound' ? wordsOf(h.name) : h.kind === 'text' ? h.text : h.id))
const zh = (value: number) => wordsIn('zh', { kind: 'number', value }).join('')
const en = (value: number) => wordsIn('en', { kind: 'number', value }).join(' ')
const minutes = { kind: 'said', key: 'minutes' } as const

describe('numbers in Chinese', () => {
  test.each([
    [0, '零'],
    [1, '一'],
    [2, '二'],
    [10, '十'],
    [12, '十二'],
    [20, '二十'],
    [22, '二十二'],
    [99, '九十九'],
    [100, '一百'],
    [105, '一百零五'],
    [110, '一百一十'],
    [112, '一百一十二'],
    [200, '两百'],
    [1002, '一千零二'],
    [1020, '一千零二十'],
    [2200, '两千两百'],
    [10_000, '一万'],
    [10_005, '一万零五'],
    [20_000, '两万'],
    [100_000, '十万'],
    [120_500, '十二万零五百'],
    [100_050, '十万零五十'],
    [220_000, '二十二万'],
    [10_001_000, '一千万一千'],
    [200_000_002, '两亿零二'],
    [110_100_000, '一亿一千零一十万'],
  ])('%i is %s', (value, words) => expect(zh(value)).toBe(words))

  test('two minutes are 两分钟, the second place is 第二位', () => {
    expect(wordsIn('zh', { kind: 'number', value: 2 }, minutes).join('')).toBe('两分钟')
    expect(wordsIn('zh', { kind: 'number', value: 12 }, minutes).join('')).toBe('十二分钟')
    const place: Prompt[] = [
      { kind: 'said', key: 'you_are_number' },
      { kind: 'number', value: 2 },
      { kind: 'said', key: 'in_the_queue' },
    ]
    expect(wordsIn('zh', ...place).join('')).toBe('您排在第二位')
  })
})

describe('numbers in English', () => {
  test.each([
    [0, 'zero'],
    [13, 'thirteen'],
    [20, 'twenty'],
    [42, 'forty two'],
    [100, 'one hundred'],
    [105, 'one hundred five'],
    [1100, 'one thousand one hundred'],
    [120_500, 'one hundred twenty thousand five hundred'],
    [2_000_001, 'two million one'],
  ])('%i is %s', (value, words) => expect(en(value)).toBe(words))

  test('one minute is no minutes', () => {
    expect(wordsIn('en', { kind: 'number', value: 1 }, minutes)).toEqual(['one', 'minute'])
    expect(wordsIn('en', { kind: 'number', value: 3 }, minutes)).toEqual(['three', 'minutes'])
  })
})

test('figures are read one by one; the 1 of a telephone number is 幺', () => {
  expect(wordsIn('zh', { kind: 'digits', digits: '1024' }).join('')).toBe('一零二四')
  expect(wordsIn('zh', { kind: 'digits', digits: '13800138000' }).join('')).toBe('幺三八零零幺三八零零零')
  expect(wordsIn('en', { kind: 'digits', digits: '10-2*' })).toEqual(['one', 'zero', 'two', 'star'])
})

test('announcements and words without a sound pass as they are', () => {
  expect(
    heardIn('en', [
      { kind: 'announcement', id: 'a' },
      { kind: 'text', text: 'Hello' },
    ]),
  ).toEqual([
    { kind: 'announcement', id: 'a' },
    { kind: 'text', text: 'Hello' },
  ])
})

test('words of a flow that the product can say are said by it', () => {
  expect(heardIn('zh', [{ kind: 'text', text: '您好，欢迎来电。' }])).toEqual([{ kind: 'sound', name: 'zh/said-welcome' }])
  expect(heardIn('en', [{ kind: 'text', text: '您好，欢迎来电' }])).toEqual([{ kind: 'text', text: '您好，欢迎来电' }])
})

const readBack = (words: string): number => {
  // Read back as people do: 亿 and 万 gather what was said before them, ten, hundred and thousand the figure before.
  const units: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }
  let [all, section, figure] = [0, 0, 0]
  for (const word of words) {
    const unit = units[word]
    if (unit !== undefined) {
      section += (figure || 1) * unit
      figure = 0
    } else if (word === '万' || word === '亿') {
      all += (section + figure) * (word === '万' ? 10_000 : 100_000_000)
      section = figure = 0
    } else figure = word === '两' ? 2 : '零一二三四五六七八九'.indexOf(word)
  }
  return all + section + figure
}

test('every number can be understood again, and every sound it needs comes along', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 2000 })), value => {
      expect(readBack(zh(value))).toBe(value)
      for (const language of ['zh', 'en'] as const) expect(wordsIn(language, { kind: 'number', value })).not.toContain('')
    }),
    { numRuns: 2000 },
  )
})

test('every sound has a name of its own and words', () => {
  const sounds = soundsNeeded()
  expect(new Set(sounds.map(s => s.name)).size).toBe(sounds.length)
  for (const { words } of sounds) expect(words).toMatch(/\S/)
  for (const { words } of sounds) expect(words).not.toMatch(/抱歉|[!！]/)
})
