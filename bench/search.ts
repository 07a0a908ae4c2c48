import pg from 'pg'
import { listTickets } from '#domains/tickets/queries.ts'
import { asSystem } from '#kernel/react.ts'
import { bigramQuery } from '#kernel/search.ts'
import { addressOfRunning } from '../server/boot/embedded.ts'
import { startProduct } from '../tools/product.ts'
import { grown } from './grown.ts'
import { databaseOf } from './inside.ts'
import { ask, dice, drive, enter } from './load.ts'
import { cpuOf, cpuOfPostgres, type Figure, round } from './measure.ts'
import { neighbour } from './neighbour.ts'

type Word = { word: string; kind: 'rare' | 'middling' | 'common' | 'english' }

/** Chinese and English words over a million tickets, first page; and for a tenant with a twentieth of them. What is found must be all there is. */
export async function search(say: (words: string) => void): Promise<Figure[]> {
  const folder = await grown('M', say)
  const product = await startProduct(folder)
  const client = new pg.Client({ connectionString: addressOfRunning(folder) ?? '' })
  await client.connect()
  try {
    const tenantId =
      (await client.query<{ id: string }>(`select tenant_id as id from identity.tenant where slug = 'qingyuan'`)).rows[0]?.id ?? ''
    const words = await chosenWords(client, tenantId)
    say(`  ${words.length} words, ${words.filter(w => w.kind === 'rare').length} of them rare; 4 clients for 10 s`)
    const door = await enter(product.url)
    const one = (n: number) =>
      ask(door, 'GET', `/tickets?box=all&size=50&q=${encodeURIComponent(words[(n * 7) % words.length]?.word ?? '')}`)
    await drive(4, 3_000, one)
    const nothing = await drive(4, 3_000, () => ask(door, 'GET', '/welcome'))
    const before = { node: cpuOf(product.pid), postgres: cpuOfPostgres(folder) }
    const http = await drive(4, 10_000, one)
    const spent = { node: cpuOf(product.pid) - before.node, postgres: cpuOfPostgres(folder) - before.postgres }
    const single = await drive(1, 5_000, one)
    door.agent.destroy()
    const figures = await databaseOf(folder, async db => {
      const query = (ctx: Parameters<typeof listTickets>[0], n: number) =>
        listTickets(ctx, { box: 'all', size: 20, q: words[n % words.length]?.word ?? '' })
      await db.timed(query, words.length)
      const all = await db.timed(query, words.length * 3)
      const kinds = await Promise.resolve(['rare', 'middling', 'common'] as const).then(async names => {
        const made: Figure[] = []
        for (const kind of names) {
          const of = words.filter(w => w.kind === kind)
          if (of.length === 0) continue
          const times = await db.timed(
            (ctx, n) => listTickets(ctx, { box: 'all', size: 20, q: of[n % of.length]?.word ?? '' }),
            of.length * 3,
          )
          made.push({ metric: `${kind} words, p95 in the database`, value: round(times.p95, 2), unit: 'ms', goal: null, met: null })
        }
        return made
      })
      const small = await db.timed(query, words.length * 3, neighbour)
      say('  comparing what is found with a look at every row')
      const recall = await recalled(client, db.house, tenantId, words)
      return [
        { metric: 'in the database, p50', value: round(all.p50, 2), unit: 'ms', goal: '≤ 5', met: all.p50 <= 5 },
        { metric: 'in the database, p95', value: round(all.p95, 2), unit: 'ms', goal: '≤ 25', met: all.p95 <= 25 },
        ...kinds,
        { metric: 'tenant with a twentieth of the rows, p95', value: round(small.p95, 2), unit: 'ms', goal: '≤ 25', met: small.p95 <= 25 },
        {
          metric: `recall over ${recall.there} rows`,
          value: round((100 * recall.found) / Math.max(1, recall.there), 3),
          unit: '%',
          goal: '= 100',
          met: recall.found === recall.there && recall.foreign === 0,
        },
        { metric: "rows of the other tenant's found", value: recall.foreign, unit: 'rows', goal: '= 0', met: recall.foreign === 0 },
      ]
    })
    return [
      { metric: 'searches over HTTP, 4 clients', value: round(http.rate, 0), unit: '/s', goal: '≥ 250', met: http.rate >= 250 },
      { metric: 'processor time a search, Node', value: round(spent.node / http.n, 2), unit: 'ms', goal: null, met: null },
      { metric: 'processor time a search, PostgreSQL', value: round(spent.postgres / http.n, 2), unit: 'ms', goal: null, met: null },
      { metric: 'the smallest answer over HTTP, same run', value: round(nothing.rate, 0), unit: '/s', goal: null, met: null },
      { metric: 'over HTTP, one client, p50', value: round(single.p50, 2), unit: 'ms', goal: null, met: null },
      { metric: 'over HTTP, one client, p95', value: round(single.p95, 2), unit: 'ms', goal: null, met: null },
      ...figures,
    ]
  } finally {
    await client.end()
    await product.stop()
  }
}

