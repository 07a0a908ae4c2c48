import { sql } from 'kysely'
import * as z from 'zod'
import { type Endpoint, Id } from '#contract/endpoint.ts'
import { Difference as Changes, type Difference, differenceOf } from './difference.ts'
import { audited } from './events.ts'
import { newId } from './ids.ts'
import { found, Refusal } from './refusal.ts'
import { type Door, serve } from './serve.ts'
import type { Ctx } from './work.ts'

export const catalogChanged = audited(
  'catalog.changed',
  z.object({
    table: z.string(),
    act: z.enum(['added', 'changed', 'retired', 'restored']),
    name: z.string(),
    changes: Changes.optional(),
  }),
  'signed:in',
)

type Row = Record<string, unknown> & { id: string; retired: boolean; edition: string }
type Catalog = { list: Endpoint; add: Endpoint; change: Endpoint; retire: Endpoint; shape: z.ZodObject }

const snake = (key: string) => key.replace(/[A-Z]/g, c => `_${c.toLowerCase()}`)
/** Objects and arrays go to jsonb columns as text. */
const stored = (value: unknown) => (typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value)

/** A catalog of the contract carries its shape too; these are served by whoever writes them by hand. */
export const endpointsOf = <L, A, C, R>({ list, add, change, retire }: { list: L; add: A; change: C; retire: R }) => ({
  list,
  add,
  change,
  retire,
})

/** The four statements of a catalog, each announcing what it did. A catalog that needs a rule graduates: its domain writes the four endpoints and calls these beside its rule. */
export function catalogVerbs<S extends z.ZodObject>(catalog: { shape: S }, table: `${string}.${string}`) {
  // The columns are the keys of the shape, and what stands in them went through it.
  type Kept = z.output<S> & { id: string; retired: boolean; edition: string }
  const keys = Object.keys(catalog.shape.shape)
  const at = sql.table(table)
  const said = sql.join([sql`id`, sql`retired`, ...keys.map(k => sql.ref(snake(k)))])
  const columns = sql`${said}, md5(row(${said})::text) as edition`
  const order = keys.includes('position') ? sql`position, id` : sql`id`
  const one = async (ctx: Ctx, id: string): Promise<Kept & Row> => {
    const { rows } = await sql<
      Kept & Row
    >`select ${columns} from ${at} where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.db)
    return found(rows[0], 'catalog', id)
  }
  const told = async (
    ctx: Ctx,
    act: z.output<typeof catalogChanged.detail>['act'],
    row: Kept & Row,
    changes: Difference,
  ): Promise<Kept> => {
    await ctx.emit(catalogChanged, { id: row.id }, { table, act, name: String(row.name ?? row.shortcut ?? row.key ?? ''), changes })
    return row
  }
  return {
    /** Locked. */
    one: one as (ctx: Ctx, id: string) => Promise<Kept>,
    list: async (ctx: Ctx, withRetired: boolean): Promise<Kept[]> => {
      const { rows } =
        await sql<Kept>`select ${columns} from ${at} where tenant_id = ${ctx.tenantId} ${withRetired ? sql`` : sql`and not retired`} order by ${order}`.execute(
          ctx.db,
        )
      return rows
    },
    add: async (ctx: Ctx, given: z.output<S>): Promise<Kept> => {
      const values: Record<string, unknown> = { ...given }
      const id = newId()
      await sql`insert into ${at} (tenant_id, id, ${sql.join(keys.map(k => sql.ref(snake(k))))})
        values (${ctx.tenantId}, ${id}, ${sql.join(keys.map(k => stored(values[k])))})`
        .execute(ctx.db)
        .catch(taken)
      const row = await one(ctx, id)
      return told(ctx, 'added', row, differenceOf({}, row, keys))
    },
    /** With the edition that was read: refused where the row says something else by now. */
    change: async (ctx: Ctx, id: string, given: Partial<z.output<S>> & { edition?: string | undefined }): Promise<Kept> => {
      const before = await one(ctx, id)
      if (given.edition !== undefined && given.edition !== before.edition) throw new Refusal('conflict', 'catalog.changed_meanwhile')
      // Only keys that were sent: a partial schema with defaults would otherwise reset the rest.
      const sent: Record<string, unknown> = { ...given }
      const changes = keys.filter(k => sent[k] !== undefined)
      if (changes.length > 0)
        await sql`update ${at} set ${sql.join(changes.map(k => sql`${sql.ref(snake(k))} = ${stored(sent[k])}`))} where tenant_id = ${ctx.tenantId} and id = ${id}`
          .execute(ctx.db)
          .catch(taken)
      const row = await one(ctx, id)
      return told(ctx, 'changed', row, differenceOf(before, row, keys))
    },
    retire: async (ctx: Ctx, id: string, retired: boolean): Promise<Kept> => {
      await one(ctx, id)
      await sql`update ${at} set retired = ${retired} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db).catch(taken)
      return told(ctx, retired ? 'retired' : 'restored', await one(ctx, id), {})
    },
  }
}

/** A list of names and settings without behaviour: list, add, change, retire. Takes no hook and no flag, ever; a catalog that needs a rule graduates. */
export function serveCatalog(door: Door, catalog: Catalog, table: `${string}.${string}`): void {
  const verbs = catalogVerbs(catalog, table)
  serve(door, endpointsOf(catalog), {
    list: (ctx, { query }) => verbs.list(ctx, z.object({ retired: z.boolean().optional() }).optional().parse(query)?.retired === true),
    add: (ctx, { body }) => verbs.add(ctx, catalog.shape.parse(body)),
    change: (ctx, { body, ...params }) => verbs.change(ctx, idOf(params), z.record(z.string(), z.unknown()).parse(body)),
    retire: (ctx, { body, ...params }) => verbs.retire(ctx, idOf(params), z.object({ retired: z.boolean() }).parse(body).retired),
  })
}

const idOf = (params: unknown): string => z.object({ id: Id }).parse(params).id

/** A unique index of the table said no. */
function taken(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505') throw new Refusal('conflict', 'catalog.taken')
  if (error instanceof Error && 'code' in error && error.code === '23503') throw new Refusal('invalid', 'catalog.unknown_reference')
  throw error
}
