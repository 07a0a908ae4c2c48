import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { Run } from '#contract/runs.ts'
import { embeddedOf, setUpCentre } from '../journeys/faults/centre.ts'
import { startProduct } from '../tools/product.ts'
import { cpuOf, cpuOfPostgres, dropFolder, type Figure, freshFolder, memoryOf, round } from './measure.ts'

const rows = Number(process.env.ROWS ?? (process.env.PROVE ? 1_000_000 : 100_000))
/** However many rows: what one page takes, and a runtime that collects late. */
const mostMore = 200
/** Between the first half of the way and the second: what grows with the rows. */
const mostGrowth = 60

/** Customers written into a file over HTTP: rows a second, and whether memory grows with them. */
export async function exports(say: (words: string) => void): Promise<Figure[]> {
  const folder = freshFolder()
  const product = await startProduct(folder, { SAMPLE: 'off' })
  try {
    const { bearer } = await setUpCentre(product.url)
    const headers = { authorization: `Bearer ${bearer}` }
    say(`  ${rows} customers`)
    await fill(embeddedOf(folder).url)
    const idle = memoryOf(product.pid)
    const figures: Figure[] = [{ metric: 'memory before', value: round(idle, 0), unit: 'MB', goal: null, met: null }]
    for (const [format, reveal] of [
      ['csv', false],
      ['csv', true],
      ['xlsx', false],
    ] as const) {
      const said = `${format}${reveal ? ', numbers in full' : ''}`
      const cpu = { node: cpuOf(product.pid), postgres: cpuOfPostgres(folder) }
      const began = performance.now()
      const reply = await fetch(`${product.url}/api/customers/exports`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          filter: {},
          format,
          columns: ['number', 'name', 'phone', 'email', 'district', 'address', 'tags', 'since'],
          language: 'zh',
          ...(reveal ? { reveal: { reason: '测量' } } : {}),
        }),
      })
      if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`)
      const { id } = await reply.json()
      const memory: number[] = []
      for (;;) {
        await wait(200)
        memory.push(memoryOf(product.pid))
        const run = Run.parse(await (await fetch(`${product.url}/api/runs/${id}`, { headers })).json())
        if (run.state === 'running' || run.state === 'waiting') continue
        if (run.state !== 'done' || run.outcome.rows !== rows) throw new Error(`${run.state} ${run.code} ${run.outcome.rows}`)
        break
      }
      const seconds = (performance.now() - began) / 1000
      const most = (of: readonly number[]) => Math.max(...of, 0)
      const half = Math.ceil(memory.length / 2)
      const growth = most(memory.slice(half)) - most(memory.slice(0, half))
      const peak = most(memory) - idle
      figures.push(
        { metric: `written as ${said}`, value: round(rows / seconds, 0), unit: 'rows/s', goal: null, met: null },
        {
          metric: '  of it processor, Node and PostgreSQL',
          value: round(((cpuOf(product.pid) - cpu.node + cpuOfPostgres(folder) - cpu.postgres) / rows) * 1000),
          unit: 'ms/1k',
          goal: null,
          met: null,
        },
        {
          metric: '  memory at its peak, more than before',
          value: round(peak, 0),
          unit: 'MB',
          goal: `<= ${mostMore}`,
          met: peak <= mostMore,
        },
        {
          metric: '  second half of the way over the first',
          value: round(growth, 0),
          unit: 'MB',
          goal: `<= ${mostGrowth}`,
          met: growth <= mostGrowth,
        },
      )
    }
    return figures
  } finally {
    await product.stop()
    dropFolder(folder)
  }
}

/** Straight into the table: how they got there is another bench. */
async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows: tenants } = await client.query<{ id: string }>('select tenant_id as id from identity.tenant')
  await client.query(
    `insert into customers.customer (tenant_id, id, number, kind, name, phone, phone_typed, email, address, district, tags, since)
    select $1, (lpad(to_hex(n), 12, '0') || '70008000' || lpad('', 12, '0'))::uuid, 'E' || n, 'person', '客户' || n, '+8613' || (700000000 + n), '13' || (700000000 + n),
      'c' || n || '@example.com', '东大街 ' || n % 999 || ' 号', '锦江区', '{老户}', now()
    from generate_series(1, $2::int) n`,
    [tenants[0]?.id, rows],
  )
  await client.query('analyze customers.customer')
  await client.end()
}
