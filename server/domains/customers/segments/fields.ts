import { sql } from 'kysely'
import * as z from 'zod'
import type { Field } from '#contract/automation.ts'
import { type FieldKind, type Group, operators, periodOf } from '#contract/conditions.ts'
import type { FieldOffer, Option } from '#kernel/automation.ts'
import type { Ctx } from '#kernel/work.ts'
import { fields as ofTheFile } from '../automation.ts'
import { showsOf } from '../masking/showing.ts'
import { type Behaviour, behaviours, type Sql } from './behaviour.ts'
import { readSteps } from './steps.ts'

/** A field of the file: what stands there, of the customer `c`. `exact`: small letters by the table's own check. */
export type Column = FieldOffer & { at: Sql; exact?: true }
export type Kept = { id: string; name: string; nameEn: string; condition: Group }
/** All that can be asked: read once for whatever is compiled within one work. */
export type Book = {
  columns: ReadonlyMap<string, Column>
  behaviours: ReadonlyMap<string, Behaviour>
  segments: ReadonlyMap<string, Kept>
}

const at: Record<string, Sql> = {
  tier: sql`c.tier`,
  kind: sql`c.kind`,
  tags: sql`c.tags`,
  care: sql`c.care`,
  district: sql`c.district`,
  balanceDue: sql`c.balance_due`,
  owner: sql`c.owner_id::text`,
  since: sql`c.since`,
  lastContactAt: sql`c.last_contact_at`,
}
const more: readonly Column[] = [
  { key: 'number', kind: 'text', name: '户号', nameEn: 'Number', at: sql`c.number` },
  { key: 'name', kind: 'text', name: '姓名', nameEn: 'Name', at: sql`c.name` },
  { key: 'address', kind: 'text', name: '地址', nameEn: 'Address', at: sql`c.address` },
  { key: 'postCode', kind: 'text', name: '邮编', nameEn: 'Post code', at: sql`c.post_code` },
]
const exact = ['tier', 'kind', 'care']

/** What a value of the organisation's own field is, whatever stands in the file: what is of another type is nothing. */
const Own = z.object({
  label: z.string(),
  labelEn: z.string().default(''),
  type: z.enum(['text', 'number', 'choice', 'date', 'yesno']),
  options: z.array(z.object({ value: z.string(), label: z.string(), labelEn: z.string().default('') })).default([]),
})
type Own = z.output<typeof Own>
const kinds = { text: 'text', number: 'number', choice: 'choice', date: 'time', yesno: 'yesno' } as const
const typed = (type: 'string' | 'number' | 'boolean', key: string, value: Sql): Sql =>
  sql`case when jsonb_typeof(c.fields -> ${key}::text) = ${sql.lit(type)} then ${value} end`
function ownAt({ type }: Own, key: string): Sql {
  const text = sql`(c.fields ->> ${key}::text)`
  if (type === 'number') return typed('number', key, sql`${text}::float8`)
  if (type === 'yesno') return typed('boolean', key, sql`${text}::boolean`)
  if (type === 'date')
    // No cast of what may be no day: it would break off the whole count. PostgreSQL 15 has nothing to ask beforehand.
    return sql`case when ${text} ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' then
      case when right(${text}, 2)::int <= extract(day from (left(${text}, 7) || '-01')::date + interval '1 month - 1 day') then ${text}::date::timestamp at time zone 'UTC' end end`
  return typed('string', key, text)
}

