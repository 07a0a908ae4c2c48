import { sql } from 'kysely'
import { dropFile } from './files.ts'
import { tableGone } from './importSource.ts'
import { type RunRow, runCancelled, runColumns } from './runs.ts'
import { clearWorkingPlaces, over } from './runTurns.ts'
import type { Ctx } from './work.ts'

/** Lists that were taken along and tables that were brought in or taken back, whole or half-way: nobody can tell whom they hold. */
const kinds = sql`(kind like 'export.%' or kind like 'import.%' or kind like 'taking_back.%' or kind = 'privacy.access')`
const lying = sql`state in ('done', 'failed', 'cancelled') and ${kinds} and (params <> '{}' or file_id is not null)`
/** Tables that somebody looks at before bringing them in, whatever they are written in. */
const sheets = sql`(noun = 'import' or noun is null and about is null and owner_kind = 'user'
  and type = any(array['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.ms-excel']))`

/** Imports that have not begun do not: their tables go. */
async function callOffWaiting(ctx: Ctx): Promise<void> {
  const { rows } = await sql<RunRow>`update kernel.run set state = 'cancelled', ended_at = ${ctx.now}, code = ${tableGone}
    where tenant_id = ${ctx.tenantId} and state = 'waiting' and kind like 'import.%' returning ${runColumns}`.execute(ctx.db)
  for (const row of rows) {
    await ctx.emit(runCancelled, { id: row.id }, { kind: row.kind, facts: row.facts, done: row.done, outcome: row.outcome })
    await over(ctx, row)
  }
}

/** What of them still lies here goes, and what it would take to go on with one that waits or failed. Under `oneByOne`, while none is being made. */
export async function dropTakenAlong(ctx: Ctx): Promise<number> {
  await callOffWaiting(ctx)
  const { rows } = await sql<{ id: string; fileId: string | null; brought: string | null }>`
    with gone as (select id, file_id, params ->> 'fileId' as brought from kernel.run where tenant_id = ${ctx.tenantId} and ${lying} for update)
    update kernel.run r set file_id = null, expires_at = null, params = '{}', cursor = '{}', code_facts = null,
      state = case when state = 'failed' then 'cancelled' else state end,
      code = case when state = 'failed' and kind like 'import.%' then ${tableGone} else code end
    from gone where r.tenant_id = ${ctx.tenantId} and r.id = gone.id
    returning r.id, gone.file_id as "fileId", gone.brought`.execute(ctx.db)
  const { rows: unused } = await sql<{ id: string }>`select id from kernel.file where tenant_id = ${ctx.tenantId} and ${sheets}`.execute(
    ctx.db,
  )
  const files = new Set([...rows.flatMap(({ fileId, brought }) => [fileId, brought]), ...unused.map(row => row.id)])
  files.delete(null)
  for (const file of files) if (file !== null) await dropFile(ctx, file)
  ctx.afterCommit('remove what half-done runs left', async house => {
    for (const { id } of rows) await clearWorkingPlaces(house, ctx.tenantId, id)
  })
  return files.size
}

/** Whether one is being made at this moment: what it has read already may hold anybody. */
export const isTakenAlongNow = async (ctx: Ctx): Promise<boolean> =>
  (await sql`select 1 from kernel.run where tenant_id = ${ctx.tenantId} and state = 'running' and ${kinds} limit 1`.execute(ctx.db)).rows
    .length > 0

/** How many of them there are, and until when the last one would lie here. */
export async function takenAlongNow(ctx: Ctx): Promise<{ n: number; until: Date | null }> {
  const { rows } = await sql<{ n: number; until: Date | null }>`select count(*)::int as n, max(expires_at) as until
    from kernel.run where tenant_id = ${ctx.tenantId} and ${lying} and file_id is not null`.execute(ctx.db)
  return rows[0] ?? { n: 0, until: null }
}
