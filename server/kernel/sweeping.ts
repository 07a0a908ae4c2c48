import { type RawBuilder, sql } from 'kysely'
import { type Holding, holdings, impersonalTables } from './holdings.ts'
import { bigrams } from './search.ts'
import type { Ctx } from './work.ts'

/** What is not a person's but may quote them: their telephone in somebody else's ticket, their name in a note of ours. */
export type Quoted = {
  /** Numbers, addresses and other names nobody else has: taken out of every text. */
  marks: readonly string[]
  /** Taken out of texts that are about no other customer. */
  names: readonly string[]
}
export type Swept = { table: string; after: string[] | null }
/** Where to go on, null when all tables are read; and whether something was passed over because a machine is at it. */
export type Sweeping = { at: Swept | null; left: boolean }

/** Read in one commit. */
const page = 5_000
const instead = '—'

type Sweep = { table: string; live?: string; columns: (all: readonly string[]) => string[]; nobody: (ctx: Ctx) => RawBuilder<unknown> }
/** Every table that holds words of or about customers, and those in which our own people may have written of them, by name. */
function sweeps(): readonly Sweep[] {
  const nobodys = impersonalTables().flatMap(({ words }) => Object.entries(words))
  const of = new Map<string, Sweep>(
    holdings().map(one => [one.table, { table: one.table, live: one.live, columns: all => [...all], nobody: ctx => ofNobody(ctx, one) }]),
  )
  for (const [table, names] of nobodys)
    of.set(table, { table, columns: all => all.filter(name => names.split(' ').includes(name)), nobody: () => sql`true` })
  return [...of.values()].sort((a, b) => (a.table < b.table ? -1 : 1))
}

const ofNobody = ({ tenantId }: Ctx, { whose, ofEvent, forMany }: Holding) =>
  forMany
    ? sql`false`
    : ofEvent
      ? sql`not exists (select 1 from kernel.event e where e.tenant_id = ${tenantId} and e.id = ${sql.raw(`t.${ofEvent}`)} and e.customer_id is not null)`
      : sql`(${whose('t', tenantId, customer => sql<boolean>`${customer} is not null`)}) is not true`

/** Takes the marks out of the next rows. */
export async function sweepSome(ctx: Ctx, quoted: Quoted, at: Swept | null): Promise<Sweeping> {
  const all = sweeps()
  const n = Math.max(
    0,
    all.findIndex(one => one.table === at?.table),
  )
  const one = all[n]
  if (!one || (quoted.marks.length === 0 && quoted.names.length === 0)) return { at: null, left: false }
  const { after, left } = await sweepPage(ctx, one, quoted, at?.after ?? null)
  if (after) return { at: { table: one.table, after }, left }
  const next = all[n + 1]
  return { at: next ? { table: next.table, after: null } : null, left }
}

type Column = { name: string; type: string; key: number | null }
async function columnsOf(ctx: Ctx, table: string): Promise<Column[]> {
  const { rows } =
    await sql<Column>`select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, array_position(i.indkey::int2[], a.attnum) as key
    from pg_attribute a join pg_index i on i.indrelid = a.attrelid and i.indisprimary
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`.execute(ctx.db)
  return rows
}