/** Two to four signs out of tickets that are there, told apart by how many tickets hold them. */
async function chosenWords(client: pg.Client, tenantId: string): Promise<Word[]> {
  const { rows } = await client.query<{ text: string; title: string }>(
    `select text, title from tickets.ticket where tenant_id = $1 and right(id::text, 3) = 'abc' order by id limit 200`,
    [tenantId],
  )
  const throwing = dice()
  const found: Word[] = []
  const room = { rare: 12, middling: 12, common: 12, english: 4 }
  for (const { text, title } of rows.flatMap(r => [r, r, r])) {
    const runs = (throwing(4) === 0 ? title : text).match(/\p{Script=Han}{2,}|[A-Za-z]{3,}|\d{4,}/gu) ?? []
    const run = runs[throwing(Math.max(1, runs.length))]
    if (!run) continue
    const isHan = /\p{Script=Han}/u.test(run)
    const from = isHan ? throwing(run.length - 1) : 0
    const word = isHan ? run.slice(from, from + 2 + throwing(3)) : run
    const { rows: hits } = await client.query<{ n: number }>(
      `select count(*)::int as n from (select 1 from tickets.ticket where tsv @@ $1::tsquery and tenant_id = $2 limit 60001) x`,
      [bigramQuery(word), tenantId],
    )
    const n = hits[0]?.n ?? 0
    const kind = !isHan ? 'english' : n <= 500 ? 'rare' : n <= 20_000 ? 'middling' : 'common'
    if (room[kind] === 0 || found.some(f => f.word === word)) continue
    room[kind]--
    found.push({ word, kind })
    if (Object.values(room).every(left => left === 0)) break
  }
  return found
}

/** Every page of what the product finds, against every row that holds the word. */
async function recalled(client: pg.Client, house: Parameters<typeof asSystem>[0], tenantId: string, words: readonly Word[]) {
  let [there, found, foreign] = [0, 0, 0]
  const some = (kind: Word['kind'], n: number) => words.filter(w => w.kind === kind).slice(0, n)
  for (const { word } of [...some('rare', 3), ...some('middling', 2), ...some('common', 1), ...some('english', 1)])
    for (const tenant of [tenantId, neighbour]) {
      const { rows } = await client.query<{ id: string }>(
        `select id from tickets.ticket where tenant_id = $1 and (title ~* $2 or text ~* $2 or place ~* $2 or number ~* $2)`,
        [tenant, /\p{Script=Han}/u.test(word) ? word : `(?<![a-z0-9])${word}`],
      )
      const all = new Set(rows.map(r => r.id))
      const seen = new Set<string>()
      const query = (await asSystem(house, tenant, async ctx => {
        const { sql } = await import('kysely')
        return sql<{
          id: string
          mine: boolean
        }>`select id, tenant_id = ${tenant} as mine from tickets.searchable where tenant_id = ${tenant} and tsv @@ ${bigramQuery(word)}::tsquery`.execute(
          ctx.db,
        )
      })) as { rows: { id: string; mine: boolean }[] }
      for (const { id, mine } of query.rows) {
        seen.add(id)
        if (!mine) foreign++
      }
      there += all.size
      for (const id of all) if (seen.has(id)) found++
    }
  return { there, found, foreign }
}
