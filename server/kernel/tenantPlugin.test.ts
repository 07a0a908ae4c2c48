import { CamelCasePlugin, DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import { expect, test } from 'vitest'
import { TenantPlugin } from './tenantPlugin.ts'

type Tables = {
  'a.cat': { tenantId: string; id: string; name: string; ownerId: string | null }
  'a.owner': { tenantId: string; id: string; name: string }
}
const tenant = '01900000-0000-7000-8000-000000000001'
const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: d => new PostgresIntrospector(d),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  plugins: [new TenantPlugin(tenant), new CamelCasePlugin()],
})
const cases: [string, { compile: () => { sql: string; parameters: readonly unknown[] } }, string, number][] = [
  ['a select', db.selectFrom('a.cat').select('name'), `select "name" from "a"."cat" where "a"."cat"."tenant_id" = $1`, 1],
  [
    'an alias',
    db.selectFrom('a.cat as c').select('c.name').where('c.id', '=', 'x'),
    `select "c"."name" from "a"."cat" as "c" where "c"."id" = $1 and "c"."tenant_id" = $2`,
    1,
  ],
  [
    'an or stays whole',
    db
      .selectFrom('a.cat')
      .select('id')
      .where(e => e.or([e('name', '=', 'x'), e('name', '=', 'y')])),
    `select "id" from "a"."cat" where ("name" = $1 or "name" = $2) and "a"."cat"."tenant_id" = $3`,
    1,
  ],
  [
    'a left join keeps its rows',
    db.selectFrom('a.cat as c').leftJoin('a.owner as o', 'o.id', 'c.ownerId').select('o.name'),
    `select "o"."name" from "a"."cat" as "c" left join "a"."owner" as "o" on "o"."id" = "c"."owner_id" and "o"."tenant_id" = $1 where "c"."tenant_id" = $2`,
    2,
  ],
  [
    'an update',
    db.updateTable('a.cat').set({ name: 'n' }).where('id', '=', 'x'),
    `update "a"."cat" set "name" = $1 where "id" = $2 and "a"."cat"."tenant_id" = $3`,
    1,
  ],
  ['a delete', db.deleteFrom('a.cat'), `delete from "a"."cat" where "a"."cat"."tenant_id" = $1`, 1],
  [
    'an insert of two',
    db.insertInto('a.cat').values([{ id: '1', name: 'n' } as never, { id: '2', name: 'm' } as never]),
    `insert into "a"."cat" ("tenant_id", "id", "name") values ($1, $2, $3), ($4, $5, $6)`,
    2,
  ],
  [
    'an upsert',
    db
      .insertInto('a.owner')
      .values({ id: '1', name: 'n' } as never)
      .onConflict(c => c.columns(['id']).doUpdateSet({ name: 'm' })),
    `insert into "a"."owner" ("tenant_id", "id", "name") values ($1, $2, $3) on conflict ("tenant_id", "id") do update set "name" = $4`,
    1,
  ],
  [
    'a sub-query',
    db
      .selectFrom('a.cat')
      .select('id')
      .where('ownerId', 'in', e => e.selectFrom('a.owner').select('id')),
    `select "id" from "a"."cat" where "owner_id" in (select "id" from "a"."owner" where "a"."owner"."tenant_id" = $1) and "a"."cat"."tenant_id" = $2`,
    2,
  ],
  [
    'a CTE is not a table',
    db
      .with('mine', d => d.selectFrom('a.cat').select('id'))
      .selectFrom('mine')
      .select('id'),
    `with "mine" as (select "id" from "a"."cat" where "a"."cat"."tenant_id" = $1) select "id" from "mine"`,
    1,
  ],
  [
    'an insert from a select',
    db
      .insertInto('a.owner')
      .columns(['id', 'name'])
      .expression(e => e.selectFrom('a.cat').select(['id', 'name'])),
    `insert into "a"."owner" ("tenant_id", "id", "name") select $1 as "tenant_id", "id", "name" from "a"."cat" where "a"."cat"."tenant_id" = $2`,
    2,
  ],
  ['raw SQL writes it itself', db.selectNoFrom(sql<number>`1`.as('one')), 'select 1 as "one"', 0],
]
test.each(cases)('%s carries the tenant', (_name, query, text, times) => {
  const compiled = query.compile()
  expect(compiled.sql).toBe(text)
  expect(compiled.parameters.filter(p => p === tenant)).toHaveLength(times)
})