type PageSwept = { after: string[] | null; left: boolean }
async function sweepPage(
  ctx: Ctx,
  { table, live = 'false', columns, nobody }: Sweep,
  quoted: Quoted,
  after: string[] | null,
): Promise<PageSwept> {
  const all = await columnsOf(ctx, table)
  const keys = all.filter(one => one.key !== null && one.name !== 'tenant_id').sort((a, b) => (a.key ?? 0) - (b.key ?? 0))
  const wordy = columns(all.filter(one => /^(text|jsonb|text\[\])$/.test(one.type) && one.key === null).map(one => one.name))
  if (wordy.length === 0) return { after: null, left: false }
  const key = (alias: string) => sql.raw(keys.map(({ name }) => `${alias}.${name}`).join(', '))
  const marks = patternOf(quoted.marks, bounded)
  const both = patternOf([...quoted.marks, ...quoted.names], bounded)
  const text = sql.raw(`concat_ws(' ', ${wordy.map(name => `t.${name}::text`).join(', ')})`)
  const { rows: read } = await sql<{ key: string[] }>`select array[${sql.raw(keys.map(({ name }) => `t.${name}::text`).join(', '))}] as key
    from ${sql.raw(table)} t where t.tenant_id = ${ctx.tenantId}
    ${after ? sql`and (${key('t')}) > (${sql.join(keys.map(({ type }, n) => sql`${after[n]}::${sql.raw(type)}`))})` : sql``}
    order by ${key('t')} limit ${page}`.execute(ctx.db)
  const last = read.at(-1)?.key
  if (!last) return { after: null, left: false }
  const { rows: passed } = await sql<{
    left: boolean
  }>`with hit as materialized (select ${key('t')}, (${sql.raw(live)}) is true as live from ${sql.raw(table)} t where t.tenant_id = ${ctx.tenantId}
      ${after ? sql`and (${key('t')}) > (${sql.join(keys.map(({ type }, n) => sql`${after[n]}::${sql.raw(type)}`))})` : sql``}
      and (${key('t')}) <= (${sql.join(keys.map(({ type }, n) => sql`${last[n]}::${sql.raw(type)}`))}) and ${text} ~* ${both}),
    known as materialized (select ${key('t')}, ${nobody(ctx)} as nobody from ${sql.raw(table)} t join hit using (${sql.raw(keys.map(({ name }) => name).join(', '))})
      where t.tenant_id = ${ctx.tenantId} and not hit.live),
    changed as (update ${sql.raw(table)} t set ${sql.join([
      ...wordy.map(
        name => sql`${sql.raw(name)} = ${without(all, name, sql`case when k.nobody then ${both}::text else ${marks}::text end`)}`,
      ),
      ...all
        .filter(one => one.type === 'tsvector')
        .map(
          ({ name }) => sql`${sql.raw(name)} = ts_delete(t.${sql.raw(name)}, case when k.nobody
        then ${lexemes([...quoted.marks, ...quoted.names])}::text[] else ${lexemes(quoted.marks)}::text[] end)`,
        ),
      // Whoever has it open sees that it changed; the feed tells it.
      ...all.filter(one => one.name === 'version' && one.type === 'integer').map(() => sql`version = t.version + 1`),
      ...all.filter(one => one.name === 'changed_xid').map(() => sql`changed_xid = pg_current_xact_id()`),
    ])}
    from known k where t.tenant_id = ${ctx.tenantId} and (${key('t')}) = (${key('k')}) and ${text} ~* case when k.nobody then ${both}::text else ${marks}::text end)
    select exists (select 1 from hit where live) as left`.execute(ctx.db)
  return { after: read.length < page ? null : last, left: passed[0]?.left ?? false }
}

/** A column as it is without what the pattern says. A number that stands bare in JSON becomes a number again. */
function without(all: readonly Column[], name: string, pattern: RawBuilder<unknown>): RawBuilder<unknown> {
  const type = all.find(one => one.name === name)?.type ?? 'text'
  if (type !== 'jsonb') return sql`regexp_replace(t.${sql.raw(name)}::text, ${pattern}, ${instead}, 'gi')::${sql.raw(type)}`
  return sql`regexp_replace(regexp_replace(t.${sql.raw(name)}::text, '([:,] |\\[)(?:' || (${pattern}) || ')(?=[],}])', '\\10', 'gi'), ${pattern}, ${instead}, 'gi')::jsonb`
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
/** Not in the middle of a longer number or word. */
function bounded(text: string): string {
  const side = (sign: string | undefined) => (sign && /\d/.test(sign) ? '[0-9]' : sign && /[a-z]/i.test(sign) ? '[A-Za-z0-9]' : null)
  const [before, behind] = [side(text[0]), side(text.at(-1))]
  return `${before ? `(?<!${before})` : ''}${escaped(text)}${behind ? `(?!${behind})` : ''}`
}
/** Longest first: what is part of another is found with it. Matches nothing when there is nothing to find. */
const patternOf = (words: readonly string[], as: (text: string) => string): string =>
  words.length === 0
    ? '(?!)'
    : [...new Set(words)]
        .sort((a, b) => b.length - a.length)
        .map(as)
        .join('|')

/** What full text knows them by; a single sign is nobody's. */
const lexemes = (words: readonly string[]): string[] => [
  ...new Set([...bigrams(...words).matchAll(/'([^']+)'/g)].flatMap(([, lexeme]) => (lexeme && lexeme.length > 1 ? [lexeme] : []))),
]
