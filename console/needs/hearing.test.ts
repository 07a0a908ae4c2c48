import { expect, test } from 'vitest'
import { allWritten, mostWords } from './hearing.ts'

test('what becomes a voice of another need keeps its title and the answers to what was asked, once each', () => {
  expect(allWritten(['夜里也能交费', '老人说白天没空', '频率 每周', ' '])).toBe('夜里也能交费\n老人说白天没空\n频率 每周')
  expect(allWritten(['夜里也能交费', '夜里也能交费', undefined])).toBe('夜里也能交费')
  expect(allWritten(['题', '长'.repeat(mostWords)])).toHaveLength(mostWords)
})
