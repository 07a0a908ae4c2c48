import { sql } from 'kysely'
import type { NeedItem } from '#contract/needs.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { type Changed, knownBy, type Plan } from '#kernel/batch.ts'
import { familiesOf } from '#kernel/family.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { mine } from './actions.ts'
import { type Around, changedIn, type Saying, type State } from './deciding.ts'
import { needCaptured, needChanged, needVoiced } from './events.ts'
import { visibleNeeds } from './queries.ts'
import { lockNeeds } from './voices.ts'

export async function around(ctx: Ctx, items: readonly NeedItem[]): Promise<Around> {
  const templates = await ctx.db.selectFrom('needs.template').selectAll().orderBy('position').orderBy('id').execute()
  const { rows } = await sql<{ id: string }>`
    select d.id from identity.fact_department d where d.tenant_id = ${ctx.tenantId} and d.id = any(${items.flatMap(item => item.departmentId ?? [])}::uuid[])
    union all select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = any(${items.flatMap(item => item.ownerId ?? [])}::uuid[]) and not p.retired`.execute(
    ctx.db,
  )
  const known = new Set(rows.map(row => row.id))
  return { templates, departments: known, people: known }
}

export type Known = Awaited<ReturnType<typeof knownTo>>

/** Whatever the items could mean and what that was merged into, locked; each way of naming one by its own index. */
export async function knownTo(ctx: Ctx, items: readonly NeedItem[]) {
  const { rows: found } = await sql<{ id: string; into: string | null }>`
    select id, merged_into as "into" from needs.need where tenant_id = ${ctx.tenantId} and id = any(${items.flatMap(item => item.id ?? [])}::uuid[])
    union select id, merged_into from needs.need where tenant_id = ${ctx.tenantId} and ext_id = any(${items.flatMap(item => item.extId ?? [])}::text[])`.execute(
    ctx.db,
  )
  const ids = new Set(found.flatMap(({ id, into }) => [id, into ?? id]))
  const those = sql<boolean>`n.id = any(${[...ids]}::uuid[])`
  if (ids.size > 0) await lockNeeds(ctx, [...ids])
  const columns = ['n.id', 'n.extId', 'n.title', 'n.text', 'n.templateId', 'n.fields', 'n.departmentId', 'n.ownerId', 'n.mergedInto', 'n.version'] as const // biome-ignore format: short
  const rows = ids.size === 0 ? [] : await ctx.db.selectFrom('needs.need as n').select(columns).where(those).execute()
  const mayWrite = ids.size === 0 ? [] : await visibleNeeds(ctx, 'need:write').select('n.id').where(those).execute()
  const reached = new Set(mayWrite.map(row => row.id))
  const there = rows.map(row => ({
    state: { ...row, said: [] },
    reached: reached.has(row.id),
    /** What it is read as is locked too. */
    settled: row.mergedInto === null || ids.has(row.mergedInto),
  }))
  const known = knownBy<'ext', State, Omit<(typeof there)[number], 'state'>>(
    there,
    () => ({ reached: true, settled: true }),
    ['ext'],
    (_, { extId }) => extId,
  )
  const { rows: merged } = await sql<{ id: string; into: string }>`select id, merged_into as "into" from needs.need
    where tenant_id = ${ctx.tenantId} and merged_into = any(${[...ids]}::uuid[])`.execute(ctx.db)
  const parts = new Map([...Map.groupBy(merged, row => row.into)].map(([into, rows]) => [into, rows.map(row => row.id)]))
  const meant = ({ id, extId }: NeedItem) => (id ? known.by('id', id) : extId ? known.by('ext', extId) : undefined)
  return { parts, meant, ...known }
}

export type Voices = Awaited<ReturnType<typeof heardFrom>>

