import { sql } from 'kysely'
import { dropFile } from './files.ts'
import { type Holding, holdings, theirs, type Who } from './holdings.ts'
import type { Ctx } from './work.ts'

/** Rows changed in one commit. */
const batch = 500

/** What is erased in this order: what hangs on events first, while it can still be told whose they are; then children before what they hang on. */
export function inOrder(): readonly Holding[] {
  const all = holdings()
  return [...all.filter(one => one.ofEvent), ...all.filter(one => !one.ofEvent && one.erase !== 'figures')]
}

/** The next rows of a holding lose the person. True when there is nothing left to do. */
export async function eraseSome(ctx: Ctx, holding: Holding, who: Who): Promise<{ rows: number; files: number; over: boolean }> {
  const rows = await pick(ctx, holding, theirs(holding, ctx.tenantId, who))
  const files = await wipe(ctx, holding, rows)
  return { rows: rows.length, files, over: rows.length < batch }
}

type Picked = { at: string; files: (string | null)[] | null }

/** Rows that still say something, locked. */
export async function pick(ctx: Ctx, { table, erase, files }: Holding, where: ReturnType<typeof sql>, most = batch): Promise<Picked[]> {
  const left =
    typeof erase === 'string'
      ? sql`true`
      : sql.raw(
          `(${Object.entries(erase)
            .map(([name, value]) => `t.${name} is distinct from (${value})`)
            .join(' or ')})`,
        )
  const { rows } = await sql<Picked>`select t.ctid::text as at, ${sql.raw(files ?? 'null::uuid[]')} as files from ${sql.raw(table)} t
    where t.tenant_id = ${ctx.tenantId} and ${where} and ${left} limit ${most} for update`.execute(ctx.db)
  return rows
}

export async function wipe(ctx: Ctx, { table, erase }: Holding, rows: readonly Picked[]): Promise<number> {
  if (rows.length === 0 || erase === 'figures') return 0
  const places = rows.map(row => row.at)
  if (erase === 'rows')
    await sql`delete from ${sql.raw(table)} t where t.tenant_id = ${ctx.tenantId} and t.ctid = any(${places}::tid[])`.execute(ctx.db)
  else
    await sql`update ${sql.raw(table)} t set ${sql.raw(
      Object.entries(erase)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', '),
    )}
      where t.tenant_id = ${ctx.tenantId} and t.ctid = any(${places}::tid[])`.execute(ctx.db)
  const gone = new Set(rows.flatMap(({ files }) => files ?? []).filter(file => file !== null))
  for (const file of gone) await dropFile(ctx, file)
  return gone.size
}

/** Lists that were taken along and tables that were brought in may hold anybody: those that still lie here go. */
export async function dropTakenAlong(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ id: string; fileId: string | null; brought: string | null }>`
    with gone as (select id, file_id, params ->> 'fileId' as brought from kernel.run where ${takenAlong(ctx)} for update)
    update kernel.run r set file_id = null, expires_at = null, params = '{}', facts = case when kind like 'export.%' then facts else facts - 'name' - 'file' end
    from gone where r.tenant_id = ${ctx.tenantId} and r.id = gone.id
    returning r.id, gone.file_id as "fileId", gone.brought`.execute(ctx.db)
  let dropped = 0
  for (const { fileId, brought } of rows)
    for (const file of [fileId, brought])
      if (file) {
        await dropFile(ctx, file)
        dropped++
      }
  return dropped
}

const takenAlong = (ctx: Ctx) =>
  sql`tenant_id = ${ctx.tenantId} and state = 'done' and (kind like 'export.%' or kind like 'import.%' or kind = 'privacy.access') and params <> '{}'`

/** How many of them there are, and until when the last one would lie here. */
export async function takenAlongNow(ctx: Ctx): Promise<{ n: number; until: Date | null }> {
  const { rows } = await sql<{
    n: number
    until: Date | null
  }>`select count(*)::int as n, max(expires_at) as until from kernel.run where ${takenAlong(ctx)} and file_id is not null`.execute(ctx.db)
  return rows[0] ?? { n: 0, until: null }
}

const sweep = 20_000
export type Swept = { eventId: string; key: string }

/** Personal values of events that are not theirs but quote them: their telephone, their address, and words searched for. From `after` on; null when all are read. */
export async function sweepValues(
  ctx: Ctx,
  values: { marks: readonly string[]; names: readonly string[] },
  after: Swept | null,
): Promise<Swept | null> {
  const patterns = (of: readonly string[]) => of.map(value => `%${value.replace(/[\\%_]/g, sign => `\\${sign}`)}%`)
  const { rows } = await sql<Swept>`with here as materialized (
      select event_id, key, value from kernel.event_value where tenant_id = ${ctx.tenantId}
        ${after ? sql`and (event_id, key) > (${after.eventId}::uuid, ${after.key})` : sql``} order by event_id, key limit ${sweep}),
    quoted as (select event_id, key from here where value like any(${patterns(values.marks)}::text[])
      or value like any(${patterns(values.names)}::text[]) and exists (
        select 1 from kernel.event e where e.tenant_id = ${ctx.tenantId} and e.id = here.event_id and e.name = 'run.asked')),
    gone as (delete from kernel.event_value v using quoted where v.tenant_id = ${ctx.tenantId} and v.event_id = quoted.event_id and v.key = quoted.key)
    select event_id as "eventId", key from here order by event_id desc, key desc limit 1`.execute(ctx.db)
  const last = rows[0]
  if (!last) return null
  return last
}
