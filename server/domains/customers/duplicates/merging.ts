import { sql } from 'kysely'
import type * as z from 'zod'
import type { Merge, NewMerge } from '#contract/duplicates.ts'
import { actorId } from '#kernel/access.ts'
import { familyOf, keptOf } from '#kernel/family.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { changeTold } from '../changed.ts'
import { customerChanged } from '../events.ts'
import { onlyOneAtATime } from '../feed/store.ts'
import { searchText, withMerged } from '../finding/words.ts'
import { keepIdentity } from '../identify.ts'
import { ownFieldsSeen } from '../own/access.ts'
import { visibleCustomers } from '../queries.ts'
import { inOrder, recountFiles } from '../receivables/counting.ts'
import { tellMoves, writeMoves } from '../segments/moves.ts'
import { pinsOf } from '../segments/pins.ts'
import { customerMerged, customerMergedAway, customerParted } from './events.ts'
import { bringBack, bringOver } from './moving.ts'
import { settlePair } from './pairs.ts'
import { oneMerge } from './queries.ts'
import { apart, changedIn, sideOf, together, type Values } from './together.ts'

type File = Values & { id: string; number: string; version: number }

/** Two files are read as one from now on. Ids elsewhere stay as they were written. */
export async function mergeCustomers(ctx: Ctx, asked: z.output<typeof NewMerge>): Promise<Merge> {
  const [keptId, goneId] = [await keptOf(ctx, asked.keptId), await keptOf(ctx, asked.goneId)]
  if (keptId === goneId) throw new Refusal('conflict', 'merge.one_already')
  await inTurn(ctx)
  const files = await lockFiles(ctx, [keptId, goneId])
  const [kept, gone] = [files.get(keptId), files.get(goneId)]
  if (!kept || !gone) {
    const missing = kept ? goneId : keptId
    if ((await keptOf(ctx, missing)) !== missing) throw new Refusal('conflict', 'merge.changed_meanwhile')
    throw new Refusal('not_found', 'customer.not_found', { id: missing })
  }
  if (kept.version !== asked.keptVersion || gone.version !== asked.goneVersion) throw new Refusal('conflict', 'merge.changed_meanwhile')

  const [was, other] = [valuesOf(kept), valuesOf(gone)]
  // A field that the actor does not write goes by the usual rule, whatever was asked.
  const mine = new Set((await ownFieldsSeen(ctx)).flatMap(field => (field.mayWrite ? [field.key] : [])))
  const fieldsAsked = Object.fromEntries(Object.entries(asked.fields).filter(([key]) => mine.has(key)))
  const became = together(was, other, { ...asked, fields: fieldsAsked })
  const takes = (field: 'phone' | 'email' | 'address' | 'tier' | 'stage') => sideOf(field, was, other, asked.choices) === 'gone'
  const step = (kind: 'tier' | 'stage') => (was[kind] === other[kind] ? 'same' : takes(kind) ? 'gone' : 'kept')
  const steps = { tier: step('tier'), stage: step('stage') } as const
  const moved = await bringOver(ctx, { keptId, goneId }, { phone: takes('phone'), email: takes('email'), address: takes('address'), steps })
  // A name or an address that the kept one gives up is found by the other.
  await sql`update customers.customer set merged_into = ${keptId}, search = search || ${searchText(was)}::tsvector, version = version + 1, changed_xid = pg_current_xact_id()
    where tenant_id = ${ctx.tenantId} and id = ${goneId}`.execute(ctx.db)
  await writeFile(ctx, keptId, became)
  const id = newId()
  await sql`insert into customers.merge (tenant_id, id, kept_id, gone_id, was, became, moved, at, by_id)
    values (${ctx.tenantId}, ${id}, ${keptId}, ${goneId}, ${JSON.stringify(was)}, ${JSON.stringify(became)}, ${JSON.stringify(moved)}, ${ctx.now}, ${actorId(ctx.actor)})`.execute(
    ctx.db,
  )
  await recountFiles(ctx, await familyOf(ctx, keptId))
  await settlePair(ctx, keptId, goneId, 'merged')
  const fields = changedIn(was, became)
  await ctx.emit(customerMerged, { id: keptId, customerId: keptId }, { otherId: goneId, fields }, { name: gone.name, number: gone.number })
  await ctx.emit(customerMergedAway, { id: goneId, customerId: goneId }, { otherId: keptId }, { number: kept.number })
  await tellChanged(ctx, keptId, was, became)
  await stepsTaken(ctx, keptId, 'merged', was, became)
  return oneMerge(ctx, id)
}

