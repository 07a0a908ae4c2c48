import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Interaction, interactions } from '#contract/interactions.ts'
import { customersFound } from '#domains/customers/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { familyOf, ofFamily } from '#kernel/family.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'

/** Which contacts the actor may see, over `i`. Contacts nobody has answered yet belong to every team and department. */
export function visible(ctx: Ctx): RawBuilder<unknown> {
  const scope = scopeOf(ctx.actor, 'interaction:read')
  if (scope === 'all') return sql`true`
  if (scope === null || ctx.actor.kind !== 'user') return sql`false`
  const { id, teamId, departmentId } = ctx.actor
  if (scope === 'own') return sql`i.agent_id = ${id}`
  const mine = scope === 'team' ? sql`p.team_id = ${teamId}` : sql`p.department_id = ${departmentId}`
  return sql`(i.agent_id = ${id} or i.agent_id is null or exists (
    select 1 from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = i.agent_id and ${mine}))`
}

const columns = sql`i.id, i.channel, i.direction, i.state, i.customer_id as "customerId", c.name as "customerName", i.queue_id as "queueId",
  i.agent_id as "agentId", i.subject, i.source, i.started_at as "startedAt", i.queued_at as "queuedAt", i.answered_at as "answeredAt",
  i.ended_at as "endedAt", i.wrapped_at as "wrappedAt", i.reason_id as "reasonId", i.outcome_id as "outcomeId", i.note, i.rating`

const from = (ctx: Ctx) => sql`interactions.interaction i
  left join customers.fact_customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id`

/** Contacts of the same customers about the same reason in the seven days before. */
const again = (ctx: Ctx, family: readonly string[]) => sql`, case when i.direction = 'in' and i.reason_id is not null then (
    select count(*)::int from interactions.interaction e where e.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`e.customer_id`, family)}
      and e.started_at < i.started_at and e.started_at >= i.started_at - interval '7 days' and e.direction = 'in' and e.reason_id = i.reason_id)
  else 0 end as again`

type Query = z.output<typeof interactions.list.query>
// The very expression of its index; who never talked stands behind all who did.
const orders: Record<NonNullable<Query['sort']>, Turn> = {
  '-time': turn('time', sql`i.started_at`, sql`i.id`, true),
  time: turn('time', sql`i.started_at`, sql`i.id`),
  '-duration': turn('int', sql`coalesce(extract(epoch from i.ended_at - i.answered_at)::int, -1)`, sql`i.id`, true),
}

export async function listInteractions(ctx: Ctx, query: Query): Promise<Page<Interaction>> {
  const size = query.size ?? 50
  const { key, order, after } = sortedBy(orders[query.sort ?? '-time'], query.after)
  const family = query.customerId === undefined ? undefined : await familyOf(ctx, query.customerId)
  const wheres = [...matching(ctx, query, family), after]
  if (query.q) wheres.push(sql`i.customer_id = any(${await customersFound(ctx, query.q)}::uuid[])`)
  const { rows } = await sql<
    Interaction & { sortKey: string }
  >`select ${columns}, ${key} ${family ? again(ctx, family) : sql``} from ${from(ctx)} where ${sql.join(wheres, sql` and `)}
    order by ${order} limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, sortKeyOf)
  return { rows: page.rows.map(unkeyed), next: page.next }
}

function matching(ctx: Ctx, query: Partial<Query>, family?: readonly string[]): RawBuilder<unknown>[] {
  const wheres = [sql`i.tenant_id = ${ctx.tenantId}`, query.customerId === undefined ? visible(ctx) : visibleOfCustomer(ctx)]
  if (query.customerId) wheres.push(ofFamily(ctx, sql`i.customer_id`, family ?? query.customerId))
  if (query.agentId) wheres.push(sql`i.agent_id = ${query.agentId}`)
  if (query.queueId) wheres.push(sql`i.queue_id = ${query.queueId}`)
  if (query.channel) wheres.push(sql`i.channel = ${query.channel}`)
  if (query.state) wheres.push(sql`i.state = ${query.state}`)
  if (query.days) wheres.push(sql`i.started_at >= ${startOfDays(ctx, query.days)}`)
  if (query.since) wheres.push(sql`i.started_at >= ${query.since}`)
  if (query.until) wheres.push(sql`i.started_at < ${query.until}`)
  return wheres
}

/** The ids behind a query without words, for whoever counts them. */
export const countable = (ctx: Ctx, query: Partial<Query>): RawBuilder<unknown> =>
  sql`(select i.id from interactions.interaction i where ${sql.join(matching(ctx, query), sql` and `)})`

/** When the first of so many days began on the wall of the organisation, today being the last of them. */
const startOfDays = (ctx: Ctx, days: number) =>
  sql`(select (date_trunc('day', ${ctx.now}::timestamptz at time zone t.timezone) - make_interval(days => ${days - 1})) at time zone t.timezone
    from identity.fact_tenant t where t.tenant_id = ${ctx.tenantId})`

/** Whoever serves a customer sees all of that customer's contacts, whoever answered them. */
const servesAll = (ctx: Ctx) => scopeOf(ctx.actor, 'customer:read') === 'all'
/** Which contacts the actor may see of a customer they see, over `i`. */
export const visibleOfCustomer = (ctx: Ctx) => (servesAll(ctx) ? sql`true` : visible(ctx))

/** Beside one's own contacts: those of customers one serves, and the matter of a task that is one's own, or nobody's yet and one's to give. */
function concernsMe(ctx: Ctx): RawBuilder<unknown> {
  const scope = scopeOf(ctx.actor, 'task:read')
  const known = servesAll(ctx) ? sql`i.customer_id is not null` : sql`false`
  if (scope === null || ctx.actor.kind !== 'user') return known
  const owner = scope === 'own' ? sql`t.owner_id = ${ctx.actor.id}` : sql`(t.owner_id = ${ctx.actor.id} or t.owner_id is null)`
  return sql`(${known} or exists (select 1 from tasks.fact_task t
    where t.tenant_id = ${ctx.tenantId} and t.matter_noun = 'interaction' and t.matter_id = i.id and ${owner}))`
}

export async function oneInteraction(ctx: Ctx, id: string): Promise<Interaction> {
  const { rows } = await sql<Interaction>`select ${columns} from ${from(ctx)}
    where i.tenant_id = ${ctx.tenantId} and i.id = ${id} and (${visible(ctx)} or ${concernsMe(ctx)})`.execute(ctx.db)
  return found(rows[0], 'interaction', id)
}

/** Who last answered this customer, if that was within so many days. */
export async function lastAgentOf(ctx: Ctx, customerId: string, sinceDays: number): Promise<string | null> {
  const since = new Date(ctx.now.getTime() - sinceDays * 86_400_000)
  const family = await familyOf(ctx, customerId)
  const row = await ctx.db
    .selectFrom('interactions.interaction')
    .select('agentId')
    .where(ofFamily(ctx, sql`customer_id`, family))
    .where('startedAt', '>', since)
    .where('agentId', 'is not', null)
    .where('answeredAt', 'is not', null)
    .orderBy('startedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.agentId ?? null
}
