import { sql } from 'kysely'
import * as z from 'zod'
import { audited } from './events.ts'
import type { Ctx } from './work.ts'

/** What was there before an import changed it: of what changed only, and what it became. `beside`: what was done beside its own fields, in order. `version`: the one the import left. */
export type Changed = {
  id: string
  version: number
  was: Record<string, unknown>
  became: Record<string, unknown> | null
  beside: unknown[]
}
/** What a batch did, for taking it back. */
export type Memory = { made: readonly string[]; changed: readonly Changed[] }

export const importPolicyChanged = audited('import.policy_changed', z.object({ backDays: z.int() }), 'audit:read')

const dayMs = 86_400_000
const usualDays = 30

export async function backDaysOf(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{
    days: number
  }>`select back_days as days from kernel.import_policy where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  return rows[0]?.days ?? usualDays
}

export async function setBackDays(ctx: Ctx, days: number): Promise<void> {
  await sql`insert into kernel.import_policy (tenant_id, back_days) values (${ctx.tenantId}, ${days})
    on conflict (tenant_id) do update set back_days = excluded.back_days`.execute(ctx.db)
  await ctx.emit(importPolicyChanged, { id: ctx.tenantId }, { backDays: days })
}

/** Written with the rows themselves: an import that was killed in the middle is remembered as far as it came. */
export function remember(ctx: Ctx, runId: string, at: number, { made, changed }: Memory): void {
  if (made.length > 0)
    ctx.write`insert into kernel.import_made (tenant_id, run_id, n, ids) values (${ctx.tenantId}, ${runId}, ${at}, ${made}::uuid[])`
  if (changed.length > 0)
    // One that a later row changes once more is what it was before the first.
    ctx.write`insert into kernel.import_changed (tenant_id, run_id, thing_id, version, was, became, beside)
      select ${ctx.tenantId}, ${runId}, x.id, x.version, x.was, x.became, x.beside
      from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as x(id uuid, version integer, was jsonb, became jsonb, beside jsonb)
      on conflict (tenant_id, run_id, thing_id) do update set version = excluded.version, was = excluded.was || import_changed.was,
        became = import_changed.became || excluded.became,
        beside = import_changed.beside || excluded.beside`
}

export function keepUntil(ctx: Ctx, runId: string, days: number): void {
  ctx.write`update kernel.run set back_until = ${new Date(ctx.now.getTime() + days * dayMs)} where tenant_id = ${ctx.tenantId} and id = ${runId}`
}

/** A batch of what a run made and nobody has taken back yet, with the version in which the run left each; forgotten with the same commit. */
export async function nextMade(ctx: Ctx, runId: string): Promise<{ id: string; version: number }[]> {
  const { rows } = await sql<{ id: string; version: number }>`with batch as (
      delete from kernel.import_made where tenant_id = ${ctx.tenantId} and run_id = ${runId}
        and n = (select min(n) from kernel.import_made where tenant_id = ${ctx.tenantId} and run_id = ${runId}) returning ids),
    made as (select unnest(ids) as id from batch),
    again as (delete from kernel.import_changed where tenant_id = ${ctx.tenantId} and run_id = ${runId}
      and thing_id = any(array(select id from made)) returning thing_id, version)
    select made.id, coalesce(again.version, 1) as version from made left join again on again.thing_id = made.id`.execute(ctx.db)
  return rows
}

export async function nextChanged(ctx: Ctx, runId: string, most: number): Promise<Changed[]> {
  const { rows } = await sql<Changed>`delete from kernel.import_changed where tenant_id = ${ctx.tenantId} and run_id = ${runId}
    and thing_id = any(array(select thing_id from kernel.import_changed where tenant_id = ${ctx.tenantId} and run_id = ${runId} order by thing_id limit ${most}))
    returning thing_id as id, version, was, became, beside`.execute(ctx.db)
  return rows
}

export function forgetMemory(ctx: Ctx, runIds: readonly string[]): void {
  ctx.write`delete from kernel.import_made where tenant_id = ${ctx.tenantId} and run_id = any(${runIds}::uuid[])`
  ctx.write`delete from kernel.import_changed where tenant_id = ${ctx.tenantId} and run_id = any(${runIds}::uuid[])`
  ctx.write`update kernel.run set back_until = null where tenant_id = ${ctx.tenantId} and id = any(${runIds}::uuid[])`
}

/** What can no longer be taken back need not be remembered. */
export async function forgetOldImports(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{
    id: string
  }>`select id from kernel.run where tenant_id = ${ctx.tenantId} and back_until <= ${ctx.now}`.execute(ctx.db)
  forgetMemory(
    ctx,
    rows.map(row => row.id),
  )
}
