import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import type { Endpoint, Schema } from '#contract/endpoint.ts'
import { createTenantWithAdmin, openSession } from '#domains/identity/index.ts'
import { makeSample } from '#domains/sample/index.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'

// An administrator who may do everything at home tries every endpoint there is with the ids of a centre full of life.
let house: TestHouse
let db: pg.Client
let foreign: string
let token: string
let tables: string[] = []
const idsOf = new Map<string, string[]>()

beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
  foreign = await makeSample(house.house, house.url, { size: 'S', language: 'zh', now: house.now() })
  const mine = newId()
  token = await asSystem(house.house, mine, async ctx => {
    const tenant = { slug: 'third', name: '第三中心', nameEn: 'Third centre', timezone: 'Asia/Shanghai', language: 'zh' as const }
    const admin = await createTenantWithAdmin(ctx, tenant, { name: '外人', login: 'outsider', password: 'Outside-2026' })
    return (await openSession(ctx, admin, { ip: '127.0.0.1', userAgent: 'test' })).token
  })
  const { rows } = await db.query<{ name: string; id: boolean }>(`
    select n.nspname || '.' || c.relname as name, exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'id') as id
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema', 'public', 'graphile_worker')`)
  tables = rows.map(r => r.name)
  for (const { name } of rows.filter(r => r.id)) {
    const found = await db.query<{ id: string }>(`select id from ${name} where tenant_id = $1 order by id desc limit 2`, [foreign])
    if (found.rows.length > 0)
      idsOf.set(
        name,
        found.rows.map(r => r.id),
      )
  }
}, 120_000)
afterAll(async () => {
  await db.end()
  await house.close()
})

/** One word for all that the first tenant owns. */
async function fingerprint(): Promise<string[]> {
  const parts: string[] = []
  for (const table of tables) {
    const { rows } = await db.query<{ sum: string | null }>(
      `select md5(string_agg(t::text, '' order by t::text)) as sum from ${table} t where tenant_id = $1`,
      [foreign],
    )
    parts.push(`${table} ${rows[0]?.sum}`)
  }
  return parts
}

type Shape = {
  type?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Shape[]
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  minimum?: number
  minLength?: number
  pattern?: string
  additionalProperties?: Shape | boolean
}

/** Something the schema takes, with foreign ids wherever an id goes. */
function example(schema: Shape, id: string): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return example(schema.anyOf.find(s => s.type !== 'null') ?? {}, id)
  if (schema.format === 'uuid') return id
  if (schema.format === 'email') return 'outsider@example.com'
  if (schema.format === 'date-time') return '2026-11-21T08:00:00.000Z'
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (schema.type === 'boolean') return true
  if (schema.type === 'array') return schema.items ? [example(schema.items, id)] : []
  if (schema.type === 'object') return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, s]) => [key, example(s, id)]))
  if (schema.pattern?.includes('[A-Z]{2,4}')) return 'WR'
  return 'outsider-2026'
}
const isNothing = (schema: Schema) => schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUndefined
const shapes = new Map<Schema, Shape>()
/** Told once per schema: each endpoint is tried with an id of every table. */
const wire = (schema: Schema): Shape => {
  const shape = shapes.get(schema) ?? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape)
  shapes.set(schema, shape)
  return shape
}

async function attempt(endpoint: Endpoint, id: string) {
  const url = `/api${endpoint.path.replace(/:([a-zA-Z]+)/g, (_, key: string) => (key === 'key' ? 'qingyuan-site' : id))}`
  const query = isNothing(endpoint.query) ? {} : (example({ ...wire(endpoint.query), type: 'object' }, id) as Record<string, unknown>)
  // Cursors are opaque: any other text is refused before a row is read.
  const { after: _after, ...filters } = query
  return house.app.inject({
    method: endpoint.method,
    url,
    query: Object.fromEntries(Object.entries(filters).map(([k, v]) => [k, String(v)])),
    headers: { authorization: `Bearer ${token}` },
    ...(isNothing(endpoint.body) ? {} : { payload: example(wire(endpoint.body), id) as object }),
  })
}

test('another tenant reaches nothing through any endpoint, and changes nothing', async () => {
  const before = await fingerprint()
  const all = [...idsOf.values()].flat()
  expect(all.length).toBeGreaterThan(30)
  const leaks: string[] = []
  let tried = 0
  let answered = 0
  // What is public is meant for everyone, the widget's look among it; ending the own session would end the trial.
  const endpoints = house.endpoints.filter(
    e => e.may !== 'public' && !(e.method === 'DELETE' && e.path === '/session') && e.path !== '/me/password',
  )
  for (const endpoint of endpoints) {
    // Without an id anywhere one trial is enough.
    const takesIds = endpoint.path.includes(':') || JSON.stringify([wire(endpoint.body), wire(endpoint.query)]).includes('uuid')
    const trials = [...idsOf].slice(0, takesIds ? undefined : 1).map(([table, ids]) => ({ table, id: ids[0] ?? '' }))
    const replies: { table: string; id: string; reply: Awaited<ReturnType<typeof attempt>> }[] = []
    for (let n = 0; n < trials.length; n += 8)
      replies.push(...(await Promise.all(trials.slice(n, n + 8).map(async t => ({ ...t, reply: await attempt(endpoint, t.id) })))))
    for (const { table, id, reply } of replies) {
      tried++
      if (reply.statusCode >= 500)
        leaks.push(`${endpoint.method} ${endpoint.path} with ${table}: ${reply.statusCode} ${reply.body.slice(0, 200)}`)
      if (reply.statusCode < 300) {
        answered++
        if (endpoint.path.includes(':'))
          leaks.push(`${endpoint.method} ${endpoint.path} took a foreign ${table}: ${reply.body.slice(0, 200)}`)
        for (const other of all)
          if (other !== id && reply.body.includes(other)) leaks.push(`${endpoint.method} ${endpoint.path} shows ${other}`)
      }
    }
  }
  expect([...new Set(leaks)]).toEqual([])
  expect(tried).toBeGreaterThan(500)
  expect(answered).toBeGreaterThan(20)
  expect(await fingerprint()).toEqual(before)
}, 180_000)
