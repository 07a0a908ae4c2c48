import { existsSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { Product } from '../tools/product.ts'
import { cpuOf, cpuOfPostgres, type Figure, round } from './measure.ts'
import type { Counted } from './voiceCounting.ts'

type Around = { product: Product; folder: string; counted: string; database: pg.Pool; asterisk: () => number }
type Standing = Counted & { node: number; postgres: number; asterisk: number; events: number; jobs: number; timers: number; at: number }

const idleMs = 3_000

/** What one call costs: CPU of each part and what passes between them, less what the product does by itself meanwhile. `run` takes so many calls through us. */
export async function costOf(around: Around, calls: number, run: () => Promise<unknown>): Promise<Figure[]> {
  const first = await stand(around)
  await wait(idleMs)
  const second = await stand(around)
  await run()
  await wait(1_000)
  const third = await stand(around)
  const each = (of: keyof Standing) => {
    const idle = (second[of] - first[of]) / (second.at - first.at)
    return Math.max(0, round((third[of] - second[of] - idle * (third.at - second.at)) / calls))
  }
  const figure = (metric: string, of: keyof Standing, unit: string): Figure => ({ metric: `per call: ${metric}`, value: each(of), unit, goal: null, met: null }) // biome-ignore format: one line
  return [
    figure('CPU of Node', 'node', 'ms'),
    figure('CPU of PostgreSQL', 'postgres', 'ms'),
    figure('CPU of Asterisk', 'asterisk', 'ms'),
    figure('transactions', 'transactions', ''),
    figure('statements', 'statements', ''),
    figure('requests to Asterisk', 'requests', ''),
    figure('events of Asterisk', 'told', ''),
    figure('events of the house', 'events', ''),
    figure('reactions run', 'jobs', ''),
    figure('timers set', 'timers', ''),
  ]
}

async function stand({ product, folder, counted, database, asterisk }: Around): Promise<Standing> {
  rmSync(counted, { force: true })
  process.kill(product.pid, 'SIGUSR2')
  while (!existsSync(counted)) await wait(20)
  await wait(50)
  const { rows } = await database.query<{ events: number; jobs: number; timers: number }>(
    `select (select count(*) from kernel.event)::int as events, (select count(*) from kernel.reacted)::int as jobs,
      (select coalesce(sum(n_tup_ins + n_tup_upd), 0) from pg_stat_user_tables where schemaname = 'kernel' and relname = 'timer')::int as timers`,
  )
  const { events = 0, jobs = 0, timers = 0 } = rows[0] ?? {}
  const words = JSON.parse(readFileSync(counted, 'utf8')) as Counted
  const [node, postgres] = [cpuOf(product.pid), cpuOfPostgres(folder)]
  return { ...words, node, postgres, asterisk: cpuOf(asterisk()), events, jobs, timers, at: performance.now() }
}
