import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWallboards } from '#domains/insight/live.ts'
import { startConsoles, startRouting } from '#domains/routing/index.ts'
import { makeSample } from '#domains/sample/index.ts'
import { startWorker } from '#kernel/worker.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { play } from './story/story.ts'

let house: TestHouse
let base: string
const stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  house = await openHouse()
  await makeSample(house.house, house.url, { size: { contacts: 300, customers: 60 }, language: 'zh', now: house.now() })
  base = await house.app.listen({ port: 0, host: '127.0.0.1' })
  for (const running of [
    await startWorker(house.house, house.reactions),
    startRouting(house.house),
    startConsoles(house.house),
    startWallboards(house.house),
  ])
    stops.push(running.stop)
}, 120_000)
afterAll(async () => {
  for (const stop of stops) await stop()
  await house.close()
})

test('one contact goes from hello to satisfied, and again in English', async () => {
  for (const language of ['zh', 'en'] as const) {
    const told: number[] = []
    await play(base, {
      language,
      tenant: 'qingyuan',
      tell: step => {
        told.push(step.n)
      },
    })
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  }
})
