import { expect, test } from 'vitest'
import { type Change, compare, compareWords, type Unit } from './difference.ts'

const p = (text: string): Unit => ({ kind: 'p', text })
const h = (text: string): Unit => ({ kind: 'h', text })
const told = (changes: readonly Change[]) =>
  changes.map(c => `${c.how} ${c.was.map(x => x.text).join('')}→${c.is.map(x => x.text).join('')}`)

test('words that changed are named, the rest stays', () => {
  const { was, is } = compareWords('接头已更换，水压正常。', '接头已更换，水压恢复正常。')
  expect(was.map(x => x.text).join('')).toBe('接头已更换，水压正常。')
  expect(is.filter(x => x.how === 'other').map(x => x.text)).toEqual(['恢复'])
  expect(compareWords('same', 'same').is).toEqual([{ text: 'same', how: 'same' }])
  expect(compareWords('', 'new').is).toEqual([{ text: 'new', how: 'other' }])
})

test('blocks are paired by kind between those that stayed', () => {
  expect(told(compare([h('一'), p('甲'), p('乙')], [h('一'), p('甲改'), p('乙')]))).toEqual(['same 一→一', 'changed 甲→甲改', 'same 乙→乙'])
  expect(told(compare([p('甲'), p('乙')], [p('甲'), h('新'), p('乙')]))).toEqual(['same 甲→甲', 'new →新', 'same 乙→乙'])
  expect(told(compare([p('甲'), h('旧'), p('乙')], [p('甲'), p('乙')]))).toEqual(['same 甲→甲', 'gone 旧→', 'same 乙→乙'])
  expect(told(compare([h('旧'), p('甲')], [p('乙'), h('新')]))).toEqual(['gone 旧→', 'changed 甲→乙', 'new →新'])
  expect(compare([], [])).toEqual([])
})

test('nothing is lost on either side, whatever changed', () => {
  let seed = 7
  const next = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed % n
  }
  for (let round = 0; round < 200; round++) {
    const some = () => Array.from({ length: next(9) }, () => (next(3) === 0 ? h : p)(['甲', '乙', '甲乙', 'a b'][next(4)] ?? ''))
    const [was, is] = [some(), some()]
    const changes = compare(was, is)
    const side = (of: 'was' | 'is', missing: Change['how']) =>
      changes.filter(c => c.how !== missing).map(c => c[of].map(x => x.text).join(''))
    expect(side('was', 'new')).toEqual(was.map(u => u.text))
    expect(side('is', 'gone')).toEqual(is.map(u => u.text))
  }
})
