import { expect, test } from 'vitest'
import type { House } from './house.ts'
import { startLoop } from './loop.ts'

const told: string[] = []
const house = { log: { warn: (_: unknown, words: string) => told.push(words) } } as unknown as House
const long = 600_000

test('a rest is ended by whoever wakes, and a call that comes during a turn saves the next rest', async () => {
  let turns = 0
  let release = () => {}
  let hold = new Promise<void>(resolve => {
    release = resolve
  })
  const loop = startLoop(house, 'x', async () => {
    turns++
    await hold
    return long
  })
  expect(turns).toBe(1)
  loop.wake()
  loop.wake()
  release()
  await expect.poll(() => turns).toBe(2)
  hold = Promise.resolve()
  loop.wake()
  await expect.poll(() => turns).toBe(3)
  await loop.stop()
  loop.wake()
  expect(turns).toBe(3)
})

test('stopping waits for the turn at hand, which hears of it, and begins no other', async () => {
  let release = () => {}
  const hold = new Promise<void>(resolve => {
    release = resolve
  })
  const seen: boolean[] = []
  const loop = startLoop(house, 'x', async going => {
    await hold
    seen.push(going())
    return 0
  })
  const stopped = loop.stop()
  release()
  await stopped
  expect(seen).toEqual([false])
})

test('a turn that throws is told and tried again', async () => {
  let turns = 0
  const loop = startLoop(house, 'tries again', async () => {
    if (++turns < 3) throw new Error('gone')
    return long
  })
  await expect.poll(() => turns).toBe(3)
  await loop.stop()
  expect(told).toEqual(['tries again', 'tries again'])
})
