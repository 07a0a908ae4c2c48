import { sql } from 'kysely'
import type * as z from 'zod'
import type { Group } from '#contract/conditions.ts'
import { Tier } from '#contract/customers.ts'
import type { Ladder, LadderKind, LadderStep, ladders, Move } from '#contract/segments.ts'
import { differenceOf } from '#kernel/difference.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { fieldsAsked } from './askable.ts'
import { oneByOne } from './asking.ts'
import type { Sql } from './behaviour.ts'
import { checkCondition, compile, type Reach } from './compile.ts'
import { ladderChanged } from './events.ts'
import { type Book, readBook } from './fields.ts'
import { patiently } from './patience.ts'
import { readLadder } from './steps.ts'

export const listLadders = async (ctx: Ctx): Promise<Ladder[]> => [await readLadder(ctx, 'tier'), await readLadder(ctx, 'stage')]

async function checkSteps(ctx: Ctx, kind: LadderKind, steps: readonly LadderStep[]): Promise<Book> {
  const keys = steps.map(step => step.key)
  if (new Set(keys).size !== keys.length) throw new Refusal('invalid', 'ladder.step_twice')
  if (kind === 'tier' && !keys.every(key => Tier.safeParse(key).success)) throw new Refusal('invalid', 'ladder.tiers_only')
  let book = await readBook(ctx)
  for (const { condition, name } of steps) {
    if (condition === null) continue
    book = await checkCondition(ctx, condition, null)
    if (fieldsAsked(book, condition).has(kind)) throw new Refusal('invalid', 'ladder.asks_itself', { name })
  }
  return book
}

export async function changeLadder(
  ctx: Ctx,
  kind: LadderKind,
  { version, active, steps }: z.output<typeof ladders.change.body>,
): Promise<Ladder> {
  await oneByOne(ctx)
  const before = await readLadder(ctx, kind, { lock: true })
  if (before.version !== version) throw new Refusal('conflict', 'ladder.changed_meanwhile', { version: before.version })
  await checkSteps(ctx, kind, steps)
  if (kind === 'stage')
    await noneIn(
      ctx,
      before.steps.filter(was => !steps.some(step => step.key === was.key)),
    )
  await sql`insert into customers.ladder (tenant_id, kind, active, steps, version, changed_at)
    values (${ctx.tenantId}, ${kind}, ${active}, ${JSON.stringify(steps)}, ${version + 1}, ${ctx.now})
    on conflict (tenant_id, kind) do update set active = excluded.active, steps = excluded.steps, version = excluded.version, changed_at = excluded.changed_at`.execute(
    ctx.db,
  )
  // Conditions may name a person: which steps there are and whether it is asked is what the announcement tells.
  const keysOf = (of: readonly LadderStep[]) => of.map(step => step.key)
  const changes = differenceOf({ active: before.active, steps: keysOf(before.steps) }, { active, steps: keysOf(steps) })
  await ctx.emit(ladderChanged, { id: ctx.tenantId }, { kind, changes })
  return readLadder(ctx, kind)
}

/** A stage that customers stand in is not taken from under them. */
async function noneIn(ctx: Ctx, gone: readonly LadderStep[]): Promise<void> {
  for (const { key, name } of gone) {
    const { rows } =
      await sql`select 1 from customers.customer where tenant_id = ${ctx.tenantId} and stage = ${key} and stage <> '' limit 1`.execute(
        ctx.db,
      )
    if (rows.length > 0) throw new Refusal('conflict', 'ladder.step_taken', { name })
  }
}

export const columnOf = (kind: LadderKind): Sql => (kind === 'tier' ? sql`tier` : sql`stage`)

type Asked = LadderStep & { condition: Group }
export const withCondition = (steps: readonly LadderStep[]): Asked[] => steps.filter((step): step is Asked => step.condition !== null)

/**
 * Over customers `c`: `was`, and `becomes`: the first step whose condition holds; where none does they stay.
 * `unasked`: steps that cannot be asked now. Who stands on one of them stays, as far as no step above is theirs.
 */
export function judged(
  ctx: Ctx,
  book: Book,
  kind: LadderKind,
  steps: readonly LadderStep[],
  reach: Reach,
  unasked: ReadonlySet<string> = new Set(),
): { columns: Sql; joins: Sql } {
  const all = withCondition(steps)
  const asked = all.filter(step => !unasked.has(step.key))
  const { joins, wheres } = compile(
    ctx,
    book,
    asked.map(step => step.condition),
    reach,
  )
  const was = sql`c.${columnOf(kind)}`
  const cases = all.map(step => sql`when ${wheres[asked.indexOf(step)] ?? sql`${was} = ${step.key}`} then ${step.key}::text`)
  const becomes = cases.length === 0 ? was : sql`case ${sql.join(cases, sql` `)} else ${was} end`
  return { joins, columns: sql`c.id, c.version, ${was} as was, ${becomes} as becomes` }
}

export const isPinned = (ctx: Ctx, kind: LadderKind): Sql =>
  sql`exists (select 1 from customers.ladder_pin p where p.tenant_id = ${ctx.tenantId} and p.customer_id = c.id and p.kind = ${kind})`

const previewSeconds = 30
export async function previewLadder(
  ctx: Ctx,
  kind: LadderKind,
  steps: readonly LadderStep[],
): Promise<z.output<typeof ladders.preview.reply>> {
  const book = await checkSteps(ctx, kind, steps)
  const { moves, stay } = await movesOf(ctx, book, kind, steps)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from customers.ladder_pin p join customers.customer c
    on c.tenant_id = ${ctx.tenantId} and c.id = p.customer_id and c.merged_into is null where p.tenant_id = ${ctx.tenantId} and p.kind = ${kind}`.execute(
    ctx.db,
  )
  return { moves, stay, pinned: rows[0]?.n ?? 0 }
}

export async function movesOf(ctx: Ctx, book: Book, kind: LadderKind, steps: readonly LadderStep[], unasked?: ReadonlySet<string>) {
  const { columns, joins } = judged(ctx, book, kind, steps, 'all', unasked)
  const { rows } = await patiently(ctx, previewSeconds, () =>
    sql<z.output<typeof Move>>`select j.was, j.becomes, count(*)::int as customers from (
      select ${columns} from customers.customer c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.erased_at is null and not ${isPinned(ctx, kind)}) j
      group by 1, 2 order by 3 desc, 1, 2`.execute(ctx.db),
  )
  return {
    moves: rows.filter(row => row.was !== row.becomes),
    stay: rows.filter(row => row.was === row.becomes).reduce((sum, row) => sum + row.customers, 0),
  }
}
