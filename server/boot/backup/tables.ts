import type pg from 'pg'

/**
 * Every table of a tenant with the columns that are written, not computed. Partitions come with their table.
 * The number of a transaction says something only where it ran: rows that are put back bear that of the restore.
 */
export async function tenantTables(client: pg.Client): Promise<Record<string, string[]>> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.oid::regclass::text as name, array_agg(quote_ident(a.attname) order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.atttypid <> 'xid8'::regtype
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'graphile_worker')
       and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
     group by c.oid order by 1`,
  )
  return Object.fromEntries(rows.map(r => [r.name, r.columns]))
}

export async function migrationsOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from public.huiyin_migration order by name')
  return rows.map(r => r.name)
}

/**
 * For as long as `fn` runs, in this transaction, rows of any tenant may come in in any order: foreign keys are taken off and put on again, which asks each row,
 * and the owner stands outside of the row-level security that binds it otherwise. Where `nothingThere` yet, indexes are made after the rows, too: built in one go
 * they cost a fraction of what they cost row by row.
 */
export async function unbound(
  client: pg.Client,
  tables: readonly string[],
  { nothingThere }: { nothingThere: boolean },
  fn: () => Promise<void>,
): Promise<void> {
  const { rows: keys } = await client.query<{ name: string; child: string; def: string }>(
    `select quote_ident(conname) as name, conrelid::regclass::text as child, pg_get_constraintdef(oid) as def from pg_constraint
     where contype = 'f' and conparentid = 0 and conrelid = any($1::regclass[]) order by 2, 1`,
    [tables],
  )
  const { rows: guarded } = await client.query<{ name: string }>(
    'select oid::regclass::text as name from pg_class where relforcerowsecurity and oid = any($1::regclass[])',
    [tables],
  )
  const indexes = nothingThere ? await looseIndexes(client, tables) : []
  for (const { child, name } of keys) await client.query(`alter table ${child} drop constraint ${name}`)
  for (const { name } of guarded) await client.query(`alter table ${name} no force row level security`)
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  await fn()
  await client.query(`set local maintenance_work_mem = '256MB'`)
  for (const { def } of indexes) await client.query(def)
  for (const { child, name, def } of keys) await client.query(`alter table ${child} add constraint ${name} ${def}`)
  for (const { name } of guarded) await client.query(`alter table ${name} force row level security`)
}

/** Those that are not a key of their table. An index over partitions brings those of its partitions. */
async function looseIndexes(client: pg.Client, tables: readonly string[]): Promise<{ name: string; def: string }[]> {
  const { rows } = await client.query<{ name: string; def: string }>(
    `select i.indexrelid::regclass::text as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as def
     from pg_index i where i.indrelid = any($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype <> 'f')
     order by 1`,
    [tables],
  )
  return rows
}

/** Numbers that the database gives go on after the highest there is. */
export async function numberOn(client: pg.Client, tables: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select attrelid::regclass::text as table, quote_ident(attname) as column from pg_attribute where attidentity <> '' and not attisdropped and attrelid = any($1::regclass[])`,
    [tables],
  )
  for (const { table, column } of rows)
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), greatest((select coalesce(max(${column}), 0) from ${table}), 1), (select count(*) > 0 from ${table}))`,
      [table, column],
    )
}
