import { startProduct } from '../tools/product.ts'
import { grown, type Size } from './grown.ts'
import { ask, type Door, drive, enter, type Times } from './load.ts'
import { type Figure, round } from './measure.ts'

const views = (['day', 'week', 'year'] as const).flatMap(period => (['queue', 'agent'] as const).map(by => ({ period, by })))

/** Figures of day, week and year by queue and agent: at size M (and L, when asked) they cost what they cost at size S. */
export async function dashboard(say: (words: string) => void): Promise<Figure[]> {
  const sizes: Size[] = process.env.BENCH_L ? ['S', 'M', 'L'] : ['S', 'M']
  const found: { size: Size; times: Times }[] = []
  for (const size of sizes) {
    const folder = await grown(size, say)
    const product = await startProduct(folder)
    try {
      const door = await enter(product.url)
      const day = await lastDay(door)
      const one = (n: number) => {
        const { period, by } = views[n % views.length] ?? views[0] ?? { period: 'day', by: 'queue' }
        return ask(door, 'GET', `/figures?period=${period}&by=${by}&on=${day}`)
      }
      await drive(2, 2_000, one)
      say(`  size ${size}: 1 client for 6 s`)
      found.push({ size, times: await drive(1, 6_000, one) })
      door.agent.destroy()
    } finally {
      await product.stop()
    }
  }
  const small = found[0]?.times.p95 ?? 0
  return found.flatMap(({ size, times }) => [
    { metric: `size ${size}: p50 over HTTP`, value: round(times.p50, 2), unit: 'ms', goal: null, met: null },
    { metric: `size ${size}: p95 over HTTP`, value: round(times.p95, 2), unit: 'ms', goal: '≤ 5', met: times.p95 <= 5 },
    ...(size === 'S'
      ? []
      : [
          {
            metric: `size ${size} against S, p95`,
            value: round(times.p95 / small, 2),
            unit: '×',
            goal: '≤ 1.5',
            met: times.p95 / small <= 1.5,
          },
        ]),
  ])
}

/** A history that was kept ends some days ago: its last whole day is the one to look at. */
export async function lastDay(door: Door): Promise<string> {
  const { rows } = await ask<{ rows: { startedAt: string }[] }>(door, 'GET', '/interactions?size=1')
  const last = rows[0]?.startedAt
  if (!last) throw new Error('there are no contacts')
  return new Date(Date.parse(last) - 86_400_000).toISOString().slice(0, 10)
}
