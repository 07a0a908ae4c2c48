import { sql } from 'kysely'
import type { OpportunityItem } from '#contract/sales.ts'
import { customersNamed } from '#domains/customers/index.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { knownBy } from '#kernel/batch.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { newId } from '#kernel/ids.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { editable, isPersonal, mine, nameOf } from './actions.ts'
import type { Stage, State } from './deciding.ts'
import { opportunityChanged, opportunityMoved, opportunityOpened } from './events.ts'
import { described, visibleOpportunities } from './queries.ts'

export const stagesInOrder = (ctx: Ctx): Promise<Stage[]> =>
  ctx.db.selectFrom('sales.stage').select(['id', 'name', 'nameEn', 'kind', 'retired']).orderBy('position').orderBy('id').execute()

export async function ownersAmong(ctx: Ctx, items: readonly OpportunityItem[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(items.flatMap(item => item.ownerId ?? []))]
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`select p.id from identity.fact_person p
    where p.tenant_id = ${ctx.tenantId} and p.id = any(${ids}::uuid[]) and not p.retired`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}

/** Reached: the actor may change it. `keptId`: the file that is read for its customer. */
type Match = { state: State; reached: boolean; keptId: string | null; erased: boolean }
export type Known = Awaited<ReturnType<typeof knownTo>>

/** Whatever the items could mean, locked; each way of naming one by its own index. */
export async function knownTo(ctx: Ctx, items: readonly OpportunityItem[]) {
  const { rows: found } = await sql<{ id: string }>`
    select id from sales.opportunity where tenant_id = ${ctx.tenantId} and id = any(${items.flatMap(item => item.id ?? [])}::uuid[])
    union select id from sales.opportunity where tenant_id = ${ctx.tenantId} and ext_id = any(${items.flatMap(item => item.extId ?? [])}::text[])`.execute(
    ctx.db,
  )
  const there = found.length === 0 ? [] : await matches(ctx, found.map(row => row.id)) // biome-ignore format: short
  const ofNew = ({ customerId }: State) => ({ reached: true, erased: false, keptId: customerId })
  return knownBy<'ext', State, Omit<Match, 'state'>>(there, ofNew, ['ext'], (_, { extId }) => extId)
}

async function matches(ctx: Ctx, ids: readonly string[]): Promise<Match[]> {
  const those = sql<boolean>`o.id = any(${[...ids]}::uuid[])`
  const rows = await ctx.db
    .selectFrom('sales.opportunity as o')
    .select(described(ctx))
    .select([
      'o.phoneTyped',
      sql<string | null>`(select f.kept_id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.id = o.customer_id)`.as('keptId'),
    ]) // biome-ignore format: a list of columns
    .where(those)
    .orderBy('o.id')
    .forUpdate('o')
    .execute()
  const mayWrite = await visibleOpportunities(ctx, 'opportunity:write').select('o.id').where(those).execute()
  const reached = new Set(mayWrite.map(row => row.id))
  const living = new Set((await customersNamed(ctx, rows.map(row => ({ customerId: row.keptId ?? undefined })))).values()) // biome-ignore format: short
  return rows.map(({ keptId, ...row }) => ({
    state: { ...row, moves: [] },
    reached: reached.has(row.id),
    keptId,
    erased: keptId !== null && !living.has(keptId),
  }))
}

const shape =
  sql.raw(`x(id uuid, ext_id text, title text, source text, source_note text, value bigint, owner_id uuid, expected_on date, note text, name text, phone text,
  phone_typed text, email text, customer_id uuid, stage_id uuid, state text, lost_reason text, closed_at timestamptz, search text)`)
const asJson = (states: readonly State[]) =>
  JSON.stringify(
    states.map(s => ({
      id: s.id, ext_id: s.extId, title: s.title, source: s.source, source_note: s.sourceNote, value: s.value, owner_id: s.ownerId, expected_on: s.expectedOn,
      note: s.note, name: s.name, phone: s.phone, phone_typed: s.phoneTyped, email: s.email, customer_id: s.customerId, stage_id: s.stageId, state: s.state,
      lost_reason: s.lostReason, closed_at: s.closedAt, search: bigrams(s.title, s.customerId === null ? s.name : '', s.note),
    })),
  ) // biome-ignore format: as a table

/** A key that sees only its own finds again what it brought. */
const openedBy = (ctx: Ctx) => (ctx.actor.kind === 'user' && scopeOf(ctx.actor, 'opportunity:write') !== 'all' ? ctx.actor.id : mine(ctx))

