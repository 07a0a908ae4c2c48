import { sql } from 'kysely'
import type * as z from 'zod'
import { RoutingRule, routingRules, type routingTrial, type Sketch } from '#contract/routingRules.ts'
import { nameSegments, segmentsOf } from '#domains/customers/index.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { type Calendar, isOpen } from '#kernel/calendar.ts'
import { catalogChanged, catalogVerbs } from '#kernel/catalog.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { skillNumbers } from './actions/staffing.ts'
import { nameQueues } from './naming.ts'
import { firstFit } from './ruleMatch.ts'

type Rule = z.output<typeof RoutingRule>
type Kept = Rule & { id: string; queueServes: boolean }
const verbs = catalogVerbs(routingRules, 'routing.rule')
export const listRules = verbs.list

/** A new rule is asked last. */
export async function addRule(ctx: Ctx, rule: Rule) {
  await check(ctx, rule)
  const { rows } = await sql<{
    last: number
  }>`select coalesce(max(position), -1) as last from routing.rule where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  return verbs.add(ctx, { ...rule, position: (rows[0]?.last ?? -1) + 1 })
}

export async function changeRule(ctx: Ctx, id: string, change: Partial<Rule>) {
  await check(ctx, RoutingRule.parse({ ...(await verbs.one(ctx, id)), ...change }))
  return verbs.change(ctx, id, change)
}

/** What a rule names may have gone while it was retired. */
export async function retireRule(ctx: Ctx, id: string, retired: boolean) {
  if (!retired) await check(ctx, RoutingRule.parse(await verbs.one(ctx, id)))
  return verbs.retire(ctx, id, retired)
}

/** Rules that are not named keep their order behind those that are. */
export async function orderRules(ctx: Ctx, ids: readonly string[]): Promise<{ ids: string[] }> {
  const all = await ctx.db.selectFrom('routing.rule').select('id').orderBy('position').orderBy('id').forUpdate().execute()
  for (const id of ids) if (!all.some(rule => rule.id === id)) found(undefined, 'routing_rule', id)
  const before = all.map(rule => rule.id)
  const next = [...new Set([...ids, ...before])]
  await sql`update routing.rule r set position = o.n - 1 from unnest(${next}::uuid[]) with ordinality o (id, n)
    where r.tenant_id = ${ctx.tenantId} and r.id = o.id`.execute(ctx.db)
  const changes = { order: { was: before, is: next } }
  await ctx.emit(catalogChanged, { id: ctx.tenantId }, { table: 'routing.rule', act: 'changed', name: '', changes })
  return { ids: next }
}

async function check(ctx: Ctx, { conditions, queueId, demands, teamId }: Rule): Promise<void> {
  if (conditions.calendarId !== null) await calendarOf(ctx, conditions.calendarId)
  await skillNumbers(ctx, demands.map(d => d.skillId)) // biome-ignore format: one line reads better
  if (queueId !== null) await nameQueues(ctx, [queueId], conditions.channels)
  await nameSegments(ctx, conditions.segmentIds)
  if (teamId === null) return
  const { rows } = await sql`select 1 from identity.fact_team where tenant_id = ${ctx.tenantId} and id = ${teamId} and not retired`.execute(
    ctx.db,
  )
  found(rows[0], 'team', teamId)
}

const inForce = async (ctx: Ctx, channel: string): Promise<Kept[]> => {
  const { rows } = await sql<Kept>`select r.*, (q.id is not null and not q.retired and q.channel = ${channel}) as "queueServes"
    from routing.rule r left join routing.queue q on q.tenant_id = ${ctx.tenantId} and q.id = r.queue_id
    where r.tenant_id = ${ctx.tenantId} and not r.retired order by r.position, r.id`.execute(ctx.db)
  return rows
}

async function ask(ctx: Ctx, rules: readonly Kept[], contact: Sketch, at: Date) {
  const wanted = new Set(rules.flatMap(r => (r.conditions.hours === null ? [] : [r.conditions.calendarId])))
  const calendars = new Map<string | null, Calendar>()
  for (const id of wanted) calendars.set(id, await calendarOf(ctx, id))
  return firstFit(rules, contact, id => {
    const calendar = calendars.get(id)
    return calendar !== undefined && isOpen(calendar, at)
  })
}

export type Arrival = Omit<Sketch, 'tags' | 'district' | 'segmentIds'> & { customerId: string | null }
export type Way = Pick<Rule, 'queueId' | 'priority' | 'demands' | 'teamId'> & { ruleId: string }

/** What the rules say about a new contact; null when none speaks of it. */
export async function wayOf(ctx: Ctx, { customerId, ...contact }: Arrival): Promise<Way | null> {
  const rules = await inForce(ctx, contact.channel)
  if (rules.length === 0) return null
  const { rule } = await ask(ctx, rules, { ...contact, ...(await knownAs(ctx, customerId, rules)) }, ctx.now)
  return rule && { ruleId: rule.id, queueId: rule.queueId, priority: rule.priority, demands: rule.demands, teamId: rule.teamId }
}

type Known = Pick<Sketch, 'tags' | 'district' | 'segmentIds'>
/** Segments are asked for only where a rule asks for them, and only for those. */
async function knownAs(ctx: Ctx, customerId: string | null, rules: readonly Kept[]): Promise<Known> {
  if (customerId === null) return { tags: [], district: '', segmentIds: [] }
  const wanted = rules.flatMap(rule => rule.conditions.segmentIds)
  const segmentIds = wanted.length === 0 ? [] : await segmentsOf(ctx, customerId, wanted)
  const { rows } = await sql<
    Pick<Sketch, 'tags' | 'district'>
  >`select tags, district from customers.fact_customer where tenant_id = ${ctx.tenantId} and id = ${customerId}`.execute(ctx.db)
  return { ...(rows[0] ?? { tags: [], district: '' }), segmentIds }
}

/** Where a contact would go, and why. */
export async function tryRules(
  ctx: Ctx,
  { at, ...contact }: z.output<typeof routingTrial.run.body>,
): Promise<z.output<typeof routingTrial.run.reply>> {
  const { rule, steps } = await ask(ctx, await inForce(ctx, contact.channel), contact, at ?? ctx.now)
  return { ruleId: rule?.id ?? null, queueId: rule?.queueId ?? (await usualQueue(ctx, contact)), steps }
}

async function usualQueue(ctx: Ctx, { widgetId, choice }: Sketch): Promise<string | null> {
  if (widgetId === null) return null
  const { rows } = await sql<{ queueId: string; choices: { key: string; queueId: string }[] }>`select queue_id as "queueId", choices
    from messaging.fact_widget where tenant_id = ${ctx.tenantId} and id = ${widgetId}`.execute(ctx.db)
  return rows[0]?.choices.find(c => c.key === choice)?.queueId ?? rows[0]?.queueId ?? null
}
