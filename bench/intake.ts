import { readdirSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startProduct } from '../tools/product.ts'
import { engineToll } from './engine.ts'
import { cpuOf, cpuOfPostgres, dropFolder, type Figure, freshFolder, percentile, round } from './measure.ts'

const clients = 8
const seconds = 10
const places = ['海棠里', '柳溪路', '云栖苑', '锦江花园', '晨曦路', '望湖街', '青石巷', '梧桐里']
const matters = ['全楼无水', '水压不足', '自来水发黄', '水表漏水', '账单有疑问', '管道渗水', '井盖破损', '过户申请']

/** Tickets with entry, event and jobs, one commit each, over HTTP by 8 clients, against one-row inserts of the same run. */
export async function intake(say: (words: string) => void): Promise<Figure[]> {
  const folder = freshFolder()
  const product = await startProduct(folder, { SAMPLE: 'off' })
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  try {
    const setUp = { name: '基准', slug: 'bench', adminName: '基准', login: 'bench', password: 'Measure-2026' }
    await send(agent, `${product.url}/api/setup`, null, setUp)
    const { bearer } = (await send(agent, `${product.url}/api/session`, null, {
      login: 'bench',
      password: setUp.password,
      bearer: true,
    })) as { bearer: string }
    const kind = (await send(agent, `${product.url}/api/ticket-kinds`, bearer, { name: '报修', code: 'BX', targetMinutes: 240 })) as {
      id: string
    }
    const department = (await send(agent, `${product.url}/api/departments`, bearer, { name: '抢修一队' })) as { id: string }

    const open = async (n: number) => {
      const place = `${places[n % places.length]} ${n % 97} 幢 ${n % 31}0${n % 4} 室`
      await send(agent, `${product.url}/api/tickets`, bearer, {
        kindId: kind.id,
        departmentId: department.id,
        title: `${place}${matters[(n * 7) % matters.length]}`,
        place,
        clientId: `bench-${process.pid}-${n}`,
        text: `客户来电反映${place}${matters[(n * 3) % matters.length]}，从今天 ${n % 24} 点开始，家中有 ${n % 5} 人，请尽快安排。编号 ${n * 7919}。`,
      })
    }
    say(`  warming up, then ${clients} clients for ${seconds} s`)
    let n = 0
    const run = async (ms: number) => {
      const times: number[] = []
      const until = performance.now() + ms
      await Promise.all(
        Array.from({ length: clients }, async () => {
          while (performance.now() < until) {
            const began = performance.now()
            await open(n++)
            times.push(performance.now() - began)
          }
        }),
      )
      return times.sort((a, b) => a - b)
    }
    await run(3_000)
    // Measured is an installation older than a minute: by then autovacuum has told the planner that the tables are no longer empty.
    const database = new pg.Pool({ connectionString: urlOf(folder), max: clients })
    await database.query('analyze')
    const before = { node: cpuOf(product.pid), postgres: cpuOfPostgres(folder) }
    const began = performance.now()
    const times = await run(seconds * 1000)
    const rate = times.length / ((performance.now() - began) / 1000)
    const used = {
      node: (cpuOf(product.pid) - before.node) / times.length,
      postgres: (cpuOfPostgres(folder) - before.postgres) / times.length,
    }

    const emptied = await untilDrained(database)
    const raw = await rawInserts(database)
    say('  the same in turns with and without the rules engine')
    const toll = await engineToll(folder, kind.id, department.id)
    await database.end()
    const share = (100 * rate) / raw
    const p99 = percentile(times, 0.99)
    const cpu = used.node + used.postgres
    return [
      { metric: 'tickets created per second, 8 clients', value: round(rate, 0), unit: '/s', goal: '≥ 1200', met: rate >= 1200 },
      { metric: 'p50', value: round(percentile(times, 0.5)), unit: 'ms', goal: null, met: null },
      { metric: 'p99', value: round(p99), unit: 'ms', goal: '≤ 15', met: p99 <= 15 },
      { metric: 'CPU per ticket, Node', value: round(used.node, 2), unit: 'ms', goal: null, met: null },
      { metric: 'CPU per ticket, PostgreSQL', value: round(used.postgres, 2), unit: 'ms', goal: null, met: null },
      { metric: 'CPU per ticket together, jobs included', value: round(cpu, 2), unit: 'ms', goal: '≤ 1', met: cpu <= 1 },
      {
        metric: 'rules engine without a rule, of Node',
        value: round(toll),
        unit: '%',
        goal: '≤ 3',
        met: toll <= 3,
      },
      { metric: 'backlog empty after', value: round(emptied, 1), unit: 's', goal: '≤ 10', met: emptied <= 10 },
      { metric: 'raw one-row inserts per second, 8 clients', value: round(raw, 0), unit: '/s', goal: null, met: null },
      { metric: 'share of the raw rate', value: round(share), unit: '%', goal: '≥ 10', met: share >= 10 },
    ]
  } finally {
    agent.destroy()
    await product.stop()
    dropFolder(folder)
  }
}

/** node:http rather than fetch: the load must cost less than what it measures. */
function send(agent: Agent, url: string, bearer: string | null, body: unknown): Promise<unknown> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        },
      },
      answer => {
        let said = ''
        answer
          .setEncoding('utf8')
          .on('data', part => {
            said += part
          })
          .on('end', () => {
            if ((answer.statusCode ?? 500) < 300) resolve(said === '' ? undefined : JSON.parse(said))
            else reject(new Error(`${url}: ${answer.statusCode} ${said}`))
          })
      },
    )
    call.on('error', reject).end(text)
  })
}

/** The embedded server's own account, from the data folder that this bench made. */
function urlOf(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const pidFile = names.find(f => f.endsWith('postmaster.pid'))
  const passwordFile = names.find(f => /password$/.test(f))
  if (!pidFile || !passwordFile) throw new Error(`no database runs on ${folder}`)
  const port = readFileSync(path.join(folder, pidFile), 'utf8').split('\n')[3]
  const password = readFileSync(path.join(folder, passwordFile), 'utf8').trim()
  return `postgres://huiyin:${encodeURIComponent(password)}@127.0.0.1:${port}/huiyin`
}

async function untilDrained(database: pg.Pool): Promise<number> {
  const began = performance.now()
  for (;;) {
    const { rows } = await database.query<{ left: number }>(
      `select (select count(*) from kernel.undispatched)::int + (select count(*) from graphile_worker._private_jobs where run_at <= now() and attempts < max_attempts)::int as left`,
    )
    if (rows[0]?.left === 0) return (performance.now() - began) / 1000
    if (performance.now() - began > 120_000) throw new Error('the backlog does not empty')
    await wait(50)
  }
}

async function rawInserts(database: pg.Pool): Promise<number> {
  await database.query('create table public.bench_raw (id bigint generated always as identity primary key, at timestamptz, text text)')
  let done = 0
  const until = performance.now() + 4_000
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = await database.connect()
      while (performance.now() < until) {
        await client.query({ name: 'raw', text: 'insert into public.bench_raw (at, text) values (now(), $1)', values: [`row ${done}`] })
        done++
      }
      client.release()
    }),
  )
  return done / 4
}
