import { sql } from 'kysely'
import { type ConditionFault, conditionFault, type FieldKind, type Group, type Leaf, leavesOf, periodOf } from '#contract/conditions.ts'
import { mostDays } from '#contract/segments.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { checkAskable, fieldsAsked, isRefused, mostAsked, naming, weigh, wordsOf } from './askable.ts'
import type { Behaviour, Sql } from './behaviour.ts'
import { type Book, type Column, mayAsk, namedIn, opsOf, readBook } from './fields.ts'
import { readSteps } from './steps.ts'

const day = 86_400_000
/** `all`: behaviour is summed once for everybody. `few`: it is looked up for each of the customers at hand. */
export type Reach = 'all' | 'few'
export type Compiled = { joins: Sql; wheres: Sql[] }

const isLeaf = (node: Leaf | Group): node is Leaf => 'field' in node
const nothing = sql`false`
const everything = sql`true`
const either = (parts: readonly Sql[]): Sql => (parts.length === 0 ? nothing : sql`(${sql.join(parts, sql` or `)})`)
const both = (parts: readonly Sql[]): Sql => (parts.length === 0 ? everything : sql`(${sql.join(parts, sql` and `)})`)
const not = (part: Sql): Sql => sql`(not ${part})`

/** Conditions as predicates over `customers.customer c`: what `judge` says of the same fields, never null. */
export function compile(ctx: Ctx, book: Book, roots: readonly Group[], reach: Reach): Compiled {
  for (const root of roots) checkAskable(book, root)
  const joins = new Map<string, { join: Sql; value: Sql }>()
  const group = (node: Leaf | Group): Sql => {
    if (isLeaf(node)) return leaf(node)
    const parts = node.of.map(group)
    return node.match === 'all' ? both(parts) : node.match === 'any' ? either(parts) : not(either(parts))
  }
  const leaf = (one: Leaf): Sql => {
    if (one.field === 'segments') return inSegments(one)
    const { base, days } = periodOf(one.field)
    const behaviour = book.behaviours.get(base)
    if (behaviour) return ofColumn(ctx, one, { ...behaviour, at: measured(one.field, behaviour, days) })
    const column = book.columns.get(one.field)
    return column ? ofColumn(ctx, one, column) : nothing
  }
  const inSegments = ({ op, value }: Leaf): Sql => {
    const parts = wordsOf(value).map(id => {
      const segment = book.segments.get(id)
      return segment ? group(segment.condition) : nothing
    })
    if (op === 'hasAll') return parts.length === 0 ? nothing : both(parts)
    return op === 'hasNone' ? not(either(parts)) : op === 'hasAny' ? either(parts) : nothing
  }
  const measured = (key: string, behaviour: Behaviour, days: number | null): Sql => {
    const known = joins.get(key)
    if (known) return known.value
    const as = sql.ref(`b${joins.size}`)
    const value = behaviour.none === null ? sql`${as}.v` : sql`coalesce(${as}.v, ${sql.lit(behaviour.none)})`
    joins.set(key, { join: joined(ctx, behaviour, days, as, reach), value })
    return value
  }
  const wheres = roots.map(group)
  return {
    joins: sql.join(
      [...joins.values()].map(j => j.join),
      sql` `,
    ),
    wheres,
  }
}

function joined(ctx: Ctx, { from, where, value }: Behaviour, days: number | null, as: Sql, reach: Reach): Sql {
  const zone = sql`(select o.timezone from identity.fact_tenant o where o.tenant_id = ${ctx.tenantId})`
  const today = sql`(${ctx.now}::timestamptz at time zone ${zone})::date`
  const window = { now: ctx.now, since: new Date(ctx.now.getTime() - (days ?? 0) * day), days: days ?? 0, today, zone }
  const rows = where(window)
  const sum = value(window)
  return reach === 'all'
    ? sql`left join (select coalesce(m.merged_into, f.customer_id) as id, ${sum} as v from ${from} f
        left join customers.customer m on m.tenant_id = ${ctx.tenantId} and m.id = f.customer_id and m.merged_into is not null
        where f.tenant_id = ${ctx.tenantId} and f.customer_id is not null and ${rows} group by 1) ${as} on ${as}.id = c.id`
    : sql`left join lateral (select ${sum} as v from ${from} f where f.tenant_id = ${ctx.tenantId} and f.customer_id = any(array(
        select c.id union all select m.id from customers.customer m where m.tenant_id = ${ctx.tenantId} and m.merged_into = c.id)) and ${rows}) ${as} on true`
}

const like = (word: string) => word.replace(/[\\%_]/g, found => `\\${found}`)
const plainly = (at: Sql) => sql`customers.plain(${at})`

function ofColumn(ctx: Ctx, one: Leaf, { kind, at, exact }: Column): Sql {
  switch (kind) {
    case 'number':
      return ofNumber(one, at)
    case 'time':
      return ofTime(ctx, one, at)
    case 'tags':
      return ofTags(one, exact ? at : sql`array(select customers.plain(t) from unnest(${at}) t)`)
    case 'yesno':
      return one.op === 'yes' ? sql`(${at} is true)` : one.op === 'no' ? sql`(${at} is not true)` : nothing
    default:
      return ofText(one, sql`coalesce(${at}, '')`, exact === true)
  }
}

