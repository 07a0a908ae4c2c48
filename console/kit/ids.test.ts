import { expect, test } from 'vitest'
import { newSending } from './ids.ts'

test('the same words sent again go under the same id, others under another', () => {
  const idFor = newSending()
  const first = idFor({ text: '只在晚上接电话' })
  expect(first).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(idFor({ text: '只在晚上接电话' })).toBe(first)
  const other = idFor({ text: '只在早上接电话' })
  expect(other).not.toBe(first)
  expect(newSending()({ text: '只在晚上接电话' })).not.toBe(first)
})
