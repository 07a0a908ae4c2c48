import { afterEach, expect, test } from 'vitest'
import { openTelephone, type Telephone } from './telephone.ts'

const open: Telephone[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.hangUp()
})
const take = async () => {
  const telephone = await openTelephone('127.0.0.1')
  open.push(telephone)
  return telephone
}

test('two telephones hear each other, each the tone of the other', async () => {
  const [one, other] = [await take(), await take()]
  one.connect({ host: '127.0.0.1', port: other.port })
  other.connect({ host: '127.0.0.1', port: one.port })
  one.say(440)
  other.say(1_000)
  await expect.poll(() => [one.hears(1_000, 1) > 0.5, other.hears(440, 1) > 0.5]).toEqual([true, true])
  expect(one.hears(440, 1)).toBe(0)
  one.say(null)
  await expect.poll(() => other.hears(440, 1)).toBe(0)
})
