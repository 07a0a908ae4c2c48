import { once } from 'node:events'
import { createWriteStream, openAsBlob } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Run } from '#contract/runs.ts'
import { setUpCentre } from '../journeys/faults/centre.ts'
import { startProduct } from '../tools/product.ts'
import { cpuOf, cpuOfPostgres, dropFolder, type Figure, freshFolder, memoryOf, round } from './measure.ts'

const rows = Number(process.env.ROWS ?? (process.env.PROVE ? 1_000_000 : 100_000))
/** A million rows may take so much more memory than none: what is worked on at once, and a runtime that collects late. */
const mostMore = 400

/** Customers from a table over HTTP into an empty centre: read, checked, told apart and written, with their full text and telephones; then taken along again. */
export async function imports(say: (words: string) => void): Promise<Figure[]> {
  const folder = freshFolder()
  const product = await startProduct(folder, { SAMPLE: 'off' })
  try {
    const { bearer } = await setUpCentre(product.url)
    const headers = { authorization: `Bearer ${bearer}` }
    const post = async (at: string, body: object) => {
      const reply = await fetch(`${product.url}/api${at}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!reply.ok) throw new Error(`${at}: ${reply.status} ${await reply.text()}`)
      return reply.json()
    }
    const form = new FormData()
    form.append('file', await tableIn(path.join(folder, 'customers.csv')), 'customers.csv')
    const { id: fileId } = await (await fetch(`${product.url}/api/customers/imports/file`, { method: 'POST', headers, body: form })).json()
    const { reading, mapping } = await post('/customers/imports/head', { fileId })
    const idle = memoryOf(product.pid)

    const figures: Figure[] = []
    let peak = idle
    /** Long work from the asking to its end, with what it cost. */
    const timed = async (metric: string, goal: number | null, asked: () => Promise<{ id: string }>) => {
      const cpu = { node: cpuOf(product.pid), postgres: cpuOfPostgres(folder) }
      const began = performance.now()
      let most = 0
      const { id } = await asked()
      for (;;) {
        await wait(200)
        most = Math.max(most, memoryOf(product.pid))
        const run = Run.parse(await (await fetch(`${product.url}/api/runs/${id}`, { headers })).json())
        if (run.state !== 'done' && run.state !== 'running' && run.state !== 'waiting') throw new Error(`${run.state} ${run.code}`)
        if (run.state !== 'done') continue
        const seconds = (performance.now() - began) / 1000
        const per = (ms: number) => round((ms / rows) * 1000)
        peak = Math.max(peak, most)
        figures.push(
          {
            metric,
            value: round(rows / seconds, 0),
            unit: 'rows/s',
            goal: goal === null ? null : `>= ${goal}`,
            met: goal === null ? null : rows / seconds >= goal,
          },
          { metric: '  of it processor, Node', value: per(cpuOf(product.pid) - cpu.node), unit: 'ms/1k', goal: null, met: null },
          {
            metric: '  of it processor, PostgreSQL',
            value: per(cpuOfPostgres(folder) - cpu.postgres),
            unit: 'ms/1k',
            goal: null,
            met: null,
          },
          { metric: '  memory at its peak', value: round(most, 0), unit: 'MB', goal: null, met: null },
        )
        return run.outcome
      }
    }
    const brought = (dry: boolean) => () => post('/customers/imports', { fileId, reading, mapping, onMatch: 'skip', dry, language: 'zh' })
    const taken = (format: 'csv' | 'xlsx') => () =>
      post('/customers/exports', {
        filter: {},
        format,
        columns: ['number', 'name', 'phone', 'email', 'district', 'address', 'tags', 'since'],
        language: 'zh',
      })
    say(`  ${rows} customers: checked, brought in, brought in once more, taken along as text and as a workbook`)
    await timed('checked', null, brought(true))
    const first = await timed('brought in', 10_000, brought(false))
    const again = await timed('brought in again, all known', null, brought(false))
    if (first.made !== rows || again.made !== 0) throw new Error(`made ${first.made} and ${again.made} of ${rows}`)
    for (const format of ['csv', 'xlsx'] as const) {
      const { rows: written } = await timed(`taken along as ${format}`, null, taken(format))
      if (written !== rows) throw new Error(`${written} of ${rows} were written`)
    }
    return [
      ...figures,
      { metric: 'memory before', value: round(idle, 0), unit: 'MB', goal: null, met: null },
      {
        metric: `memory at the peak of all, more than before`,
        value: round(peak - idle, 0),
        unit: 'MB',
        goal: `<= ${mostMore}`,
        met: peak - idle <= mostMore,
      },
    ]
  } finally {
    await product.stop()
    dropFolder(folder)
  }
}

/** A table on the disk: a million rows are no text in memory here either. */
async function tableIn(place: string): Promise<Blob> {
  const out = createWriteStream(place)
  out.write('户号,姓名,电话,邮箱,片区,地址,标签\n')
  for (let n = 0; n < rows; n += 1000) {
    let text = ''
    for (let k = n; k < Math.min(n + 1000, rows); k++)
      text += `E${k},客户${k},13${String(700_000_000 + k)},c${k}@example.com,锦江区,东大街 ${k % 999} 号 ${k % 30} 单元,老户\n`
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return openAsBlob(place)
}
