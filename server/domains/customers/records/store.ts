import { sql } from 'kysely'
import type { RecordItem, RecordKind } from '#contract/records.ts'
import { knownBy } from '#kernel/batch.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleCustomers } from '../queries.ts'
import { changedIn, type State } from './deciding.ts'
import { recordAdded, recordChanged, recordEnded, recordMoved, recordReopened } from './events.ts'
import { recordColumns } from './queries.ts'
import { recordNumber } from './rules.ts'

export type Kinds = { by: (item: Pick<RecordItem, 'kindId' | 'kindCode'>) => RecordKind | undefined }
export async function kindsOf(ctx: Ctx): Promise<Kinds> {
  const rows = await ctx.db.selectFrom('customers.recordKind').selectAll().execute()
  return { by: ({ kindId, kindCode }) => rows.find(kind => (kindId ? kind.id === kindId : kind.code === kindCode)) }
}

export type Records = Awaited<ReturnType<typeof knownTo>>

/** Whatever the items could mean, locked; each way of naming one by its own index. */
export async function knownTo(ctx: Ctx, items: readonly RecordItem[], kinds: Kinds) {
  const ids = items.flatMap(item => item.id ?? [])
  const extIds = items.flatMap(item => item.extId ?? [])
  const numbered = items.flatMap(item => {
    const kind = item.number === undefined ? undefined : kinds.by(item)
    return kind ? [{ kind: kind.id, number: recordNumber(item.number ?? '') }] : []
  })
  const { rows: found } = await sql<{ id: string }>`
    select id from customers.record where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])
    union select id from customers.record where tenant_id = ${ctx.tenantId} and ext_id = any(${extIds}::text[])
    union select r.id from unnest(${numbered.map(one => one.kind)}::uuid[], ${numbered.map(one => one.number)}::text[]) as x(kind, number)
      join customers.record r on r.tenant_id = ${ctx.tenantId} and r.kind_id = x.kind and r.number = x.number`.execute(ctx.db)
  const those = sql<boolean>`id = any(${found.map(row => row.id)}::uuid[])`
  const rows =
    found.length === 0
      ? []
      : await ctx.db.selectFrom('customers.record').select(recordColumns).where(those).orderBy('id').forUpdate().execute()
  const owners = [...new Set(rows.map(row => row.customerId))]
  const mine =
    owners.length === 0
      ? []
      : await visibleCustomers(ctx, 'customer:write').select('id').where(sql<boolean>`id = any(${owners}::uuid[])`).execute()
  const reached = new Set(mine.map(row => row.id))
  // Reached: of a customer whom the actor may change.
  const there = rows.map(state => ({ state, reached: reached.has(state.customerId) }))
  const keyOf = (way: 'ext' | 'number', { extId, kindId, number }: State) => (way === 'ext' ? extId : `${kindId} ${number}`)
  return knownBy(there, () => ({ reached: true }), ['ext', 'number'], keyOf)
}

const shape = sql.raw(
  'x(id uuid, kind_id uuid, customer_id uuid, number text, ext_id text, fields jsonb, note text, since timestamptz, ended_at timestamptz)',
)
const asJson = (states: readonly State[]) =>
  JSON.stringify(
    states.map(({ kindId, customerId, extId, endedAt, ...state }) => ({
      ...state,
      kind_id: kindId,
      customer_id: customerId,
      ext_id: extId,
      ended_at: endedAt,
    })),
  )

/** Which of them came in. */
export async function bring(ctx: Ctx, states: readonly State[]): Promise<ReadonlySet<string>> {
  if (states.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`insert into customers.record
      (tenant_id, id, kind_id, customer_id, number, ext_id, fields, note, since, ended_at)
    select ${ctx.tenantId}, x.id, x.kind_id, x.customer_id, x.number, x.ext_id, x.fields, x.note, x.since, x.ended_at
    from json_to_recordset(${asJson(states)}::json) as ${shape} on conflict do nothing returning id`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}

export async function rewrite(ctx: Ctx, states: readonly State[]): Promise<void> {
  if (states.length === 0) return
  await sql`update customers.record r set customer_id = x.customer_id, number = x.number, ext_id = x.ext_id, fields = x.fields, note = x.note, since = x.since,
      ended_at = x.ended_at, version = r.version + 1, changed_xid = ${thisTransaction}
    from json_to_recordset(${asJson(states)}::json) as ${shape} where r.tenant_id = ${ctx.tenantId} and r.id = x.id`
    .execute(ctx.db)
    .catch(taken)
}

/** What became of each, in the words that one by one would have been told in. */
export function tell(ctx: Ctx, kinds: Kinds, changes: readonly { before: State | null; after: State }[]): void {
  const of = (after: State, customerId = after.customerId) => ({ about: { id: after.id, customerId }, personal: { number: after.number } })
  const facts = ({ kindId }: State) => {
    const kind = kinds.by({ kindId })
    return { kindId, kind: kind?.name ?? '', kindEn: kind?.nameEn ?? '' }
  }
  const all = changes.map(change => ({ ...change, facts: facts(change.after) }))
  const old = all.flatMap(({ before, ...rest }) => (before ? [{ before, ...rest }] : []))
  ctx.emitAll(
    recordAdded,
    all.flatMap(({ before, after, facts }) => (before ? [] : [{ ...of(after), detail: facts }])),
  )
  ctx.emitAll(
    recordChanged,
    old.flatMap(({ before, after, facts }) => {
      const fields = changedIn(before, after).filter(key => key !== 'customerId' && key !== 'endedAt')
      return fields.length === 0 ? [] : [{ ...of(after), detail: { ...facts, fields } }]
    }),
  )
  ctx.emitAll(
    recordMoved,
    old.flatMap(({ before, after, facts }) =>
      before.customerId === after.customerId
        ? []
        : [
            { ...of(after, before.customerId), detail: { ...facts, to: after.customerId, from: null } },
            { ...of(after), detail: { ...facts, to: null, from: before.customerId } },
          ],
    ),
  )
  const isOther = (a: Date | null | undefined, b: Date | null) => (a?.getTime() ?? null) !== (b?.getTime() ?? null)
  ctx.emitAll(
    recordEnded,
    all.flatMap(({ before, after, facts }) =>
      after.endedAt && isOther(before?.endedAt, after.endedAt)
        ? [{ ...of(after), detail: { ...facts, at: after.endedAt.toISOString() } }]
        : [],
    ),
  )
  ctx.emitAll(
    recordReopened,
    old.flatMap(({ before, after, facts }) => (before.endedAt && !after.endedAt ? [{ ...of(after), detail: facts }] : [])),
  )
}

/** A unique index of the table said no. */
export function taken(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505' && 'constraint' in error)
    throw error.constraint === 'record_ext' ? new Refusal('conflict', 'record.ext_taken') : new Refusal('conflict', 'record.number_taken')
  throw error
}