/** Each of two merged files is what it was, but for what was changed since: that stays with the kept one. */
export async function partCustomers(ctx: Ctx, id: string, { differ }: { differ: boolean }): Promise<Merge> {
  await inTurn(ctx)
  const merge = found(
    await ctx.db.selectFrom('customers.merge').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
    'merge',
    id,
  )
  const { keptId, goneId } = merge
  const files = await lockFiles(ctx, [keptId])
  const kept = files.get(keptId)
  if (!kept && (await keptOf(ctx, keptId)) === keptId) throw new Refusal('not_found', 'merge.not_found', { id })
  if (merge.apartAt) throw new Refusal('conflict', 'merge.apart_already')
  const later = await ctx.db
    .selectFrom('customers.merge')
    .select('id')
    .where('apartAt', 'is', null)
    .where('id', '>', id)
    .where(or => or.or([or('keptId', '=', keptId), or('goneId', '=', keptId)]))
    .limit(1)
    .executeTakeFirst()
  // What the later one found was what this one had left: they come apart in the order in which they came together.
  if (later || !kept) throw new Refusal('conflict', 'merge.later_first')

  await sql`select 1 from customers.customer where tenant_id = ${ctx.tenantId} and id = any(${[goneId, ...merge.moved.aliases]}::uuid[]) order by id for update`.execute(
    ctx.db,
  )
  const { rows: back } = await sql<{
    number: string
    phone: string | null
    phoneTyped: string | null
    email: string | null
    name: string
    address: string
    district: string
  }>`update customers.customer
    set merged_into = null, version = version + 1, changed_xid = pg_current_xact_id() where tenant_id = ${ctx.tenantId} and id = ${goneId}
    returning number, phone, phone_typed as "phoneTyped", email, name, address, district`.execute(ctx.db)
  const gone = found(back[0], 'customer', goneId)
  await bringBack(ctx, { keptId, goneId }, merge.moved)
  await sql`update customers.customer set search = ${withMerged(ctx, sql`${searchText(gone)}`, sql`${goneId}::uuid`)}
    where tenant_id = ${ctx.tenantId} and id = ${goneId}`.execute(ctx.db)
  const now = valuesOf(kept)
  // Written by this very type when they were merged.
  const after = apart(now, merge.was as Values, merge.became as Values)
  await writeFile(ctx, keptId, after)
  // What was given up while both were one stands in the file that comes back.
  if (gone.phone) await keepIdentity(ctx, goneId, 'phone', gone.phone, gone.phoneTyped ?? gone.phone)
  if (gone.email) await keepIdentity(ctx, goneId, 'email', gone.email, gone.email)
  await ctx.db
    .updateTable('customers.merge')
    .set({ apartAt: ctx.now, apartById: actorId(ctx.actor) })
    .where('id', '=', id)
    .execute()
  await recountFiles(ctx, [...(await familyOf(ctx, keptId)), ...(await familyOf(ctx, goneId))])
  await settlePair(ctx, keptId, goneId, differ ? 'dismissed' : 'open')
  await ctx.emit(customerParted, { id: keptId, customerId: keptId }, { otherId: goneId }, { number: gone.number })
  await ctx.emit(customerParted, { id: goneId, customerId: goneId }, { otherId: keptId }, { number: kept.number })
  await tellChanged(ctx, keptId, now, after)
  await stepsTaken(ctx, keptId, 'parted', now, after)
  return oneMerge(ctx, id)
}

/** Before any file is locked, as everybody takes these: nobody brings customers by whom they match, nor what customers owe, while two become one or one becomes two. */
async function inTurn(ctx: Ctx): Promise<void> {
  await onlyOneAtATime(ctx)
  await inOrder(ctx)
}

/** In the order of their ids, whoever asks. */
async function lockFiles(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, File>> {
  const rows = await visibleCustomers(ctx, 'customer:merge')
    .select([
      'id',
      'number',
      'version',
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
      'care',
    ])
    .select(['balanceDue', 'ownerId', 'stage', 'fields'])
    .select([sql<string>`to_jsonb(since) #>> '{}'`.as('since'), sql<string | null>`to_jsonb(last_contact_at) #>> '{}'`.as('lastContactAt')])
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
  return new Map(rows.map(row => [row.id, row]))
}

const valuesOf = ({ id: _i, number: _n, version: _v, ...values }: File): Values => values

const writeFile = async (ctx: Ctx, id: string, values: Values): Promise<void> => {
  const { since, lastContactAt, fields, ...plain } = values
  await ctx.db
    .updateTable('customers.customer')
    .set({
      ...plain,
      since: sql`${since}::timestamptz`,
      lastContactAt: sql`${lastContactAt}::timestamptz`,
      fields: sql`${JSON.stringify(fields)}::jsonb`,
      search: withMerged(ctx, sql`${searchText(values)}`, sql`${id}::uuid`),
      version: sql`version + 1`,
      changedXid: sql`pg_current_xact_id()`,
    })
    .where('id', '=', id)
    .execute()
}

/** What the file stands on now by the other's word is a move like any other; its pins have come over already. */
async function stepsTaken(ctx: Ctx, id: string, way: 'merged' | 'parted', before: Values, after: Values): Promise<void> {
  for (const kind of ['tier', 'stage'] as const) {
    if (before[kind] === after[kind]) continue
    const moves = [{ id, was: before[kind], becomes: after[kind] }]
    await writeMoves(ctx, kind, way, moves)
    await tellMoves(ctx, kind, way, moves, (await pinsOf(ctx, kind, [id])).size > 0)
  }
}

async function tellChanged(ctx: Ctx, id: string, before: Values, after: Values): Promise<void> {
  const fields = changedIn(before, after)
  if (fields.length === 0) return
  const { detail, personal } = changeTold(fields, before, after)
  await ctx.emit(customerChanged, { id, customerId: id }, detail, personal)
}
