import { sql } from 'kysely'
import type { DeclaredFigure, FigureName, Measured, NamedSubject, Subject } from '#contract/insight.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { startOfDay } from '#kernel/calendar.ts'
import { isId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { declared, type OfContacts, type Parts, valued } from './declared.ts'
import { noCounts } from './rules.ts'
import { type Counts, counts } from './tables.ts'

const figureNames = Object.keys(declared) as FigureName[]
export const declaredFigure = (figure: FigureName): DeclaredFigure => {
  const { of: _, ...said } = declared[figure]
  return { figure, ...said }
}
export const declaredList = (): DeclaredFigure[] => figureNames.map(declaredFigure)

/** A figure over days of the tenant's wall, `until` not among them, from the sums that are kept; of tickets, from the tickets of those days by index. */
export async function figureOver(ctx: Ctx, figure: FigureName, subject: Subject, from: string, until: string): Promise<Measured> {
  const { of, version } = declared[figure]
  const parts = of ? await ofContacts(ctx, of, subject, from, until) : await ofTickets(ctx, figure, subject, from, until)
  return { figure, version, from, until, ...valued(figure, parts) }
}

async function bounds(ctx: Ctx, from: string, until: string): Promise<[Date, Date]> {
  const { timezone } = await tenantCard(ctx)
  return [startOfDay(timezone, from), startOfDay(timezone, until)]
}

async function ofContacts(ctx: Ctx, of: OfContacts, subject: Subject, from: string, until: string): Promise<Parts> {
  const [begin, end] = await bounds(ctx, from, until)
  const grain = from.endsWith('-01') && until.endsWith('-01') ? 'month' : 'day'
  const { rows } = await sql<
    Counts & { stale: boolean }
  >`select ${sql.join(counts.map(c => sql`coalesce(sum(${sql.ref(c)}), 0)::float8 as ${sql.ref(c)}`))},
      count(*) > 0 and not exists (select 1 from insight.counted c where c.tenant_id = ${ctx.tenantId}) as stale
    from insight.rollup where tenant_id = ${ctx.tenantId} and grain = ${sql.lit(grain)} and at >= ${begin} and at < ${end} and ${contactsOf(ctx, subject)}`.execute(
    ctx.db,
  )
  const parts = of(rows[0] ?? noCounts)
  // After an upgrade that keeps more sums than before, everything is counted whole again within minutes. Until then nothing is known of the spread.
  if (rows[0]?.stale && parts.squares !== undefined) throw new Refusal('conflict', 'figure.being_counted')
  return parts
}

function contactsOf({ tenantId }: Ctx, { by, key }: Subject) {
  if (by === 'queue') return sql`dimension = 'queue' and key = ${key}`
  if (by === 'channel') return sql`dimension = 'channel' and key = ${key}`
  if (by === 'agent') return sql`dimension = 'agent' and key = ${key}`
  const members = (column: ReturnType<typeof sql>) =>
    sql`dimension = 'agent' and key in (select p.id::text from identity.fact_person p where p.tenant_id = ${tenantId} and ${column} = ${key})`
  if (by === 'team') return members(sql`p.team_id`)
  if (by === 'department') return members(sql`p.department_id`)
  // Each contact counts once in every dimension; there are the fewest channels.
  return sql`dimension = 'channel'`
}

async function ofTickets(ctx: Ctx, figure: FigureName, subject: Subject, from: string, until: string): Promise<Parts> {
  const [begin, end] = await bounds(ctx, from, until)
  const mine = sql`t.tenant_id = ${ctx.tenantId} and ${ticketsOf(subject)}`
  const ask = async (what: ReturnType<typeof sql>, when: ReturnType<typeof sql>): Promise<Parts> => {
    const { rows } = await sql<{ numerator: number; n: number; squares: number | null }>`select ${what}
      from tickets.fact_ticket t where ${mine} and ${when}`.execute(ctx.db)
    const { numerator = 0, n = 0, squares = null } = rows[0] ?? {}
    return { numerator, n, ...(squares === null ? {} : { squares }) }
  }
  const opened = sql`t.opened_at >= ${begin} and t.opened_at < ${end}`
  if (figure === 'ticket_on_time')
    return ask(
      sql`count(*) filter (where t.resolved_at <= t.due_at)::float8 as numerator, count(*)::float8 as n`,
      sql`t.due_at >= ${begin} and t.due_at < ${end < ctx.now ? end : ctx.now}`,
    )
  if (figure === 'ticket_hours') {
    const hours = sql`extract(epoch from t.resolved_at - t.opened_at)::float8 / 3600`
    return ask(
      sql`coalesce(sum(${hours}), 0) as numerator, count(*)::float8 as n, coalesce(sum(${hours} * ${hours}), 0) as squares`,
      sql`t.closed_at >= ${begin} and t.closed_at < ${end} and t.resolved_at is not null`,
    )
  }
  if (figure === 'ticket_urges') return ask(sql`coalesce(sum(t.urges), 0)::float8 as numerator, count(*)::float8 as n`, opened)
  if (figure === 'ticket_returns') return ask(sql`coalesce(sum(t.returns), 0)::float8 as numerator, count(*)::float8 as n`, opened)
  const [{ numerator }, { n }] = [
    await ask(sql`count(*)::float8 as numerator, 0::float8 as n`, opened),
    await ofContacts(ctx, c => ({ numerator: 0, n: c.contacts }), { by: 'centre', key: '' }, from, until),
  ]
  return { numerator, n }
}

function ticketsOf({ by, key }: Subject) {
  if (by === 'department') return sql`t.department_id = ${key}`
  if (by === 'kind') return sql`t.kind_id = ${key}`
  if (by === 'category') return sql`t.category_id = ${key}`
  return sql`true`
}

type Named = { key: string; name: string; nameEn: string }

/** The subjects of one sort, as far as the actor may see people's figures. */
async function subjectsBy(ctx: Ctx, by: Subject['by']): Promise<Named[]> {
  const named = async (view: ReturnType<typeof sql>, more = sql``) =>
    (
      await sql<Named>`select id::text as key, name, ${by === 'agent' || by === 'team' ? sql`name` : sql`name_en`} as "nameEn" from ${view} v
        where v.tenant_id = ${ctx.tenantId} ${more} order by name, id limit 500`.execute(ctx.db)
    ).rows
  if (by === 'queue') return named(sql`routing.fact_queue`, sql`and not v.retired`)
  if (by === 'department') return named(sql`identity.fact_department`, sql`and not v.retired`)
  if (by === 'kind') return named(sql`tickets.fact_kind`, sql`and not v.retired`)
  if (by === 'category') return named(sql`tickets.fact_category`, sql`and not v.retired`)
  if (by === 'team') return named(sql`identity.fact_team`, sql`and not v.retired ${teamsInReach(ctx)}`)
  if (by === 'agent')
    return named(
      sql`identity.fact_person`,
      sql`and not v.retired ${peopleInReach(ctx)} and exists (select 1 from routing.fact_member m where m.tenant_id = ${ctx.tenantId} and m.agent_id = v.id)`,
    )
  if (by === 'channel') return [{ key: 'chat', name: '', nameEn: '' }]
  return [{ key: '', name: '', nameEn: '' }]
}

function peopleInReach({ actor }: Ctx) {
  const scope = scopeOf(actor, 'insight:read')
  if (scope === 'all') return sql``
  if (scope === null || actor.kind !== 'user') return sql`and false`
  if (scope === 'own') return sql`and v.id = ${actor.id}`
  return scope === 'team' ? sql`and v.team_id = ${actor.teamId}` : sql`and v.department_id = ${actor.departmentId}`
}
function teamsInReach({ actor }: Ctx) {
  const scope = scopeOf(actor, 'insight:read')
  if (scope === 'all') return sql``
  if (scope === null || actor.kind !== 'user' || scope === 'own') return sql`and false`
  return scope === 'team' ? sql`and v.id = ${actor.teamId}` : sql`and v.department_id = ${actor.departmentId}`
}

export async function subjectsOf(ctx: Ctx, figure: FigureName): Promise<NamedSubject[]> {
  const found: NamedSubject[] = []
  for (const by of declared[figure].subjects) for (const row of await subjectsBy(ctx, by)) found.push({ by, ...row })
  return found
}

/** Refuses a subject of which the figure cannot be taken, that is not there, or whose people are out of the actor's reach. */
export async function checkSubject(ctx: Ctx, figure: FigureName, { by, key }: Subject): Promise<void> {
  if (!declared[figure].subjects.includes(by)) throw new Refusal('invalid', 'figure.not_of_this', { figure, by })
  if (by === 'centre' || by === 'channel') return
  if (!isId(key) || !(await subjectsBy(ctx, by)).some(s => s.key === key)) throw new Refusal('not_found', 'figure.no_such_subject', { by })
}

/** The names of what figures are taken of, whoever asks: names are no secret, figures are. */
export async function namesOfSubjects(ctx: Ctx, subjects: readonly Subject[]): Promise<(subject: Subject) => NamedSubject> {
  const ids = [...new Set(subjects.map(s => s.key).filter(isId))]
  if (ids.length === 0) return ({ by, key }) => ({ by, key, name: '', nameEn: '' })
  const from = (view: ReturnType<typeof sql>, en: ReturnType<typeof sql>) =>
    sql`select id::text as key, name, ${en} as "nameEn" from ${view} v where v.tenant_id = ${ctx.tenantId} and v.id = any(${ids}::uuid[])`
  const { rows } = await sql<Named>`${sql.join(
    [
      from(sql`routing.fact_queue`, sql`name_en`),
      from(sql`identity.fact_department`, sql`name_en`),
      from(sql`tickets.fact_kind`, sql`name_en`),
      from(sql`tickets.fact_category`, sql`name_en`),
      from(sql`identity.fact_team`, sql`name`),
      from(sql`identity.fact_person`, sql`name`),
    ],
    sql` union all `,
  )}`.execute(ctx.db)
  const names = new Map(rows.map(row => [row.key, row]))
  return ({ by, key }) => ({ by, key, name: names.get(key)?.name ?? '', nameEn: names.get(key)?.nameEn ?? '' })
}

/** For a person who asks: only what is in reach. */
export async function measureFor(ctx: Ctx, figure: FigureName, subject: Subject, from: string, until: string): Promise<Measured> {
  if (from >= until) throw new Refusal('invalid', 'figure.empty_window')
  await checkSubject(ctx, figure, subject)
  return figureOver(ctx, figure, subject, from, until)
}
