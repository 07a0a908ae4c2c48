import { sql } from 'kysely'
import * as z from 'zod'
import type { ErasurePreview, privacy } from '#contract/privacy.ts'
import { actorId } from '#kernel/access.ts'
import { eraseSome, inOrder, isAnyOpen } from '#kernel/erasing.ts'
import { type Holding, holdings, theirs } from '#kernel/holdings.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { askAsHouse, run } from '#kernel/runs.ts'
import { takenAlongNow } from '#kernel/takenAlong.ts'
import type { Ctx } from '#kernel/work.ts'
import { itsIdentities, itsOwn } from '../holdings.ts'
import { inOrder as booksInOrder } from '../receivables/counting.ts'
import { erasureAsked } from './events.ts'
import { holdOf } from './holding.ts'
import { declinedBy, keepDeclined } from './surviving.ts'
import { askSweep } from './sweep.ts'
import { everyFile, Known, knownAs, stillTheirs } from './who.ts'

async function counted(ctx: Ctx, holding: Holding, known: Known): Promise<{ rows: number; files: number; open: number }> {
  const { rows } = await sql<{ rows: number; files: number; open: number }>`select count(*)::int as rows,
    coalesce(sum(cardinality(array_remove(${sql.raw(holding.files ?? `'{}'::uuid[]`)}, null))), 0)::int as files,
    count(*) filter (where ${sql.raw(holding.open ?? 'false')})::int as open
    from ${sql.raw(holding.table)} t where t.tenant_id = ${ctx.tenantId} and ${theirs(holding, ctx.tenantId, known)}`.execute(ctx.db)
  return rows[0] ?? { rows: 0, files: 0, open: 0 }
}

const underWay = async (ctx: Ctx, ids: readonly string[]): Promise<boolean> =>
  (
    await sql`select 1 from customers.erasure where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[]) and erased_at is null`.execute(
      ctx.db,
    )
  ).rows.length > 0

/** What is in the way: open matters, money owed, a hold. */
async function blocksOf(ctx: Ctx, known: Known, counts: ReadonlyMap<Holding, { open: number }>): Promise<ErasurePreview['blocks']> {
  const { rows } = await sql<{ due: number }>`select coalesce(sum(greatest(balance_due, 0)), 0)::float8 as due from customers.customer
    where tenant_id = ${ctx.tenantId} and id = any(${[...known.ids]}::uuid[])`.execute(ctx.db)
  const due = rows[0]?.due ?? 0
  const held = await holdOf(ctx, known.ids)
  const open = [...counts].filter(([, { open }]) => open > 0)
  return [
    ...(held ? [{ kind: 'hold' as const, name: held.reason, nameEn: held.reason, n: 1 }] : []),
    ...((await underWay(ctx, known.ids)) ? [{ kind: 'erasing' as const, name: '', nameEn: '', n: 1 }] : []),
    ...open.map(([{ name }, { open }]) => ({ kind: 'open' as const, name: name[0], nameEn: name[1], n: open })),
    ...(due > 0 ? [{ kind: 'due' as const, name: '', nameEn: '', n: due }] : []),
  ]
}

async function countsOf(ctx: Ctx, known: Known) {
  const counts = new Map<Holding, { rows: number; files: number; open: number }>()
  for (const holding of holdings()) counts.set(holding, await counted(ctx, holding, known))
  return counts
}

export async function previewErasure(ctx: Ctx, id: string): Promise<ErasurePreview> {
  const known = await knownAs(ctx, await everyFile(ctx, id))
  const counts = await countsOf(ctx, known)
  const [own] = await ctx.db.selectFrom('customers.customer').select('number').where('id', '=', id).execute()
  return {
    number: own?.number ?? '',
    holdings: [...counts]
      .filter(([{ erase }, { rows }]) => rows > 0 && erase !== 'figures')
      .map(([{ table, name, erase }, { rows, files }]) => ({
        table,
        name: name[0],
        nameEn: name[1],
        rows,
        files,
        becomes: erase === 'rows' ? ('removed' as const) : ('blanked' as const),
      })),
    blocks: await blocksOf(ctx, known, counts),
    taken: await takenAlongNow(ctx),
    declined: (await declinedBy(ctx, known.ids)).length,
  }
}

