import { setTimeout as wait } from 'node:timers/promises'
import { startProduct } from '../tools/product.ts'
import { dropFolder, type Figure, freshFolder, memoryOf, round } from './measure.ts'

/** From the command to a log-in page that answers: the first time with the sample centre, then again; memory at rest without the database. */
export async function start(say: (words: string) => void): Promise<Figure[]> {
  const folder = freshFolder()
  try {
    say('  first start, empty folder, sample centre')
    const first = await startProduct(folder)
    await wait(5_000)
    await first.stop()
    const later: number[] = []
    let memory = 0
    for (let i = 0; i < 5; i++) {
      const again = await startProduct(folder)
      later.push(again.readyMs)
      if (i === 4) {
        await wait(10_000)
        memory = memoryOf(again.pid)
      }
      await again.stop()
    }
    later.sort((a, b) => a - b)
    const median = later[2] ?? 0
    return [
      { metric: 'first start, with sample', value: round(first.readyMs / 1000, 2), unit: 's', goal: '≤ 30', met: first.readyMs <= 30_000 },
      { metric: 'start after the first, median of 5', value: round(median / 1000, 2), unit: 's', goal: '≤ 1.5', met: median <= 1_500 },
      {
        metric: 'start after the first, worst of 5',
        value: round((later[4] ?? 0) / 1000, 2),
        unit: 's',
        goal: '≤ 5',
        met: (later[4] ?? 0) <= 5_000,
      },
      { metric: 'memory at rest without the database', value: round(memory, 0), unit: 'MB', goal: '≤ 250', met: memory <= 250 },
    ]
  } finally {
    dropFolder(folder)
  }
}
