import { type RawBuilder, sql } from 'kysely'

/** A person as they are known: every id of theirs, and the values by which they are recognised. */
export type Who = {
  ids: readonly string[]
  /** E.164; nobody else has them, nor the addresses. */
  phones: readonly string[]
  emails: readonly string[]
  /** Numbers and addresses that somebody else has as well: they mean this person beside one of the names. */
  shared: readonly string[]
  called: readonly string[]
  /** Their numbers in our books. */
  numbers: readonly string[]
}

type Is = (customer: RawBuilder<unknown>) => RawBuilder<boolean>
/** Says which rows under `alias` belong to the customers that `is` names. `who` is known when it is about one person. */
export type Way = (alias: string, tenantId: string, is: Is, who?: Who) => RawBuilder<boolean>
const column = (alias: string, name: string) => sql.raw(`${alias}.${name}`)

/** The row says whose it is. */
export const by =
  (name = 'customer_id'): Way =>
  (alias, _, is) =>
    is(column(alias, name))

type Table = `${string}.${string}`
/** The row belongs to a row of another table, or of one of several, which says whose it is. */
export const through =
  (name: string, parents: Table | readonly Table[], up: Way = by(), key = 'id'): Way =>
  (alias, tenantId, is, who) => {
    const theirs = sql.join(
      [parents].flat().map(
        parent => sql`select ${column(`${alias}p`, key)} from ${sql.raw(parent)} ${sql.raw(`${alias}p`)}
          where ${column(`${alias}p`, 'tenant_id')} = ${tenantId} and ${up(`${alias}p`, tenantId, is, who)}`,
      ),
      sql` union all `,
    )
    // Of one person few: looked up first, then found by the index of what hangs on them.
    return who ? sql<boolean>`${column(alias, name)} = any(array(${theirs}))` : sql<boolean>`${column(alias, name)} in (${theirs})`
  }

/** The row holds a value by which the person is known. */
export const known =
  (name: string, by: Exclude<keyof Who, 'ids'>): Way =>
  (alias, _, __, who) =>
    sql<boolean>`${column(alias, name)} = any(${[...(who?.[by] ?? [])]}::text[])`

/** The row names no customer but has a number or address that is the person's alone, or a shared one beside their name. */
export const unclaimed: Way = (alias, _, __, who) =>
  who
    ? sql<boolean>`(${column(alias, 'customer_id')} is null and (${column(alias, 'phone')} = any(${[...who.phones]}::text[])
        or ${column(alias, 'email')} = any(${[...who.emails]}::text[])
        or ${column(alias, 'name')} = any(${[...who.called]}::text[])
          and (${column(alias, 'phone')} = any(${[...who.shared]}::text[]) or ${column(alias, 'email')} = any(${[...who.shared]}::text[]))))`
    : sql<boolean>`false`

export const either =
  (...ways: Way[]): Way =>
  (alias, tenantId, is, who) =>
    sql<boolean>`(${sql.join(
      ways.map(way => way(alias, tenantId, is, who)),
      sql` or `,
    )})`

type Pair = readonly [zh: string, en: string]
export type Holding = {
  table: Table
  name: Pair
  whose: Way
  /** Rows stand under an id, about which things are announced. */
  hasId: boolean
  /** SQL over the row: another id about which things are announced. */
  things?: string
  /** Columns that the person gets to read. */
  export: readonly string[]
  /** What becomes of the rows: they go, or these columns are overwritten (SQL over the row), or they are figures without a person. */
  erase: 'rows' | 'figures' | Readonly<Record<string, string>>
  /** Columns that stay though they could hold words: codes, states, our own people's. */
  stays: readonly string[]
  /** SQL over the row: ids of files that go with it. */
  files?: string
  /** SQL over the row: it is still being worked on, so nobody is erased before. */
  open?: string
  /** SQL over the row: a machine works with it at this moment, so nothing is taken out of it before that is over. */
  live?: string
  /** The kind by which it is kept for a while, and SQL over the row: it is over, so its time runs out. */
  kept?: { as: string; over?: string }
  /** Said to many and about nobody: no name is taken out of it. */
  forMany?: true
  /** The rows announce nothing by themselves but stand under an event of the person. */
  ofEvent?: string
}

const list = (names: string | undefined) => (names ? names.split(/\s+/) : [])

/** One line per table that says something of a customer. `reads`: columns they get to read. */
export const holding = (
  table: Holding['table'],
  name: Pair,
  whose: Way,
  {
    reads,
    erase,
    stays,
    ...rest
  }: {
    things?: string
    reads?: string
    erase: Holding['erase']
    stays?: string
    files?: string
    open?: string
    live?: string
    kept?: Holding['kept']
    forMany?: true
    hasId?: boolean
  },
): Holding => ({ table, name, whose, hasId: true, export: list(reads), erase, stays: list(stays), ...rest })

/** Rows that stand under an event of the person. */
export const ofEvent = (table: Table, name: Pair, event: string, erase: Holding['erase'], { stays = '', reads = '' } = {}): Holding => ({
  table,
  name,
  whose: () => sql<boolean>`false`,
  hasId: false,
  export: list(reads),
  erase,
  stays: list(stays),
  ofEvent: event,
})

/** Tables of a domain that say nothing of any customer, and why. `words`: by table the columns in which our own people may still have written of somebody. */
export type Nothing = { why: string; tables: readonly string[]; words: Readonly<Record<string, string>> }
export const nothingPersonal = (why: string, tables: string, words: Nothing['words'] = {}): Nothing => ({
  why,
  tables: list(tables),
  words,
})

/** What a domain keeps of customers, from its `holdings.ts`. */
export type Holdings = { of: readonly Holding[]; nothing: readonly Nothing[] }

const registered: Holding[] = []
const impersonal: Nothing[] = []
export function registerHoldings(all: readonly Holdings[]): void {
  registered.splice(0, Infinity, ...all.flatMap(one => one.of))
  impersonal.splice(0, Infinity, ...all.flatMap(one => one.nothing))
}
export const holdings = (): readonly Holding[] => registered
export const impersonalTables = (): readonly Nothing[] => impersonal

/** Rows of a holding, called `t`, that are this person's. */
export function theirs(holding: Holding, tenantId: string, who: Who): RawBuilder<boolean> {
  if (holding.ofEvent) return sql<boolean>`${column('t', holding.ofEvent)} = any(array(${eventsOf(tenantId, who)}))`
  return holding.whose('t', tenantId, customer => sql<boolean>`${customer} = any(${[...who.ids]}::uuid[])`, who)
}

/** Every event of the person: those that name them, and those about a thing of theirs. */
export function eventsOf(tenantId: string, who: Who): RawBuilder<unknown> {
  const things = registered
    .filter(one => !one.ofEvent)
    .flatMap(one => [...(one.hasId ? ['t.id'] : []), ...(one.things ? [one.things] : [])].map(id => ({ one, id })))
    .map(
      ({ one, id }) =>
        sql`select ${sql.raw(id)} from ${sql.raw(one.table)} t where t.tenant_id = ${tenantId} and ${theirs(one, tenantId, who)}`,
    )
  const named = sql`select e.id from kernel.event e where e.tenant_id = ${tenantId} and e.customer_id = any(${[...who.ids]}::uuid[])`
  if (things.length === 0) return named
  return sql`${named} union all select e.id from kernel.event e where e.tenant_id = ${tenantId} and e.about = any(array(${sql.join(things, sql` union all `)}))`
}