function ofText({ op, value }: Leaf, at: Sql, exact: boolean): Sql {
  const words = wordsOf(value)
  const said = exact ? at : plainly(at)
  const patterns = (around: (word: string) => string) => words.filter(word => word !== '').map(word => around(like(word)))
  const oneOf = sql`(${at} <> '' and ${said} = any(${words}::text[]))`
  const holdsWord = sql`(${said} like any(${patterns(word => `%${word}%`)}::text[]))`
  switch (op) {
    case 'is':
    case 'equals':
      return oneOf
    case 'isNot':
      return not(oneOf)
    case 'contains':
      return holdsWord
    case 'lacks':
      return not(holdsWord)
    case 'starts':
      return sql`(${said} like any(${patterns(word => `${word}%`)}::text[]))`
    case 'empty':
      return sql`(${at} = '')`
    case 'filled':
      return sql`(${at} <> '')`
    default:
      return nothing
  }
}

function ofNumber({ op, value }: Leaf, at: Sql): Sql {
  if (op === 'empty') return sql`(${at} is null)`
  if (op === 'filled') return sql`(${at} is not null)`
  if (typeof value !== 'number') return nothing
  if (op === 'atLeast') return sql`coalesce(${at}::float8 >= ${value}::float8, false)`
  return op === 'atMost' ? sql`coalesce(${at}::float8 <= ${value}::float8, false)` : nothing
}

function ofTime(ctx: Ctx, { op, value }: Leaf, at: Sql): Sql {
  if (op === 'empty') return sql`(${at} is null)`
  if (op === 'filled') return sql`(${at} is not null)`
  if (op === 'before' || op === 'after') {
    const when = Date.parse(Array.isArray(value) ? (value[0] ?? '') : '')
    if (Number.isNaN(when)) return nothing
    return op === 'before' ? sql`coalesce(${at} < ${new Date(when)}, false)` : sql`coalesce(${at} > ${new Date(when)}, false)`
  }
  if (typeof value !== 'object' || value === null || !('minutes' in value)) return nothing
  const then = new Date(ctx.now.getTime() - value.minutes * 60_000)
  if (op === 'olderThan') return sql`coalesce(${at} < ${then}, false)`
  return op === 'newerThan' ? sql`coalesce(${at} >= ${then}, false)` : nothing
}

function ofTags({ op, value }: Leaf, at: Sql): Sql {
  const words = sql`${wordsOf(value)}::text[]`
  switch (op) {
    case 'hasAny':
      return sql`(${at} && ${words})`
    case 'hasAll':
      return wordsOf(value).length === 0 ? nothing : sql`(${at} @> ${words})`
    case 'hasNone':
      return sql`(not ${at} && ${words})`
    case 'empty':
      return sql`(cardinality(${at}) = 0)`
    case 'filled':
      return sql`(cardinality(${at}) > 0)`
    default:
      return nothing
  }
}

/** Who is in it: ids of customers that are read by themselves; one merged into another is in no segment. */
export const membersSql = (ctx: Ctx, { joins, wheres }: Compiled): Sql => sql`select c.id from customers.customer c ${joins}
  where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.erased_at is null and ${both(wheres)}`

const kindOf =
  (book: Book) =>
  (field: string): FieldKind | undefined => {
    if (field === 'segments') return 'tags'
    const { base, days } = periodOf(field)
    const behaviour = book.behaviours.get(base)
    if (behaviour)
      return (days !== null) === behaviour.period && (days === null || (days >= 1 && days <= mostDays)) ? behaviour.kind : undefined
    return book.columns.get(field)?.kind
  }

/** Refused with words: an unknown field, one that whoever asks does not read in full, what cannot be asked of a list of customers, a circle of segments. `self`: the segment being written. */
export async function checkCondition(ctx: Ctx, condition: Group, self: string | null): Promise<Book> {
  const [book, may] = await Promise.all([readBook(ctx), mayAsk(ctx)])
  const kinds = kindOf(book)
  const fault = conditionFault(condition, kinds)
  const wrong = ({ field, reason }: ConditionFault) =>
    new Refusal('invalid', 'segment.condition_wrong', { field, reason, ...namedIn(book, field) })
  if (fault) throw wrong(fault)
  for (const { field, op, value } of leavesOf(condition)) {
    const column = book.columns.get(field)
    if (column && !may(column)) throw new Refusal('forbidden', 'segment.field_closed', { name: column.name, nameEn: column.nameEn })
    const isWorking = typeof value === 'object' && value !== null && 'working' in value && value.working
    if (isWorking || !opsOf(field, kinds(field) ?? 'text').includes(op)) throw wrong({ field, reason: 'operator' })
    if (field === 'segments') for (const id of wordsOf(value)) if (!book.segments.has(id)) throw wrong({ field, reason: 'value' })
  }
  const before = self === null ? undefined : book.segments.get(self)
  const written = before && self !== null ? new Map(book.segments).set(self, { ...before, condition }) : book.segments
  const next = { ...book, segments: written }
  checkAskable(next, before && self !== null ? naming(self) : condition)
  if (self !== null) await checkUsers(ctx, next, self)
  return next
}

/** What it asks, whoever names it asks too: none of them is made too long by this one. */
async function checkUsers(ctx: Ctx, book: Book, self: string): Promise<void> {
  const steps = [...(await readSteps(ctx, 'tier')), ...(await readSteps(ctx, 'stage'))]
  for (const { name, nameEn, condition } of [...book.segments.values(), ...steps])
    if (condition !== null && fieldsAsked(book, condition).has(self) && isRefused(() => weigh(book, condition)))
      throw new Refusal('conflict', 'segment.too_deep_in', { most: mostAsked, name, nameEn })
}
