import { sql } from 'kysely'
import type { Customer } from '#contract/customers.ts'
import { type FormValues, filledOnly } from '#contract/forms.ts'
import type { Changed } from '#kernel/importMemory.ts'
import type { Ctx } from '#kernel/work.ts'
import { searchText, searchVersion, withMerged } from '../finding/words.ts'
import { tiersWritten } from '../segments/moves.ts'
import { type Pin, pinsOf } from '../segments/pins.ts'
import { each, keepAddresses, keepIdentities, tagMark } from './insert.ts'
import { ownSaid } from './masked.ts'
import { hasParts, lineOf, type Place, placeOf } from './places.ts'
import type { Brought } from './take.ts'
import { keepCarers } from './team.ts'

/** Of a customer what a table can change. `since` whole to the last digit. */
export type Row = {
  id: string
  name: string
  kind: Customer['kind']
  tier: Customer['tier']
  phone: string | null
  phoneTyped: string | null
  email: string | null
  address: string
  district: string
  postCode: string
  note: string
  tags: string[]
  extId: string | null
  ownerId: string | null
  since: string
  fields: FormValues
}
/** A way to be recognised that was not there before, or is there no more; or somebody who takes care since. */
export type Turn = { come: boolean; kind: string; value: string; typed: string; label: string; main: boolean }
export const carerTurn = 'carer'
type Identity = Pick<Turn, 'kind' | 'value'>
/** What a change was before it: fields of the row, and the main address in its parts and, of a tier, its pin; null where there was none. */
export type Was = Partial<Row> & { place?: Place | null; pin?: Pin | null }
type Changing = { before: Held; said: Brought; after: Row; was: Was; beside: Turn[] }
export type Held = Row & { version: number; place: Place | null }

const columns = sql`c.id, c.name, c.kind, c.tier, c.phone, c.phone_typed as "phoneTyped", c.email, c.address, c.district, c.post_code as "postCode", c.note, c.tags,
  c.ext_id as "extId", c.owner_id as "ownerId", to_json(c.since) #>> '{}' as since, c.fields, c.version`

/** Held until the end of the work, each with its main address in parts where it has one. */
export async function hold(ctx: Ctx, ids: readonly string[]): Promise<Held[]> {
  const { rows } =
    await sql<Held>`select ${columns}, (select json_build_object('province', a.province, 'city', a.city, 'county', a.district, 'street', a.street, 'detail', a.detail)
      from customers.address a where a.tenant_id = ${ctx.tenantId} and a.customer_id = c.id and a.main) as place
    from customers.customer c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.erased_at is null order by c.id for update of c`.execute(
      ctx.db,
    )
  return rows
}

/** Rows written whole, as the next version of each. */
export async function writeAll(ctx: Ctx, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  await sql`update customers.customer c set name = x.name, kind = x.kind, tier = x.tier, phone = x.phone, phone_typed = x.phone_typed, email = x.email, address = x.address,
      district = x.district, post_code = x.post_code, note = x.note, tags = string_to_array(x.tags, ${tagMark}), ext_id = x.ext_id, owner_id = x.owner_id, since = x.since, fields = x.fields::jsonb,
      search = ${withMerged(ctx, sql`x.search`, sql`c.id`)}, search_version = ${searchVersion}, version = c.version + 1, changed_xid = pg_current_xact_id()
    from unnest(${each(rows, one => one.id)}::uuid[], ${each(rows, one => one.name)}::text[], ${each(rows, one => one.kind)}::text[], ${each(rows, one => one.tier)}::text[],
      ${each(rows, one => one.phone)}::text[], ${each(rows, one => one.phoneTyped)}::text[], ${each(rows, one => one.email)}::text[], ${each(rows, one => one.address)}::text[],
      ${each(rows, one => one.district)}::text[], ${each(rows, one => one.postCode)}::text[], ${each(rows, one => one.note)}::text[],
      ${each(rows, one => one.tags.join(tagMark))}::text[], ${each(rows, one => one.extId)}::text[], ${each(rows, one => one.ownerId)}::uuid[],
      ${each(rows, one => one.since)}::timestamptz[], ${each(rows, one => JSON.stringify(one.fields))}::text[], ${each(rows, searchText)}::text[])
      as x(id, name, kind, tier, phone, phone_typed, email, address, district, post_code, note, tags, ext_id, owner_id, since, fields, search)
    where c.tenant_id = ${ctx.tenantId} and c.id = x.id`.execute(ctx.db)
}

