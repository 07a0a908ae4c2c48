import pg from 'pg'
import { allTenants } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { heard } from '#testing/heard.ts'
import { addressOfRunning } from '../server/boot/embedded.ts'
import { withHouse } from '../server/boot/tenant.ts'
import { readConfig } from '../server/config.ts'
import type { Times } from './load.ts'
import { percentile } from './measure.ts'

type Inside = {
  tenantId: string
  house: House
  /** How long the statements of a query take within the database, as role app, by its own clock. */
  timed: (fn: (ctx: Ctx, n: number) => Promise<unknown>, times: number, tenant?: string) => Promise<Times>
}

/** Beside a product that runs on the folder: the same queries through the same code, and the time the database says they take. */
export async function databaseOf<T>(folder: string, fn: (inside: Inside) => Promise<T>): Promise<T> {
  const url = addressOfRunning(folder)
  if (!url) throw new Error(`no database runs on ${folder}`)
  let result: T | undefined
  await withHouse(readConfig({ ...process.env, DATA: folder }), { dataUrl: url, controlUrl: url }, async house => {
    const tenantId = (await allTenants(house.control)).find(t => t.slug === 'qingyuan')?.tenantId ?? ''
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      result = await fn({
        tenantId,
        house,
        timed: async (query, times, tenant = tenantId) => {
          const spent: number[] = []
          for (let n = 0; n < times; n++) {
            const statements = await heard(() => asSystem(house, tenant, ctx => query(ctx, n)))
            await client.query(
              `begin; set local role app; set local app.tenant = '${tenant}'; set local plan_cache_mode = force_custom_plan`,
            )
            let sum = 0
            for (const { text, values } of statements) {
              if (text.startsWith('set')) {
                await client.query(text)
                continue
              }
              // A plan that is asked for is planned, not run: what it costs is the way there and back.
              if (text.startsWith('explain')) {
                const from = performance.now()
                await client.query(text, values)
                sum += performance.now() - from
                continue
              }
              const { rows } = await client.query(`explain (analyze, timing off, format json) ${text}`, values)
              sum += rows[0]['QUERY PLAN'][0]['Execution Time']
            }
            await client.query('rollback')
            spent.push(sum)
          }
          spent.sort((a, b) => a - b)
          const total = spent.reduce((a, b) => a + b, 0)
          return {
            p50: percentile(spent, 0.5),
            p95: percentile(spent, 0.95),
            p99: percentile(spent, 0.99),
            n: spent.length,
            rate: (spent.length * 1000) / total,
          }
        },
      })
    } finally {
      await client.end()
    }
  })
  if (result === undefined) throw new Error('nothing was measured')
  return result
}
