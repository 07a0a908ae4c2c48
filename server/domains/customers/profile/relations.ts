import { sql } from 'kysely'
import type * as z from 'zod'
import type { profile, Relation } from '#contract/profile.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { heldFile } from '../kept.ts'
import { shownTo, showsOf } from '../masking/showing.ts'
import { visibleCustomers } from '../queries.ts'
import { customerRelated } from './events.ts'
import { fileChanged, lockFile } from './locking.ts'

const most = 200
type Row = { id: string; customerId: string; toId: string; kind: Relation['kind']; role: string; main: boolean }

const rowsOf = (ctx: Ctx, id: string): Promise<Row[]> =>
  ctx.db
    .selectFrom('customers.relation')
    .select(['id', 'customerId', 'toId', 'kind', 'role', 'main'])
    .where(q => q.or([q('customerId', '=', id), q('toId', '=', id)]))
    .orderBy('main', 'desc')
    .orderBy('id')
    .limit(most)
    .execute()

/** From both sides, and only with customers whom the actor may see. */
export async function relationsOf(ctx: Ctx, id: string): Promise<Relation[]> {
  const rows = await rowsOf(ctx, id)
  if (rows.length === 0) return []
  const others = await visibleCustomers(ctx)
    .select(['id', 'number', 'name', 'kind', 'tier', 'phone', 'email'])
    .where(
      'id',
      'in',
      rows.map(row => otherOf(row, id)),
    )
    .execute()
  const shows = await showsOf(ctx)
  const byId = new Map(others.map(other => [other.id, shownTo(shows, other)]))
  return rows.flatMap(row => {
    const other = byId.get(otherOf(row, id))
    return other ? [{ id: row.id, kind: row.kind, role: row.role, main: row.main, side: sideOf(row, id), other }] : []
  })
}
const otherOf = (row: Pick<Row, 'customerId' | 'toId'>, id: string) => (row.customerId === id ? row.toId : row.customerId)
const sideOf = (row: Pick<Row, 'customerId'>, id: string) => (row.customerId === id ? ('out' as const) : ('in' as const))

export async function relate(ctx: Ctx, id: string, { otherId: asked, kind, side, role, main }: z.output<typeof profile.relate.body>) {
  const customer = await lockFile(ctx, id)
  // It stands in both files, so both are written.
  const otherId = await heldFile(ctx, asked)
  if (otherId === id) throw new Refusal('invalid', 'customer.related_to_itself')
  const other = found(
    await visibleCustomers(ctx, 'customer:write').select(['id', 'kind']).where('id', '=', otherId).executeTakeFirst(),
    'customer',
    otherId,
  )
  const [from, to] = side === 'out' ? [customer, other] : [other, customer]
  if ((kind === 'contact' && to.kind !== 'organisation') || (kind === 'subsidiary' && !bothOrganisations(from, to)))
    throw new Refusal('invalid', 'customer.not_an_organisation')
  if (kind === 'subsidiary') {
    // Two that meet from both ends would each see no circle.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} customers.subsidiary`}, 0))`.execute(ctx.db)
    if (await belongsTo(ctx, to.id, from.id)) throw new Refusal('conflict', 'customer.subsidiary_circle')
  }
  const rows = await rowsOf(ctx, id)
  if (rows.length >= most) throw new Refusal('conflict', 'customer.too_many_relations', { most })
  const mutual = kind === 'household' || kind === 'other'
  if (rows.some(row => row.kind === kind && otherOf(row, id) === otherId && (mutual || row.customerId === from.id)))
    throw new Refusal('conflict', 'customer.related_already')
  const row = { id: newId(), customerId: from.id, toId: to.id, kind, role, main: main && kind === 'contact' }
  if (row.main) await freeMain(ctx, to.id)
  const added = await ctx.db
    .insertInto('customers.relation')
    .values({ ...row, since: ctx.now })
    .onConflict(conflict => conflict.columns(['customerId', 'toId', 'kind']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) throw new Refusal('conflict', 'customer.related_already')
  await announce(ctx, row, 'added')
  await fileChanged(ctx, id)
}

const bothOrganisations = (a: { kind: string }, b: { kind: string }) => a.kind === 'organisation' && b.kind === 'organisation'

/** Whether one organisation belongs to another, over however many between. */
async function belongsTo(ctx: Ctx, id: string, ancestorId: string): Promise<boolean> {
  const { rows } = await sql<{ circle: boolean }>`with recursive above as (
      select ${id}::uuid as id
      union select r.to_id from above a join customers.relation r on r.tenant_id = ${ctx.tenantId} and r.customer_id = a.id and r.kind = 'subsidiary')
    select exists (select 1 from above where id = ${ancestorId}) as circle`.execute(ctx.db)
  return rows[0]?.circle === true
}

/** An organisation has one contact who is asked first. */
const freeMain = (ctx: Ctx, toId: string) =>
  ctx.db.updateTable('customers.relation').set({ main: false }).where('toId', '=', toId).where('kind', '=', 'contact').execute()

type Changed = { id: string; relationId: string; body: z.output<typeof profile.changeRelation.body> }
export async function changeRelation(ctx: Ctx, { id, relationId, body }: Changed) {
  await lockFile(ctx, id, body.version)
  const row = await oneRelation(ctx, id, relationId)
  const role = body.role ?? row.role
  const main = (body.main ?? row.main) && row.kind === 'contact'
  if (role === row.role && main === row.main) return
  if (main && !row.main) await freeMain(ctx, row.toId)
  await ctx.db.updateTable('customers.relation').set({ role, main }).where('id', '=', relationId).execute()
  await announce(ctx, { ...row, role }, 'changed')
  await fileChanged(ctx, id)
}

export async function unrelate(ctx: Ctx, id: string, relationId: string) {
  await lockFile(ctx, id)
  const row = await oneRelation(ctx, id, relationId)
  await ctx.db.deleteFrom('customers.relation').where('id', '=', relationId).execute()
  await announce(ctx, row, 'ended')
  await fileChanged(ctx, id)
}

async function oneRelation(ctx: Ctx, id: string, relationId: string): Promise<Row> {
  const row = found(
    (await rowsOf(ctx, id)).find(one => one.id === relationId),
    'relation',
    relationId,
  )
  await heldFile(ctx, otherOf(row, id))
  return row
}

/** Both sides read it on their time line. */
async function announce(ctx: Ctx, row: Row, act: 'added' | 'changed' | 'ended') {
  for (const id of [row.customerId, row.toId])
    await ctx.emit(
      customerRelated,
      { id, customerId: id },
      { kind: row.kind, side: sideOf(row, id), act, otherId: otherOf(row, id) },
      row.role ? { role: row.role } : {},
    )
}