export const fields = [
  'name',
  'kind',
  'tier',
  'phone',
  'phoneTyped',
  'email',
  'address',
  'district',
  'postCode',
  'note',
  'tags',
  'extId',
  'ownerId',
  'since',
] as const

/** What a table leaves empty stays as it was; whom it tells nothing new about is not touched. */
export async function changeAll(ctx: Ctx, changes: ReadonlyMap<string, Brought>, zone: string): Promise<Changed[]> {
  const held = await hold(ctx, [...changes.keys()])
  const instants = await instantsOf(ctx, [...changes.values()], zone)
  const aliases = await ofAliases(ctx, [...changes.values()])
  const rows: Changing[] = []
  for (const before of held) {
    const said = changes.get(before.id)
    if (!said) continue
    const own = ownSaid(said.fields, before.fields)
    const after: Row = {
      id: before.id,
      name: said.name,
      kind: said.kind || before.kind,
      tier: said.tier || before.tier,
      phone: said.phone || before.phone,
      phoneTyped: said.phone && said.phone !== before.phone ? said.phoneTyped : before.phoneTyped,
      email: said.email || before.email,
      address: said.address || before.address,
      district: said.district || before.district,
      postCode: said.postCode || before.postCode,
      note: said.note || before.note,
      tags: said.tags.length > 0 ? said.tags : before.tags,
      extId: said.extId && !aliases.has(said.extId) ? said.extId : before.extId,
      ownerId: said.ownerId || before.ownerId,
      since: instants.get(said.since) ?? before.since,
      fields: filledOnly({ ...before.fields, ...own }),
    }
    const changed = fields.filter(key => String(after[key]) !== String(before[key]))
    const was: Was = Object.fromEntries(changed.map(key => [key, before[key]]))
    if (Object.entries(own).some(([key, value]) => before.fields[key] !== value)) was.fields = before.fields
    const isMoved = hasParts(said)
      ? before.place === null || lineOf(said) !== lineOf(before.place)
      : changed.includes('address') && before.place !== null
    if (isMoved) was.place = before.place
    if (Object.keys(was).length > 0 || said.phone2 || said.carerIds.length > 0) rows.push({ before, said, after, was, beside: [] })
  }
  await writeIdentities(ctx, rows)
  await writeCarers(ctx, rows)
  const touched = rows.filter(({ was, beside }) => Object.keys(was).length > 0 || beside.length > 0)
  await writeAll(
    ctx,
    touched.map(({ after }) => after),
  )
  await keepTiers(ctx, touched)
  // A new line without parts is all that is known of the place.
  await keepAddresses(
    ctx,
    touched
      .filter(({ was }) => was.place !== undefined)
      .map(({ before, said }) => (hasParts(said) ? { ...said, id: before.id } : { ...said, id: before.id, detail: said.address })),
  )
  return touched.map(({ before, after, said, was, beside }) => {
    const became: Was = Object.fromEntries([...fields, 'fields' as const].filter(key => key in was).map(key => [key, after[key]]))
    if (was.place !== undefined) became.place = placeOf(hasParts(said) ? said : { ...said, detail: said.address })
    return { id: before.id, version: before.version + 1, was, became, beside }
  })
}