/** From this commit on nobody knows the person; what stands of them elsewhere goes in the run that is asked for here. */
export async function eraseCustomer(
  ctx: Ctx,
  id: string,
  { number, reason }: z.output<typeof privacy.erase.body>,
): Promise<{ runId: string }> {
  // What the books say of them meanwhile comes before, and is in the way, or after, and finds nobody.
  await booksInOrder(ctx)
  const family = await everyFile(ctx, id)
  const { rows } = await sql<{
    id: string
    number: string
    erasedAt: Date | null
  }>`select id, number, erased_at as "erasedAt" from customers.customer
    where tenant_id = ${ctx.tenantId} and id = any(${family}::uuid[]) order by id for update`.execute(ctx.db)
  const own = found(
    rows.find(row => row.id === id),
    'customer',
    id,
  )
  // Merged while we waited: whoever asked looks again at what goes.
  if ((await everyFile(ctx, id)).length !== rows.length) throw new Refusal('conflict', 'customer.changed_meanwhile')
  if (own.erasedAt) throw new Refusal('conflict', 'privacy.erased_already')
  if (own.number !== number) throw new Refusal('invalid', 'privacy.number_differs')
  const known = await knownAs(ctx, family)
  const blocks = await blocksOf(ctx, known, await countsOf(ctx, known))
  if (blocks.length > 0)
    throw new Refusal('conflict', 'privacy.blocked', { blocks: blocks.map(({ kind, n }) => `${kind} ${n}`).join(', ') })

  await keepDeclined(ctx, known)
  const erasureId = newId()
  await ctx.emit(erasureAsked, { id, customerId: id }, {}, { number: own.number })
  const runId = await askAsHouse(ctx, erasing, { erasureId }, { customerId: id })
  await sql`insert into customers.erasure (tenant_id, id, customer_id, reason, known, run_id, asked_at, asked_by_id)
    values (${ctx.tenantId}, ${erasureId}, ${id}, ${reason}, ${JSON.stringify(known)}, ${runId}, ${ctx.now}, ${actorId(ctx.actor)})`.execute(
    ctx.db,
  )
  for (const holding of [itsIdentities, itsOwn]) while (!(await eraseSome(ctx, holding, known)).over);
  await sql`update customers.customer set version = version + 1, changed_xid = pg_current_xact_id() where tenant_id = ${ctx.tenantId} and id = any(${family}::uuid[])`.execute(
    ctx.db,
  )
  return { runId }
}

const Cursor = z.object({ at: z.string() })
const nameOf = ({ table, ofEvent }: Holding) => `${table}${ofEvent ? ' of events' : ''}`

/** Holding after holding; what quotes the person elsewhere is looked for after that. Done twice, it changes nothing more. While something of theirs is open again it ends without being ready, and a night goes on. */
export const erasing = run({
  kind: 'privacy.erase',
  may: 'customer:privacy',
  params: z.object({ erasureId: z.uuid() }),
  cursor: Cursor,
  start: { at: '' } as z.output<typeof Cursor>,
  says: () => ['删除客户个人信息', 'Erasing a customer'],
  step: async (ctx, { params: { erasureId }, cursor, done }) => {
    const { rows } = await sql<{ known: unknown; readyAt: Date | null }>`select known, ready_at as "readyAt" from customers.erasure
      where tenant_id = ${ctx.tenantId} and id = ${erasureId} for update`.execute(ctx.db)
    const erasure = found(rows[0], 'erasure', erasureId)
    if (erasure.readyAt !== null) return { cursor, done, finished: true }
    const known = await stillTheirs(ctx, Known.parse(erasure.known))
    if (await isAnyOpen(ctx, known)) return { cursor, done, finished: true }
    const all = inOrder()
    const n = Math.max(
      0,
      all.findIndex(one => nameOf(one) === cursor.at),
    )
    const holding = all[n]
    const step = holding ? await eraseSome(ctx, holding, known) : { rows: 0, files: 0, over: true }
    const next = all[n + 1]
    const isLast = step.over && !next
    await sql`update customers.erasure set rows = rows + ${step.rows}, files = files + ${step.files}, ready_at = ${isLast ? ctx.now : null}
      where tenant_id = ${ctx.tenantId} and id = ${erasureId}`.execute(ctx.db)
    if (holding && !step.over) return { cursor: { at: nameOf(holding) }, done: done + step.rows }
    if (next) return { cursor: { at: nameOf(next) }, done: done + step.rows }
    await forgetDetails(ctx, known)
    await askSweep(ctx)
    return { cursor, done: done + step.rows, outcome: { changed: done + step.rows }, finished: true }
  },
})

/** Taken up again in one night; who is left over is next. */
const mostTakenUp = 500

/** Every night: whoever's erasure broke off, or waited for what was open, is erased on. */
export async function eraseLeft(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{ id: string; customerId: string }>`select e.id, e.customer_id as "customerId" from customers.erasure e
    where e.tenant_id = ${ctx.tenantId} and e.erased_at is null and e.ready_at is null
      and not exists (select 1 from kernel.run r where r.tenant_id = ${ctx.tenantId} and r.id = e.run_id and r.state in ('waiting', 'running'))
    order by e.id limit ${mostTakenUp} for update of e`.execute(ctx.db)
  for (const { id, customerId } of rows) {
    const runId = await askAsHouse(ctx, erasing, { erasureId: id }, { customerId })
    await sql`update customers.erasure set run_id = ${runId} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  }
}

/** Erasures that are being carried through: each takes a second or so, two at once. */
export async function erasuresGoingOn(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.run
    where tenant_id = ${ctx.tenantId} and kind = ${erasing.kind} and state in ('waiting', 'running')`.execute(ctx.db)
  return rows[0]?.n ?? 0
}

/** What rules could ask about when it changed, tags among it. These facts are not part of the sealed audit. */
const forgetDetails = (ctx: Ctx, { ids }: Known) =>
  sql`update kernel.event set detail = detail - 'was' where tenant_id = ${ctx.tenantId} and customer_id = any(${ids}::uuid[])
    and name = 'customer.changed' and not audit and detail ? 'was'`.execute(ctx.db)
