import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { wordsIn } from '../furnishing.ts'
import { firstOf } from '../history.ts'
import { makeSample } from '../making.ts'
import { type Grown, grow } from './grow.ts'

let house: TestHouse
let db: pg.Client
let grown: Grown
beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
  const now = house.now()
  const tenantId = await makeSample(house.house, house.url, { size: { contacts: 300, customers: 60 }, language: 'zh', now })
  grown = {
    tenantId,
    now,
    language: 'zh',
    say: wordsIn('zh'),
    first: firstOf(now),
    amount: { contacts: 2500, customers: 400, tickets: 700 },
    tell: () => {},
  }
}, 60_000)
afterAll(async () => {
  await db.end()
  await house.close()
})

const indexes = async () =>
  (
    await db.query<{ def: string }>(
      `select regexp_replace(indexdef, 'INDEX \\S+', 'INDEX') as def from pg_indexes where schemaname in ('customers', 'interactions', 'surveys', 'tickets') or tablename ~ '^event_?\\d*$' order by 1`,
    )
  ).rows.map(r => r.def)
const counts = async () =>
  (
    await db.query(
      `select (select count(*)::int from interactions.interaction where tenant_id = $1) as contacts, (select count(*)::int from customers.customer where tenant_id = $1) as customers,
       (select count(*)::int from tickets.ticket where tenant_id = $1) as tickets, (select count(*)::int from surveys.rating where tenant_id = $1) as ratings,
       (select count(distinct text)::int from tickets.ticket where tenant_id = $1) as texts`,
      [grown.tenantId],
    )
  ).rows[0]

/** Foreign keys that point at nothing: they are not asked while rows come in bulk. */
async function orphans(): Promise<string[]> {
  const { rows } = await db.query<{ name: string; child: string; parent: string; own: string[]; theirs: string[] }>(
    `select conname as name, conrelid::regclass::text as child, confrelid::regclass::text as parent,
       (select array_agg(attname::text order by n) from unnest(conkey) with ordinality k (num, n) join pg_attribute on attrelid = conrelid and attnum = num) as own,
       (select array_agg(attname::text order by n) from unnest(confkey) with ordinality k (num, n) join pg_attribute on attrelid = confrelid and attnum = num) as theirs
     from pg_constraint where contype = 'f' and conparentid = 0`,
  )
  expect(rows.length).toBeGreaterThan(20)
  const lost: string[] = []
  for (const { name, child, parent, own, theirs } of rows) {
    const { rows: found } = await db.query(
      `select 1 from ${child} c where ${own.map(key => `c.${key} is not null`).join(' and ')}
         and not exists (select from ${parent} p where ${own.map((key, n) => `p.${theirs[n]} = c.${key}`).join(' and ')}) limit 1`,
    )
    if (found.length > 0) lost.push(`${child} ${name}`)
  }
  return lost
}

test('it grows to what was asked, once, and every index stands again', async () => {
  const before = await indexes()
  await grow(house.url, grown)
  const first = await counts()
  expect(Math.abs(first.contacts - 2500)).toBeLessThan(25)
  expect(first).toMatchObject({ customers: 400, tickets: 700 })
  expect(first.ratings).toBeGreaterThan(200)
  // A text index over equal texts would prove nothing.
  expect(first.texts).toBeGreaterThan(650)
  expect(await indexes()).toEqual(before)
  expect(await orphans()).toEqual([])
  await grow(house.url, grown)
  expect(await counts()).toEqual(first)
}, 60_000)

test('what has grown agrees with itself', async () => {
  const rules = {
    'marks of time run forward': `interactions.interaction where tenant_id = $1 and not (coalesce(queued_at, started_at) >= started_at and coalesce(answered_at, ended_at) >= coalesce(queued_at, started_at) and (wrapped_at is null or wrapped_at >= ended_at))`,
    'nothing lies in the future': `interactions.interaction where tenant_id = $1 and greatest(started_at, answered_at, ended_at, wrapped_at) > now()`,
    'a rating stands alike in both places': `surveys.rating r join interactions.interaction i on i.tenant_id = r.tenant_id and i.id = r.interaction_id where r.tenant_id = $1 and (r.score, r.agent_id, r.customer_id) is distinct from (i.rating::int, i.agent_id, i.customer_id)`,
    'a ticket stands where its last step led': `tickets.ticket t where t.tenant_id = $1 and t.status <> (select case e.kind when 'opened' then 'accepted' when 'returned' then 'accepted' when 'taken' then 'handling' when 'resumed' then 'handling' else e.kind end
      from tickets.entry e where e.tenant_id = t.tenant_id and e.ticket_id = t.id and e.kind <> 'urged' order by e.at desc, e.id desc limit 1)`,
    'a customer was last heard when the last contact began': `customers.customer c where c.tenant_id = $1 and c.last_contact_at is distinct from (select max(started_at) from interactions.interaction i where i.tenant_id = c.tenant_id and i.customer_id = c.id)`,
    'every id tells its time': `interactions.interaction where tenant_id = $1 and abs(('x' || replace(left(id::text, 13), '-', ''))::bit(48)::bigint - extract(epoch from started_at) * 1000) > 1`,
  }
  for (const [rule, broken] of Object.entries(rules)) {
    const { rows } = await db.query<{ n: number }>(`select count(*)::int as n from ${broken}`, [grown.tenantId])
    expect([rule, rows[0]?.n]).toEqual([rule, 0])
  }
})
