import { startProduct } from '../tools/product.ts'
import { grown } from './grown.ts'
import { databaseOf } from './inside.ts'
import { ask, drive, enter } from './load.ts'
import { cpuOf, cpuOfPostgres, type Figure, round } from './measure.ts'

/** The first page of a department's open tickets by last change, over a million tickets. */
export async function list(say: (words: string) => void): Promise<Figure[]> {
  const folder = await grown('M', say)
  const product = await startProduct(folder)
  try {
    const door = await enter(product.url)
    const departments = await ask<{ id: string; takesTickets: boolean }[]>(door, 'GET', '/departments')
    const pages = departments.map(d => `/tickets?box=open&departmentId=${d.id}&size=50`)
    const at = (n: number) => pages[n % pages.length] ?? ''
    say('  warming up, then 8 clients for 10 s')
    await drive(8, 3_000, n => ask(door, 'GET', at(n)))
    const nothing = await drive(8, 3_000, () => ask(door, 'GET', '/welcome'))
    const before = { node: cpuOf(product.pid), postgres: cpuOfPostgres(folder) }
    const http = await drive(8, 10_000, n => ask(door, 'GET', at(n)))
    const spent = { node: cpuOf(product.pid) - before.node, postgres: cpuOfPostgres(folder) - before.postgres }
    const inside = await databaseOf(folder, async db =>
      db.timed(async (ctx, n) => {
        const { listTickets } = await import('#domains/tickets/queries.ts')
        return listTickets(ctx, { box: 'open', size: 50, departmentId: departments[n % departments.length]?.id ?? '' })
      }, 300),
    )
    door.agent.destroy()
    return [
      { metric: 'in the database, p50', value: round(inside.p50, 2), unit: 'ms', goal: '≤ 1', met: inside.p50 <= 1 },
      { metric: 'in the database, p95', value: round(inside.p95, 2), unit: 'ms', goal: null, met: null },
      { metric: 'over HTTP, 8 clients, pages of 50', value: round(http.rate, 0), unit: '/s', goal: '≥ 2000', met: http.rate >= 2000 },
      { metric: 'processor time a page, Node', value: round(spent.node / http.n, 2), unit: 'ms', goal: null, met: null },
      { metric: 'processor time a page, PostgreSQL', value: round(spent.postgres / http.n, 2), unit: 'ms', goal: null, met: null },
      { metric: 'the smallest answer over HTTP, same run', value: round(nothing.rate, 0), unit: '/s', goal: null, met: null },
      { metric: 'over HTTP, p50', value: round(http.p50, 2), unit: 'ms', goal: null, met: null },
      { metric: 'over HTTP, p99', value: round(http.p99, 2), unit: 'ms', goal: null, met: null },
    ]
  } finally {
    await product.stop()
  }
}
