import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'

let house: TestHouse
let db: pg.Client
beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
})
afterAll(async () => {
  await db.end()
  await house.close()
})

const ours = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public', 'graphile_worker')`
const rows = async <R extends pg.QueryResultRow>(text: string) => (await db.query<R>(text)).rows

test('every table has a tenant, a key that begins with it, and row-level security forced', async () => {
  const tables = await rows<{ name: string; forced: boolean; enabled: boolean; tenant: boolean; key: string | null; part: boolean }>(`
    select n.nspname || '.' || c.relname as name, c.relforcerowsecurity as forced, c.relrowsecurity as enabled, c.relispartition as part,
      exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as tenant,
      (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and ${ours} order by 1`)
  expect(tables.length).toBeGreaterThan(20)
  expect(tables.filter(t => !t.tenant || !t.forced || !t.enabled).map(t => t.name)).toEqual([])
  // The directory is read before the tenant is known: its key is what is looked up.
  expect(tables.filter(t => t.key !== 'tenant_id').map(t => t.name)).toEqual(['kernel.directory'])
})

test('every policy for app compares the tenant by plain current_setting', async () => {
  const policies = await rows<{ name: string; roles: string; qual: string | null; check: string | null; part: boolean }>(`
    select p.schemaname || '.' || p.tablename as name, p.roles::text as roles, p.qual, p.with_check as check from pg_policies p order by 1`)
  for (const p of policies.filter(p => p.roles.includes('app'))) {
    expect(p.qual, p.name).toBe(`(tenant_id = (current_setting('app.tenant'::text))::uuid)`)
    expect(p.check, p.name).toBe(p.qual)
  }
  expect(policies.filter(p => !p.roles.includes('app')).map(p => `${p.name} ${p.roles}`)).toEqual([
    'kernel.changed {relay}',
    'kernel.directory {finder}',
    'kernel.followed {relay}',
    'kernel.heeded {relay}',
    'kernel.timer {relay}',
    'kernel.undispatched {relay}',
    'routing.console {relay}',
    'routing.handling {relay}',
    'routing.offer {relay}',
    'routing.presence {relay}',
    'routing.waiting {relay}',
    'voice.call {relay}',
    'voice.forwarded {relay}',
  ])
})

test('of what belongs to tenants the relay sees whose it is and when, and changes nothing', async () => {
  const seen = await rows<{ name: string; may: string; columns: string }>(`
    select table_schema || '.' || table_name as name, privilege_type as may, string_agg(column_name::text, ' ' order by column_name) as columns
    from information_schema.column_privileges where grantee = 'relay' and table_schema not in ('kernel', 'graphile_worker') group by 1, 2 order by 1, 2`)
  expect(seen.map(s => `${s.may} ${s.name}: ${s.columns}`)).toEqual([
    'SELECT routing.console: seen_at tenant_id',
    'SELECT routing.handling: tenant_id wrap_until',
    'SELECT routing.offer: deadline ended_at tenant_id',
    'SELECT routing.presence: ringing state tenant_id',
    'SELECT routing.waiting: tenant_id',
    'SELECT voice.call: due_at tenant_id',
    'SELECT voice.forwarded: line tenant_id',
  ])
})

test('unique indexes and foreign keys begin with the tenant and stay in their schema', async () => {
  const unique = await rows<{ name: string; first: string }>(`
    select i.indexrelid::regclass::text as name, a.attname as first from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indisunique and ${ours}`)
  expect(unique.filter(u => u.first !== 'tenant_id' && !u.name.includes('directory')).map(u => u.name)).toEqual([])
  const keys = await rows<{ name: string; first: string; same: boolean; act: string }>(`
    select k.conname || ' on ' || k.conrelid::regclass as name, a.attname as first, c.relnamespace = f.relnamespace as same, k.confdeltype as act
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1] where k.contype = 'f' and ${ours}`)
  expect(keys.filter(k => k.first !== 'tenant_id' || !k.same || k.act === 'n').map(k => k.name)).toEqual([])
})

test('views run with the rights of who asks, but for the listed exception that filters the tenant itself', async () => {
  const views = await rows<{ name: string; options: string[] | null; text: string; owner: string }>(`
    select n.nspname || '.' || c.relname as name, c.reloptions as options, pg_get_viewdef(c.oid) as text, c.relowner::regrole::text as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'v' and ${ours} order by 1`)
  const own = views.filter(v => !v.options?.includes('security_invoker=true'))
  for (const v of own) {
    expect(v.name).toMatch(/\.searchable(_[a-z]+)?$/)
    expect(v.owner).toBe('searcher')
    expect(v.text).toMatch(/tenant_id = .*current_setting\('app.tenant'/s)
  }
})

test('there are no triggers and no rules on tables of ours', async () => {
  expect(
    await rows(
      `select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where not tgisinternal and ${ours}`,
    ),
  ).toEqual([])
})
