import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import * as z from 'zod'
import { askAsHouse, oneByOne, run } from '#kernel/runs.ts'
import { sweepSome } from '#kernel/sweeping.ts'
import { dropTakenAlong, isTakenAlongNow } from '#kernel/takenAlong.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerErased } from './events.ts'
import { Known, stillTheirs } from './who.ts'

const Cursor = z.object({
  at: z.object({ table: z.string(), after: z.array(z.string()).nullable() }).nullable(),
  /** All is read; a list that is being taken along is waited for. */
  read: z.boolean(),
  /** Something was passed over because a machine was at it: those people wait for the next look. */
  left: z.boolean().default(false),
})
const kind = 'privacy.sweep'

/** One look through everything is for all who are ready by the time it begins: of a night's people there is one. It is the house's: it outlasts whoever erased them, and what they may. */
export async function askSweep(ctx: Ctx): Promise<void> {
  // None begins meanwhile.
  await oneByOne(ctx)
  const { rows } = await sql`select 1 from kernel.run where tenant_id = ${ctx.tenantId} and kind = ${kind} and state = 'waiting'
    and cursor -> 'at' = 'null' and not (cursor -> 'read')::boolean limit 1`.execute(ctx.db)
  if (rows.length > 0) return
  await askAsHouse(ctx, sweeping, {}, {})
}

/** Whom a look left behind that failed, or that passed something over. */
const isLeft = (ctx: Ctx) => sql`tenant_id = ${ctx.tenantId} and erased_at is null and ready_at is not null
  and (swept_by is null or not exists (select 1 from kernel.run r where r.tenant_id = ${ctx.tenantId} and r.id = erasure.swept_by and r.state in ('waiting', 'running')))`

/** Every night: nobody stays half erased. */
export async function sweepLeft(ctx: Ctx): Promise<void> {
  const { rows } = await sql`select 1 from customers.erasure where ${isLeft(ctx)} limit 1`.execute(ctx.db)
  if (rows.length > 0) await askSweep(ctx)
}

/** What quotes the people who are erased, table after table; then lists that were taken along. With that they are gone. */
export const sweeping = run({
  kind,
  may: 'customer:privacy',
  params: z.object({}),
  cursor: Cursor,
  start: { at: null, read: false, left: false } as z.output<typeof Cursor>,
  outside: async (_, { cursor: { read } }) => {
    if (read) await wait(1000)
  },
  step: async (ctx, { id, cursor, done }) => {
    if (cursor.at === null && !cursor.read) await sql`update customers.erasure set swept_by = ${id} where ${isLeft(ctx)}`.execute(ctx.db)
    const people = await mine(ctx, id)
    if (people.length === 0) return { cursor, done, finished: true }
    if (!cursor.read) {
      const known: Known[] = []
      for (const one of people) known.push(await stillTheirs(ctx, one.known))
      const quoted = { marks: known.flatMap(one => one.marks), names: known.flatMap(one => one.names) }
      const swept = await sweepSome(ctx, quoted, cursor.at)
      const left = cursor.left || swept.left
      if (swept.at) return { cursor: { at: swept.at, read: false, left }, done: done + 1 }
      if (left) return { cursor: { at: null, read: true, left }, done: done + 1, finished: true }
    }
    // None begins meanwhile.
    await oneByOne(ctx)
    if (await isTakenAlongNow(ctx)) return { cursor: { at: null, read: true, left: false }, done }
    const files = await dropTakenAlong(ctx)
    for (const one of people) await over(ctx, one, files)
    return { cursor, done, outcome: { changed: people.length }, finished: true }
  },
})

type Person = { id: string; customerId: string; rows: number; files: number; known: Known }
async function mine(ctx: Ctx, id: string): Promise<Person[]> {
  const { rows } = await sql<Omit<Person, 'known'> & { known: unknown }>`select id, customer_id as "customerId", rows, files, known
    from customers.erasure where tenant_id = ${ctx.tenantId} and swept_by = ${id} and erased_at is null order by id for update`.execute(
    ctx.db,
  )
  return rows.map(row => ({ ...row, known: Known.parse(row.known) }))
}

async function over(ctx: Ctx, { id, customerId, rows, files: own }: Person, taken: number): Promise<void> {
  const files = own + taken
  await sql`update customers.erasure set known = null, erased_at = ${ctx.now}, files = ${files}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  const row = await ctx.db.selectFrom('customers.customer').select('number').where('id', '=', customerId).executeTakeFirstOrThrow()
  await ctx.emit(customerErased, { id: customerId, customerId }, { number: row.number, rows, files })
}
