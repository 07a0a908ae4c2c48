import pg from 'pg'
import type { Actor } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'
import { heard } from './heard.ts'
import type { TestHouse } from './house.ts'

type Node = {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: Node[]
}
export type Explained = { indexes: string[]; scanned: string[]; read: number }

const all = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(all)]

/** The statements of a query as role app, as the database ran them: which indexes, which tables whole, and how many rows were touched. */
export async function explained(house: TestHouse, actor: Actor, fn: (ctx: Ctx) => Promise<unknown>): Promise<Explained> {
  const client = new pg.Client({ connectionString: house.url })
  await client.connect()
  try {
    const statements = await heard(() => house.work(fn, actor))
    // Costs as of the database that we bring along, on whichever it runs: what is asked is whether the right index is there.
    await client.query(
      `begin; set local role app; set local app.tenant = '${actor.tenantId}'; set local plan_cache_mode = force_custom_plan; set local random_page_cost = 1.1`,
    )
    const nodes: Node[] = []
    for (const { text, values } of statements) {
      if (text.startsWith('set')) await client.query(text)
      else if (!text.startsWith('explain'))
        nodes.push(...all((await client.query(`explain (analyze, timing off, format json) ${text}`, values)).rows[0]['QUERY PLAN'][0].Plan))
    }
    const scans = nodes.filter(n => /Scan/.test(n['Node Type']))
    return {
      indexes: nodes.flatMap(n => n['Index Name'] ?? []),
      scanned: nodes.flatMap(n => (n['Node Type'] === 'Seq Scan' && n['Relation Name']) || []),
      read: scans.reduce(
        (sum, n) =>
          sum +
          ((n['Actual Rows'] ?? 0) + (n['Rows Removed by Filter'] ?? 0) + (n['Rows Removed by Index Recheck'] ?? 0)) *
            (n['Actual Loops'] ?? 1),
        0,
      ),
    }
  } finally {
    await client.end()
  }
}
