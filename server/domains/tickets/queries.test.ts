import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { bigrams } from '#kernel/search.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'
import { listTickets } from './queries.ts'

const many = 20_000
let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
  const places = ['海棠里', '银杏路', '龙湖湾', '梧桐街', '清泉苑', '北环路', '紫藤园', '东风巷']
  const troubles = ['没有水', '水压很低', '水管漏水', '水质发黄', '表读数不对']
  const rows = Array.from({ length: many }, (_, n) => {
    const title = `${places[n % 8]} ${n} 幢${troubles[n % 5]}${n % 500 === 0 ? '水锤' : ''}`
    return { n, title, tsv: bigrams(title) }
  })
  for (let from = 0; from < many; from += 5000)
    await house.work(ctx =>
      sql`insert into tickets.ticket (tenant_id, id, number, opened_on, title, status, priority, kind_id, department_id, opened_at, changed_at, due_at, target_minutes, closed_at, warned, tsv)
        select ${ctx.tenantId}, gen_random_uuid(), 'BX-0101-' || n, '2026-01-01', title, case when n % 20 = 0 then 'dispatched' when n % 10 = 0 then 'handling' else 'closed' end, 'normal', ${table.ids.repair}, case when n % 20 = 0 then ${table.ids.crew}::uuid end,
          ${ctx.now}, ${ctx.now}::timestamptz - make_interval(mins => n), ${ctx.now}::timestamptz + make_interval(mins => n - 200), 60, null, n % 100 = 0, tsv::tsvector
        from json_to_recordset(${JSON.stringify(rows.slice(from, from + 5000))}::json) as r(n int, title text, tsv text)`.execute(ctx.db),
    )
  await house.house.control.query('vacuum analyze tickets.ticket')
}, 60_000)
afterAll(() => house.close())

/** Which index of tickets.ticket served, and whether the whole table was read, when this ran often enough for PostgreSQL to keep one plan. */
async function served(query: Parameters<typeof listTickets>[1]) {
  const counters = async () => {
    const { rows } = await house.house.control.query<{
      name: string
      n: number
    }>(`select indexrelname as name, idx_scan as n from pg_stat_user_indexes where schemaname = 'tickets' and relname = 'ticket'
      union all select 'whole table', seq_scan from pg_stat_user_tables where schemaname = 'tickets' and relname = 'ticket'`)
    return new Map(rows.map(r => [r.name, r.n]))
  }
  const before = await counters()
  let rows = 0
  for (let n = 0; n < 8; n++) {
    rows = (
      await table.as(table.worker, async ctx => {
        const page = await listTickets(ctx, query)
        await sql`select pg_stat_force_next_flush()`.execute(ctx.db)
        return page
      })
    ).rows.length
  }
  await new Promise(resolve => setTimeout(resolve, 50))
  const after = await counters()
  return { rows, used: [...after].filter(([name, n]) => n > (before.get(name) ?? 0)).map(([name]) => name) }
}

test.each([
  ['all open ones', { box: 'open' }, ['ticket_open']],
  ['open ones of a department', { box: 'open', departmentId: 'crew' }, ['ticket_department']],
  ['all of them', { box: 'all' }, ['ticket_changed']],
  ['those due soon', { box: 'soon' }, ['ticket_soon']],
  ['late ones', { box: 'late' }, ['ticket_late']],
  ['a rare word', { box: 'all', q: '水锤' }, ['ticket_text']],
] as const)('%s come from their index', async (_, query, indexes) => {
  const found = await served('departmentId' in query ? { ...query, departmentId: table.ids.crew } : query)
  expect(found.rows).toBeGreaterThan(10)
  expect(found.used).toEqual(indexes)
})

test('what was opened out of a contact comes from its index', async () => {
  expect(await served({ box: 'all', interactionId: newId() })).toEqual({ rows: 0, used: ['ticket_contact'] })
})

test('what is mine to do comes from its index, hands by hands, a page at a time', async () => {
  const mine = await served({ box: 'mine', size: 20 })
  expect(mine.rows).toBe(20)
  expect(mine.used).toEqual(['ticket_hands'])
})

test.each(['水锤', '海棠里', '漏水', '水', '幢没有水'])('%s is found exactly as often as it is written', async q => {
  const written = await house.house.control.query<{ n: number }>('select count(*)::int as n from tickets.ticket where title like $1', [
    `%${q}%`,
  ])
  let found = 0
  let after: string | undefined
  do {
    const page = await table.as(table.agent, ctx => listTickets(ctx, { box: 'all', q, size: 5000, after }))
    found += page.rows.length
    after = page.next ?? undefined
  } while (after)
  expect(found).toBe(written.rows[0]?.n)
})
