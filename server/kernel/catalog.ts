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

type Row = Record<string, unknown> & { id: string; retired: boolean }
type Catalog = { list: Endpoint; add: Endpoint; change: Endpoint; retire: Endpoint; shape: z.ZodObject }

const snake = (key: string) => key.replace(/[A-Z]/g, c => `_${c.toLowerCase()}`)
/** Objects and arrays go to jsonb columns as text. */
const stored = (value: unknown) => (typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value)

/** A list of names and settings without behaviour: list, add, change, retire. Takes no hook and no flag, ever; a catalog that needs a rule graduates. */
export function serveCatalog(door: Door, catalog: Catalog, table: `${string}.${string}`): void {
  const keys = Object.keys(catalog.shape.shape)
  const at = sql.table(table)
  const columns = sql.join([sql`id`, sql`retired`, ...keys.map(k => sql.ref(snake(k)))])
  const one = async (ctx: Ctx, id: string): Promise<Row> => {
    const { rows } = await sql<Row>`select ${columns} from ${at} where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
      ctx.db,
    )
    return found(rows[0], 'catalog', id)
  }
  const told = async (ctx: Ctx, act: z.output<typeof catalogChanged.detail>['act'], row: Row, changes: Difference) => {
    await ctx.emit(catalogChanged, { id: row.id }, { table, act, name: String(row.name ?? row.shortcut ?? row.key ?? ''), changes })
    return row
  }
  const order = keys.includes('position') ? sql`position, id` : sql`id`
  serve(
    door,
    { list: catalog.list, add: catalog.add, change: catalog.change, retire: catalog.retire },
    {
      list: async (ctx, { query }) => {
        const withRetired = z.object({ retired: z.boolean().optional() }).optional().parse(query)?.retired === true
        const { rows } =
          await sql<Row>`select ${columns} from ${at} where tenant_id = ${ctx.tenantId} ${withRetired ? sql`` : sql`and not retired`} order by ${order}`.execute(
            ctx.db,
          )
        return rows
      },
      add: async (ctx, { body }) => {
        const values = catalog.shape.parse(body)
        const id = newId()
        const { rows } = await sql<Row>`insert into ${at} (tenant_id, id, ${sql.join(keys.map(k => sql.ref(snake(k))))})
        values (${ctx.tenantId}, ${id}, ${sql.join(keys.map(k => stored(values[k])))}) returning ${columns}`
          .execute(ctx.db)
          .catch(taken)
        const row = found(rows[0], 'catalog', id)
        return told(ctx, 'added', row, differenceOf({}, row, keys))
      },
      change: async (ctx, { body, ...params }) => {
        const id = idOf(params)
        const before = await one(ctx, id)
        // Only keys that were sent: a partial schema with defaults would otherwise reset the rest.
        const sent = z.record(z.string(), z.unknown()).parse(body)
        const changes = keys.filter(k => sent[k] !== undefined)
        if (changes.length > 0)
          await sql`update ${at} set ${sql.join(changes.map(k => sql`${sql.ref(snake(k))} = ${stored(sent[k])}`))} where tenant_id = ${ctx.tenantId} and id = ${id}`
            .execute(ctx.db)
            .catch(taken)
        const row = await one(ctx, id)
        return told(ctx, 'changed', row, differenceOf(before, row, keys))
      },
      retire: async (ctx, { body, ...params }) => {
        const id = idOf(params)
        const { retired } = z.object({ retired: z.boolean() }).parse(body)
        await one(ctx, id)
        await sql`update ${at} set retired = ${retired} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
        return told(ctx, retired ? 'retired' : 'restored', await one(ctx, id), {})
      },
    },
  )
}

const idOf = (params: unknown): string => z.object({ id: Id }).parse(params).id

/** A unique index of the table said no. */
function taken(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505') throw new Refusal('conflict', 'catalog.taken')
  if (error instanceof Error && 'code' in error && error.code === '23503') throw new Refusal('invalid', 'catalog.unknown_reference')
  throw error
}
