import { sql } from 'kysely'
import type { BatchItem } from '#contract/customerFeed.ts'
import type { Ctx } from '#kernel/work.ts'
import { ownerOfNew } from '../actions.ts'
import { searchText, searchVersion, withMerged } from '../finding/words.ts'
import { freshNumbers, keepIdentities } from '../importing/insert.ts'
import { visibleCustomers } from '../queries.ts'
import type { State } from './decide.ts'

/** Named by the number or id of a file that was merged into it, the state is the kept one's. */
type Match = { state: State; reached: boolean }
type By = 'id' | 'ext' | 'number'
export type Known = { by: (way: By, key: string) => Match | undefined; keep: (state: State) => void }

/** Imports and batches of an organisation come one after the other: two at once could both find nobody. */
export const onlyOneAtATime = (ctx: Ctx) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} customers.import`}, 0))`.execute(ctx.db)

/** Everybody whom the items could mean, locked; each way of naming one by its own index. */
export async function knownTo(ctx: Ctx, items: readonly BatchItem[]): Promise<Known> {
  const those = (key: 'id' | 'extId' | 'number') => items.flatMap(item => (item[key] ? [item[key]] : []))
  const { rows: found } = await sql<{ id: string; mergedInto: string | null }>`
    select id, merged_into from customers.customer where tenant_id = ${ctx.tenantId} and id = any(${those('id')}::uuid[])
    union select id, merged_into from customers.customer where tenant_id = ${ctx.tenantId} and ext_id = any(${those('extId')}::text[])
    union select id, merged_into from customers.customer where tenant_id = ${ctx.tenantId} and number = any(${those('number')}::text[])`.execute(
    ctx.db,
  )
  const ids = [...new Set(found.flatMap(row => [row.id, row.mergedInto ?? row.id]))]
  const rows =
    ids.length === 0
      ? []
      : await ctx.db
          .selectFrom('customers.customer')
          .select([
            'id', 'number', 'extId', 'name', 'kind', 'tier', 'phone', 'phoneTyped', 'email', 'address', 'district', 'postCode', 'note', 'tags', 'care',
            'fields', 'version', 'mergedInto',
          ]) // biome-ignore format: a list of columns
          .where(sql<boolean>`id = any(${ids}::uuid[])`)
          .orderBy('id')
          .forUpdate()
          .execute()
  const mine =
    ids.length === 0
      ? []
      : await visibleCustomers(ctx, 'customer:write').select('id').where(sql<boolean>`id = any(${ids}::uuid[])`).execute()
  const reached = new Set(mine.map(row => row.id))
  const index = new Map<string, Match>()
  const enter = (match: Match, { id, number, extId }: Pick<State, 'id' | 'number' | 'extId'> = match.state) => {
    index.set(`id ${id}`, match)
    index.set(`number ${number}`, match)
    if (extId !== null) index.set(`ext ${extId}`, match)
  }
  for (const { mergedInto, ...state } of rows) if (mergedInto === null) enter({ state, reached: reached.has(state.id) })
  for (const { mergedInto, ...alias } of rows) {
    const match = mergedInto === null ? undefined : index.get(`id ${mergedInto}`)
    if (match) enter(match, alias)
  }
  return {
    by: (way, key) => index.get(`${way} ${key}`),
    keep: state => enter({ state, reached: true }),
  }
}

const shape =
  sql.raw(`x(id uuid, number text, ext_id text, name text, kind text, tier text, phone text, phone_typed text, email text, address text,
  district text, post_code text, note text, tags text[], care text[], fields jsonb, search text)`)
const asJson = (states: readonly State[]) =>
  JSON.stringify(
    states.map(({ extId, phoneTyped, postCode, ...state }) => ({
      ...state,
      ext_id: extId,
      phone_typed: phoneTyped,
      post_code: postCode,
      search: searchText(state),
    })),
  )

/** Who came in, by id, with the number each got. */
export async function bring(ctx: Ctx, states: readonly State[]): Promise<Map<string, string>> {
  if (states.length === 0) return new Map()
  const fresh = await freshNumbers(
    ctx,
    states.filter(one => one.number === '').length,
    states.map(one => one.number),
  )
  const numbered = states.map(state => ({ ...state, number: state.number || (fresh.pop() ?? '') }))
  const { rows } = await sql<{ id: string; number: string }>`insert into customers.customer
      (tenant_id, id, number, ext_id, name, kind, tier, phone, phone_typed, email, address, district, post_code, note, tags, care, fields, since, owner_id, search, search_version)
    select ${ctx.tenantId}, x.id, x.number, x.ext_id, x.name, x.kind, x.tier, x.phone, x.phone_typed, x.email, x.address, x.district, x.post_code, x.note, x.tags, x.care,
      x.fields, ${ctx.now}::timestamptz, ${ownerOfNew(ctx)}::uuid, x.search::tsvector, ${searchVersion}
    from json_to_recordset(${asJson(numbered)}::json) as ${shape} on conflict do nothing returning id, number`.execute(ctx.db)
  const added = new Map(rows.map(row => [row.id, row.number]))
  await keepIdentities(ctx, states.filter(one => added.has(one.id)).map(spoken), sql``)
  return added
}

const spoken = ({ id, phone, phoneTyped, email }: State) => ({
  id,
  phone: phone ?? '',
  phoneTyped: phoneTyped ?? phone ?? '',
  email: email ?? '',
  phone2: '',
  phone2Typed: '',
})

export async function rewrite(ctx: Ctx, changes: readonly { before: State; after: State }[]): Promise<void> {
  if (changes.length === 0) return
  await sql`update customers.customer c set ext_id = x.ext_id, name = x.name, kind = x.kind, tier = x.tier, phone = x.phone, phone_typed = x.phone_typed, email = x.email,
      address = x.address, district = x.district, post_code = x.post_code, note = x.note, tags = x.tags, care = x.care, fields = x.fields, search = ${withMerged(ctx, sql`x.search`, sql`c.id`)}, search_version = ${searchVersion},
      version = c.version + 1, changed_xid = pg_current_xact_id()
    from json_to_recordset(${asJson(changes.map(change => change.after))}::json) as ${shape} where c.tenant_id = ${ctx.tenantId} and c.id = x.id`.execute(
    ctx.db,
  )
  const given = changes.flatMap(({ before, after }) =>
    (['phone', 'email'] as const).flatMap(kind =>
      before[kind] && before[kind] !== after[kind] ? [{ id: after.id, kind, value: before[kind] }] : [],
    ),
  )
  // A number somebody gave up belongs to somebody else tomorrow.
  if (given.length > 0)
    await sql`delete from customers.customer_identity i using json_to_recordset(${JSON.stringify(given)}::json) as x(id uuid, kind text, value text)
      where i.tenant_id = ${ctx.tenantId} and i.customer_id = x.id and i.kind = x.kind and i.value = x.value`.execute(ctx.db)
  const taken = changes
    .filter(({ before, after }) => before.phone !== after.phone || before.email !== after.email)
    .map(change => spoken(change.after))
  await keepIdentities(ctx, taken, sql`on conflict (tenant_id, kind, value, customer_id) do nothing`)
}