/** Of own fields those that everybody sees: a count by any other would tell what it says. */
export async function readBook(ctx: Ctx): Promise<Book> {
  const { rows: own } = await sql<{ key: string; field: unknown }>`select key, field from customers.own_field
    where tenant_id = ${ctx.tenantId} and not retired and coalesce(jsonb_array_length(field -> 'seenBy'), 0) = 0 order by position, id`.execute(
    ctx.db,
  )
  const { rows: segments } = await sql<Kept>`select id, name, name_en as "nameEn", condition from customers.segment
    where tenant_id = ${ctx.tenantId} and not retired order by name, id`.execute(ctx.db)
  const stages = await readSteps(ctx, 'stage')
  const columns: Column[] = [
    ...ofTheFile.flatMap(field => {
      const value = at[field.key]
      return value ? [{ ...field, at: value, ...(exact.includes(field.key) ? { exact: true as const } : {}) }] : []
    }),
    {
      key: 'stage',
      kind: 'choice',
      name: '阶段',
      nameEn: 'Stage',
      at: sql`c.stage`,
      options: stages.map(({ key, name, nameEn }) => ({ value: key, name, nameEn })),
    },
    ...more,
    ...own.flatMap(({ key, field }): Column[] => {
      const read = Own.safeParse(field)
      if (!read.success) return []
      const { label, labelEn, type, options } = read.data
      return [
        {
          key: `own.${key}`,
          kind: kinds[type],
          name: label,
          nameEn: labelEn,
          at: ownAt(read.data, key),
          ...(type === 'choice' ? { options: options.map(o => ({ value: o.value, name: o.label, nameEn: o.labelEn })) } : {}),
        },
      ]
    }),
  ]
  return {
    columns: new Map(columns.map(c => [c.key, c])),
    behaviours: new Map(behaviours.map(b => [b.key, b])),
    segments: new Map(segments.map(s => [s.id, s])),
  }
}

/** Whether somebody may ask about a field: a count by what one does not read in full spells out what it says. What was saved by those who may is asked for everybody. */
export async function mayAsk(ctx: Ctx): Promise<(column: Column) => boolean> {
  const shows = await showsOf(ctx)
  return ({ key, kind }) => {
    if (key === 'address') return shows('address') === 'shown'
    // Of a masked address it stands in full.
    if (key === 'postCode') return shows('address') !== 'hidden'
    return !(key.startsWith('own.') && kind === 'text') || shows(key) === 'shown'
  }
}

/** A list of customers knows no before and no working hours; and whether one is in any segment would turn on itself. */
const past = ['changed', 'changedTo', 'changedFrom', 'inHours', 'outOfHours', 'dueWithin']
export const opsOf = (key: string, kind: FieldKind): string[] =>
  key === 'segments' ? ['hasAny', 'hasAll', 'hasNone'] : operators[kind].filter(op => !past.includes(op))

export const segmentOptions = (book: Book): Option[] =>
  [...book.segments.values()].map(({ id, name, nameEn }) => ({ value: id, name, nameEn }))
export const segmentsField: FieldOffer = { key: 'segments', kind: 'tags', name: '所在分群', nameEn: 'Segments' }

export async function offeredFields(ctx: Ctx): Promise<Field[]> {
  const [book, may] = await Promise.all([readBook(ctx), mayAsk(ctx)])
  const offer = async ({ key, kind, name, nameEn, options, money }: FieldOffer, period?: boolean): Promise<Field> => ({
    key,
    kind,
    name,
    nameEn,
    options: options ? [...(typeof options === 'function' ? await options(ctx) : options)] : null,
    ops: opsOf(key, kind),
    ...(period ? { period } : {}),
    ...(money ? { money } : {}),
  })
  return Promise.all([
    ...[...book.columns.values()].filter(may).map(c => offer(c)),
    ...[...book.behaviours.values()].map(b => offer(b, b.period)),
    offer({ ...segmentsField, options: segmentOptions(book) }),
  ])
}

/** What a field is called, whatever period it is asked about; of an unknown one nothing. */
export function namedIn({ columns, behaviours }: Book, asked: string): { name: string; nameEn: string } {
  const field = asked === segmentsField.key ? segmentsField : (behaviours.get(periodOf(asked).base) ?? columns.get(asked))
  return { name: field?.name ?? '', nameEn: field?.nameEn ?? '' }
}