/** Which of them came in. */
export async function bring(ctx: Ctx, states: readonly State[]): Promise<ReadonlySet<string>> {
  if (states.length === 0) return new Set()
  const { rows } = await sql<{
    id: string
  }>`insert into sales.opportunity (tenant_id, id, ext_id, title, source, source_note, value, currency, owner_id, opened_by_id,
      expected_on, note, name, phone, phone_typed, email, customer_id, stage_id, state, lost_reason, opened_at, changed_at, closed_at, search)
    select ${ctx.tenantId}, x.id, x.ext_id, x.title, x.source, x.source_note, x.value, 'CNY', x.owner_id, ${openedBy(ctx)}::uuid,
      x.expected_on, x.note, x.name, x.phone, x.phone_typed, x.email, x.customer_id, x.stage_id, x.state, x.lost_reason, ${ctx.now}::timestamptz,
      ${ctx.now}::timestamptz, x.closed_at, x.search::tsvector
    from json_to_recordset(${asJson(states)}::json) as ${shape} on conflict do nothing returning id`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}

export async function rewrite(ctx: Ctx, states: readonly State[]): Promise<void> {
  if (states.length === 0) return
  await sql`update sales.opportunity o set ext_id = x.ext_id, title = x.title, source = x.source, source_note = x.source_note, value = x.value, owner_id = x.owner_id,
      expected_on = x.expected_on, note = x.note, name = x.name, phone = x.phone, phone_typed = x.phone_typed, email = x.email, stage_id = x.stage_id, state = x.state,
      lost_reason = x.lost_reason, closed_at = x.closed_at, search = x.search::tsvector, changed_at = ${ctx.now}::timestamptz, version = o.version + 1, changed_xid = ${thisTransaction}
    from json_to_recordset(${asJson(states)}::json) as ${shape} where o.tenant_id = ${ctx.tenantId} and o.id = x.id`.execute(ctx.db)
}

type Written = { made: readonly { after: State }[]; changed: readonly { before: State; after: State }[] }
/** The stages each passed, and what became of each in the words that one by one would have been told in. */
export async function tell(ctx: Ctx, stages: readonly Stage[], { made, changed }: Written): Promise<void> {
  const all = [...made, ...changed].map(({ after }) => after)
  const about = ({ id, customerId }: State) => ({ id, customerId })
  const steps = all.flatMap(({ id, moves }) =>
    moves.map(({ fromId, to, note }) => ({ id: newId(), opportunity_id: id, from_id: fromId, to_id: to.id, note })),
  )
  if (steps.length > 0)
    await sql`insert into sales.step (tenant_id, id, opportunity_id, from_id, to_id, at, by_id, by_name, note)
      select ${ctx.tenantId}, x.id, x.opportunity_id, x.from_id, x.to_id, ${ctx.now}::timestamptz, ${actorId(ctx.actor)}::uuid, ${nameOf(ctx)}::text, x.note
      from json_to_recordset(${JSON.stringify(steps)}::json) as x(id uuid, opportunity_id uuid, from_id uuid, to_id uuid, note text)`.execute(
      ctx.db,
    )
  ctx.emitAll(
    opportunityOpened,
    made.map(({ after }) => ({
      about: about(after),
      detail: { source: after.source, value: after.value },
      personal: { title: after.title },
    })),
  )
  ctx.emitAll(
    opportunityChanged,
    changed.flatMap(({ before, after }) => {
      const fields = (['extId', ...editable] as const).filter(key => after[key] !== before[key])
      const values = fields.flatMap(key => (key !== 'extId' && isPersonal(key) ? [[key, String(after[key] ?? '')]] : []))
      return fields.length === 0 ? [] : [{ about: about(after), detail: { fields }, personal: Object.fromEntries(values) }]
    }),
  )
  const nameOfStage = (id: string) => stages.find(stage => stage.id === id)?.name ?? ''
  ctx.emitAll(
    opportunityMoved,
    all.flatMap(after =>
      after.moves.flatMap(({ fromId, to, note }) =>
        fromId === null
          ? []
          : [
              {
                about: about(after),
                detail: { from: nameOfStage(fromId), to: to.name, state: to.kind, value: after.value },
                ...(note === '' ? {} : { personal: { note } }),
              },
            ],
      ),
    ),
  )
}
