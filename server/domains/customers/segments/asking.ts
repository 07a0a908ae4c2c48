import { sql } from 'kysely'
import { type Group, type Leaf, leavesOf } from '#contract/conditions.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { readSteps } from './steps.ts'

/** Two who write what asks for one another at once could close a circle between them, or take away what the other has just asked for. */
export const oneByOne = (ctx: Ctx) => sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} segments`}, 0))`.execute(ctx.db)

type Question = Pick<Leaf, 'field' | 'value'>
/** Names of segments, steps of ladders and rules that ask so themselves. */
export async function askers(ctx: Ctx, field: string, asks: (one: Question) => boolean): Promise<string[]> {
  const { rows } = await sql<{ name: string; condition: Group }>`select name, condition from customers.segment
    where tenant_id = ${ctx.tenantId} and not retired order by name`.execute(ctx.db)
  const steps = [...(await readSteps(ctx, 'tier')), ...(await readSteps(ctx, 'stage'))]
  const { rows: rules } = await sql<Question & { name: string }>`select name, field, value from automation.fact_asked
    where tenant_id = ${ctx.tenantId} and field = ${field} order by name`.execute(ctx.db)
  const said = (one: Question) => one.field === field && asks(one)
  return [
    ...[...rows, ...steps].filter(({ condition }) => condition !== null && leavesOf(condition).some(said)).map(one => one.name),
    ...new Set(rules.filter(said).map(rule => rule.name)),
  ]
}

/** Refused while somebody asks for the field: gone, "is not", "lacks" and "is empty" would hold for everybody. */
export async function noneAsks(ctx: Ctx, key: string, label: string): Promise<void> {
  await oneByOne(ctx)
  const by = await askers(ctx, `own.${key}`, () => true)
  if (by.length > 0) throw new Refusal('conflict', 'own_field.in_use', { label, by: by.join('、') })
}