async function keepTiers(ctx: Ctx, changed: readonly Changing[]): Promise<void> {
  const moved = changed.filter(({ was }) => was.tier !== undefined)
  if (moved.length === 0) return
  const pins = await pinsOf(
    ctx,
    'tier',
    moved.map(one => one.before.id),
  )
  for (const { before, was } of moved) was.pin = pins.get(before.id) ?? null
  await tiersWritten(
    ctx,
    'import',
    moved.map(({ before, after }) => ({ id: before.id, was: before.tier, becomes: after.tier })),
  )
}

async function writeCarers(ctx: Ctx, rows: readonly Changing[]): Promise<void> {
  const carers = rows.flatMap(({ said, after }) =>
    said.carerIds.filter(userId => userId !== after.ownerId).map(userId => ({ id: after.id, userId })),
  )
  const byId = new Map(rows.map(({ before, beside }) => [before.id, beside]))
  for (const { id, userId } of await keepCarers(ctx, carers))
    byId.get(id)?.push({ come: true, kind: carerTurn, value: userId, typed: '', label: '', main: false })
}

/** A number somebody gave up belongs to somebody else tomorrow. */
async function writeIdentities(ctx: Ctx, rows: readonly Changing[]): Promise<void> {
  const given = rows.flatMap(({ before: { id, phone, email }, said }) => [
    ...(said.phone && phone && phone !== said.phone ? [{ id, kind: 'phone', value: phone }] : []),
    ...(said.email && email && email !== said.email ? [{ id, kind: 'email', value: email }] : []),
  ])
  const byId = new Map(rows.map(({ before, beside }) => [before.id, beside]))
  for (const { of, ...identity } of await dropIdentities(ctx, given)) byId.get(of)?.push({ come: false, ...identity })
  const brought = rows.map(({ before, said }) => ({ ...said, id: before.id }))
  const unless = sql`on conflict (tenant_id, kind, value, customer_id) do nothing returning customer_id as of, kind, value`
  for (const { of, kind, value } of await keepIdentities(ctx, brought, unless))
    byId.get(of)?.push({ come: true, kind, value, typed: '', label: '', main: false })
}

export async function dropIdentities(ctx: Ctx, given: readonly (Identity & { id: string })[]) {
  if (given.length === 0) return []
  const { rows } = await sql<
    Identity & { of: string; typed: string; label: string; main: boolean }
  >`delete from customers.customer_identity i
    using unnest(${each(given, one => one.id)}::uuid[], ${each(given, one => one.kind)}::text[], ${each(given, one => one.value)}::text[]) as x(id, kind, value)
    where i.tenant_id = ${ctx.tenantId} and i.customer_id = x.id and i.kind = x.kind and i.value = x.value
    returning i.customer_id as of, i.kind, i.value, i.typed, i.label, i.main`.execute(ctx.db)
  return rows
}

/** External ids of files that were merged into others: those stay there, whoever they lead to. */
async function ofAliases(ctx: Ctx, said: readonly Brought[]): Promise<ReadonlySet<string>> {
  const wanted = said.flatMap(({ extId }) => extId || [])
  if (wanted.length === 0) return new Set()
  const { rows } = await sql<{ extId: string }>`select ext_id from customers.customer
    where tenant_id = ${ctx.tenantId} and ext_id = any(${wanted}::text[]) and merged_into is not null`.execute(ctx.db)
  return new Set(rows.map(row => row.extId))
}

/** Days of the organisation's clock as instants, as the database writes them. */
async function instantsOf(ctx: Ctx, said: readonly Brought[], zone: string): Promise<ReadonlyMap<string, string>> {
  const days = [...new Set(said.flatMap(one => (one.since === '' ? [] : [one.since])))]
  if (days.length === 0) return new Map()
  const { rows } = await sql<{ day: string; at: string }>`select x.day, to_json(x.day::timestamp at time zone ${zone}) #>> '{}' as at
    from unnest(${days}::text[]) as x(day)`.execute(ctx.db)
  return new Map(rows.map(row => [row.day, row.at]))
}
