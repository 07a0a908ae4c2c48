import { type RawBuilder, sql } from 'kysely'
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

/** Whether anything of theirs is still being worked on: somebody may ring while they are being erased. */
export async function isAnyOpen(ctx: Ctx, who: Who): Promise<boolean> {
  const each = holdings()
    .filter(one => one.open)
    .map(
      one => sql`exists (select 1 from ${sql.raw(one.table)} t where t.tenant_id = ${ctx.tenantId} and ${theirs(one, ctx.tenantId, who)}
        and (${sql.raw(one.open ?? '')}))`,
    )
  const { rows } = await sql<{ open: boolean }>`select ${sql.join(each, sql` or `)} as open`.execute(ctx.db)
  return rows[0]?.open ?? false
}

/** The next rows of a holding lose the person; what is still being worked on stays. `over`: there is nothing left to do. */
export async function eraseSome(ctx: Ctx, holding: Holding, who: Who): Promise<{ rows: number; files: number; over: boolean }> {
  const isOver = sql`(${sql.raw(holding.open ?? 'false')}) is not true`
  const rows = await pick(ctx, holding, sql`${theirs(holding, ctx.tenantId, who)} and ${isOver}`, batch)
  const files = await wipe(ctx, holding, rows)
  return { rows: rows.length, files, over: rows.length < batch }
}

/** Rows called `t` that still say something. */
export const stillSays = ({ erase }: Holding) =>
  typeof erase === 'string'
    ? sql`true`
    : sql.raw(
        `(${Object.entries(erase)
          .map(([name, value]) => `t.${name} is distinct from (${value})`)
          .join(' or ')})`,
      )

type Picked = { at: string; files: (string | null)[] | null }

/** Rows that still say something, locked. */
async function pick(ctx: Ctx, holding: Holding, where: RawBuilder<unknown>, most: number): Promise<Picked[]> {
  const { rows } = await sql<Picked>`select t.ctid::text as at, ${sql.raw(holding.files ?? 'null::uuid[]')} as files
    from ${sql.raw(holding.table)} t where t.tenant_id = ${ctx.tenantId} and ${where} and ${stillSays(holding)} limit ${most} for update`.execute(
    ctx.db,
  )
  return rows
}

async function wipe(ctx: Ctx, { table, erase }: Holding, rows: readonly Picked[]): Promise<number> {
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

/** Rows that stand under an id looked at in one commit. */
const page = 5_000

/** Of the rows below `before`, oldest first from `after` on, a page is looked at and what of it `where` names is wiped. `next`: where the following page begins. */
export async function wipeAged(
  ctx: Ctx,
  holding: Holding,
  where: RawBuilder<unknown>,
  { after, before }: { after: string | null; before: string },
): Promise<{ rows: number; next: string | null }> {
  const { rows: ids } = await sql<{ id: string }>`select t.id from ${sql.raw(holding.table)} t where t.tenant_id = ${ctx.tenantId}
    and t.id < ${before}::uuid ${after === null ? sql`` : sql`and t.id > ${after}::uuid`} order by t.id limit ${page}`.execute(ctx.db)
  const rows = await pick(ctx, holding, sql`t.id = any(${ids.map(row => row.id)}::uuid[]) and ${where}`, page)
  await wipe(ctx, holding, rows)
  return { rows: rows.length, next: ids.length < page ? null : (ids.at(-1)?.id ?? null) }
}