/** What whoever an item names said for its need before, or whoever left just these words and no name: each looked up by its keys. */
export async function heardFrom(ctx: Ctx, known: Known, items: readonly NeedItem[], files: (item: NeedItem) => string | undefined) {
  const stands = new Map<string, Saying>()
  const keyOf = (needId: string, whose: string | null, words: string) => `${needId} ${whose ?? `: ${words}`}`
  const keep = (saying: Saying) => {
    stands.set(keyOf(saying.needId, saying.whose, saying.words), saying)
    return saying
  }
  const families = await familiesOf(ctx, [...new Set(items.flatMap(item => files(item) ?? []))])
  const keptOf = new Map(families.map(({ id, keptId }) => [id, keptId]))
  const aliases = Map.groupBy(families, row => row.keptId)
  const named: { into: string; need: string; whose: string }[] = []
  const nameless: { into: string; need: string; words: string }[] = []
  for (const item of items) {
    const state = known.meant(item)?.state
    const into = state?.mergedInto ?? state?.id
    const whose = files(item)
    for (const need of into ? [into, ...(known.parts.get(into) ?? [])] : [])
      if (into && whose) named.push(...(aliases.get(whose) ?? [{ id: whose }]).map(({ id }) => ({ into, need, whose: id })))
      else if (into && item.words) nameless.push({ into, need, words: item.words })
  }
  const { rows } = await sql<Saying>`
    select v.id, x.into_id as "needId", v.customer_id as whose, v.words, false as "isNew"
      from unnest(${named.map(one => one.into)}::uuid[], ${named.map(one => one.need)}::uuid[], ${named.map(one => one.whose)}::uuid[]) as x(into_id, need_id, customer_id)
      join needs.voice v on v.tenant_id = ${ctx.tenantId} and v.need_id = x.need_id and v.customer_id = x.customer_id
    union select v.id, x.into_id, v.customer_id, v.words, false
      from unnest(${nameless.map(one => one.into)}::uuid[], ${nameless.map(one => one.need)}::uuid[], ${nameless.map(one => one.words)}::text[]) as x(into_id, need_id, words)
      join needs.voice v on v.tenant_id = ${ctx.tenantId} and v.need_id = x.need_id and v.customer_id is null and v.words = x.words
    order by id desc`.execute(ctx.db)
  // Of several the first counts, as where one speaks alone.
  for (const row of rows) keep({ ...row, whose: row.whose && (keptOf.get(row.whose) ?? row.whose) })
  return { keep, of: (needId: string, whose: string | null, words: string) => stands.get(keyOf(needId, whose, words)) }
}

const shape = sql.raw(
  'x(id uuid, ext_id text, title text, text text, template_id uuid, fields jsonb, department_id uuid, owner_id uuid, search text)',
)
const asJson = (states: readonly State[]) =>
  JSON.stringify(
    states.map(({ id, extId, title, text, templateId, fields, departmentId, ownerId }) => ({
      ...{ id, title, text, fields, ext_id: extId, template_id: templateId, department_id: departmentId, owner_id: ownerId },
      search: bigrams(title, text),
    })),
  )

/** A key that sees only its own finds again what it brought. */
const openedBy = (ctx: Ctx) => (ctx.actor.kind === 'user' && scopeOf(ctx.actor, 'need:write') !== 'all' ? ctx.actor.id : mine(ctx))

/** Which of them came in. */
export async function bring(ctx: Ctx, states: readonly State[]): Promise<ReadonlySet<string>> {
  if (states.length === 0) return new Set()
  const { rows } = await sql<{
    id: string
  }>`insert into needs.need (tenant_id, id, ext_id, title, text, template_id, fields, state, department_id, owner_id, opened_at, opened_by_id, changed_at, search)
    select ${ctx.tenantId}, x.id, x.ext_id, x.title, x.text, x.template_id, x.fields, 'heard', x.department_id, x.owner_id, ${ctx.now}::timestamptz,
      ${openedBy(ctx)}::uuid, ${ctx.now}::timestamptz, x.search::tsvector
    from json_to_recordset(${asJson(states)}::json) as ${shape} on conflict do nothing returning id`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}

/** A voice alone makes no other version of a need: nobody's change is refused for it. */
const isReworded = ({ before, after }: Changed<State>) => changedIn(before, after).length > 0

