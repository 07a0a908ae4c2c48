import { expect, test } from 'vitest'
import { filled, firstGap } from './placeholders.ts'

test.each([
  ['您好{客户姓名}，我是{坐席姓名}', { customer: '陈静', agent: '林晓' }, '您好陈静，我是林晓'],
  ['Hello {customer name}, {Agent Name} here', { customer: 'Chen', agent: 'Lin' }, 'Hello Chen, Lin here'],
  ['工单 {工单号} 已派', {}, '工单 {工单号} 已派'],
  ['代码 {x} 不动', { customer: '陈静' }, '代码 {x} 不动'],
  ['{客户姓名}{客户姓名}', { customer: '$&' }, '$&$&'],
])('%s', (text, facts, said) => expect(filled(text, facts)).toBe(said))

test('what could not be filled is found, braces around anything else are not', () => {
  expect(firstGap('见 {x}，工单 {工单号}')).toEqual({ from: 9, to: 14, word: '{工单号}' })
  expect(firstGap('{x} { }')).toBeNull()
})
