import { describe, expect, test } from 'vitest'
import { guess, guessFields, titleFrom } from './guess.ts'

const kinds = [
  { id: 'bx', name: '报修', nameEn: 'Repair' },
  { id: 'ts', name: '投诉', nameEn: 'Complaint' },
]
const categories = [
  { id: 'none', kindId: 'bx', name: '无水', nameEn: 'No water' },
  { id: 'works', kindId: 'ts', name: '施工扰民', nameEn: 'Works' },
]

describe('what a ticket is about', () => {
  test.each([
    ['家里早上开始无水', { kindId: 'bx', categoryId: 'none', word: '无水' }],
    ['无水三天没人管，我要投诉', { kindId: 'ts', categoryId: null, word: '投诉' }],
    ['投诉你们施工扰民', { kindId: 'ts', categoryId: 'works', word: '施工扰民' }],
    ['There is no water', { kindId: 'bx', categoryId: 'none', word: 'No water' }],
    ['您好', null],
  ])('%s', (said, expected) => expect(guess(kinds, categories, said)).toEqual(expected))

  test('the most telling sentence is the title', () => {
    expect(titleFrom(['你好', '海棠里 3 幢早上开始没水了。什么时候来？', '在吗'])).toBe('海棠里 3 幢早上开始没水了')
    expect(titleFrom(['您好，水费翻倍了'], '^您好[，]*')).toBe('水费翻倍了')
    expect(titleFrom([])).toBe('')
  })

  test('a choice whose words were used is chosen', () => {
    const about = {
      key: 'about',
      type: 'choice',
      options: [
        { value: 'service', label: '服务' },
        { value: 'bill', label: '水费', labelEn: 'Bill' },
      ],
    }
    expect(guessFields([about], '水费翻倍了')).toEqual({ about: 'bill' })
    expect(guessFields([about], '没有水')).toEqual({})
  })
})