export async function rewrite(ctx: Ctx, changed: readonly Changed<State>[]): Promise<void> {
  const states = changed.filter(isReworded).map(plan => plan.after)
  if (states.length === 0) return
  await sql`update needs.need n set ext_id = x.ext_id, title = x.title, text = x.text, fields = x.fields, department_id = x.department_id, owner_id = x.owner_id,
      search = x.search::tsvector, changed_at = ${ctx.now}::timestamptz, version = n.version + 1, changed_xid = ${thisTransaction}
    from json_to_recordset(${asJson(states)}::json) as ${shape} where n.tenant_id = ${ctx.tenantId} and n.id = x.id`.execute(ctx.db)
}

/** Writes who said it, counts them, and returns those who had not said it before, with how many say so now. */
export async function speak(ctx: Ctx, plans: readonly Plan<State>[]): Promise<(Saying & { count: number })[]> {
  const last = new Map(plans.flatMap(({ after }) => after.said).map(saying => [saying.id, saying]))
  const voices = [...last.values()].map(({ id, needId, whose, words, isNew }) => ({
    id,
    need_id: needId,
    customer_id: whose,
    words,
    isNew,
  }))
  const fresh = voices.filter(voice => voice.isNew)
  const again = voices.filter(voice => !voice.isNew)
  const shape = sql.raw('x(id uuid, need_id uuid, customer_id uuid, words text)')
  if (again.length > 0)
    await sql`update needs.voice v set words = x.words from json_to_recordset(${JSON.stringify(again)}::json) as ${shape}
      where v.tenant_id = ${ctx.tenantId} and v.id = x.id`.execute(ctx.db)
  if (fresh.length === 0) return []
  const name = ctx.actor.kind === 'user' ? ctx.actor.name : null
  await sql`insert into needs.voice (tenant_id, id, need_id, customer_id, words, at, by_id, by_name)
    select ${ctx.tenantId}, x.id, x.need_id, x.customer_id, x.words, ${ctx.now}::timestamptz, ${actorId(ctx.actor)}::uuid, ${name}::text
    from json_to_recordset(${JSON.stringify(fresh)}::json) as ${shape}`.execute(ctx.db)
  const { rows } = await sql<{
    id: string
    voices: number
  }>`update needs.need n set voices = n.voices + x.more, changed_at = ${ctx.now}::timestamptz,
      changed_xid = ${thisTransaction}
    from (select f.need_id, count(*)::int as more from json_to_recordset(${JSON.stringify(fresh)}::json) as f(need_id uuid) group by f.need_id) x
    where n.tenant_id = ${ctx.tenantId} and n.id = x.need_id returning n.id, n.voices`.execute(ctx.db)
  const counts = new Map(rows.map(row => [row.id, row.voices]))
  return [...last.values()].filter(saying => saying.isNew).map(saying => ({ ...saying, count: counts.get(saying.needId) ?? 0 }))
}

type Told = { made: readonly Plan<State>[]; changed: readonly Changed<State>[]; voices: readonly (Saying & { count: number })[] }
/** What became of each, in the words that one by one would have been told in. */
export function tell(ctx: Ctx, { made, changed, voices }: Told): void {
  // The first who says it is told with the need itself.
  const firsts = new Map(made.map(({ after }) => [after.id, after.said[0]]))
  ctx.emitAll(
    needCaptured,
    made.map(({ after: { id, title } }) => ({
      about: { id, customerId: firsts.get(id)?.whose ?? null },
      detail: {},
      personal: { title },
    })),
  )
  ctx.emitAll(
    needChanged,
    changed.filter(isReworded).map(({ before, after }) => {
      const fields = changedIn(before, after)
      const given = (key: 'departmentId' | 'ownerId') => (fields.includes(key) ? { [key]: after[key] } : {})
      return { about: { id: after.id }, detail: { fields, ...given('departmentId'), ...given('ownerId') } }
    }),
  )
  ctx.emitAll(
    needVoiced,
    voices.flatMap(({ id, needId, whose, words, count }) =>
      firsts.get(needId)?.id === id
        ? []
        : [{ about: { id: needId, customerId: whose }, detail: { voices: count }, ...(words === '' ? {} : { personal: { words } }) }],
    ),
  )
}
