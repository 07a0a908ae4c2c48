import { sql } from 'kysely'
import type * as z from 'zod'
import type { Calendar } from '#contract/calendars.ts'
import type { FormField } from '#contract/forms.ts'
import type { NewTicket, Priority } from '#contract/tickets.ts'
import { scopeOf } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

type Row = {
  id: string
  name: string
  code: string
  fields: FormField[]
  minutes: number
  warnPercent: number | null
  retired: boolean
  categoryId: string | null
  categoryPriority: z.output<typeof Priority> | null
  categoryMinutes: number | null
  categoryName: string | null
  categoryRetired: boolean | null
  timezone: string
  calendar: Calendar | null
  departmentId: string | null
  conversationId: string | null
  interactionId: string | null
  contactId: string | null
  talksWith: string | null
  agentId: string | null
  agentTeam: string | null
  agentDepartment: string | null
  customerId: string | null
  customerName: string | null
}

/** What a new ticket stands on: kind, category, clock and whoever it names. One statement, because an intake is mostly the price of its statements. */
export async function groundOf(
  ctx: Ctx,
  { kindId, categoryId, departmentId, conversationId, interactionId, customerId }: z.output<typeof NewTicket>,
) {
  const opener = ctx.actor.kind === 'user' ? ctx.actor.id : null
  const { rows } = await sql<Row>`
    select k.id, k.name, k.code, k.fields, k.target_minutes as minutes, k.warn_percent as "warnPercent", k.retired, c.id as category_id, c.priority as category_priority, c.target_minutes as category_minutes, c.name as category_name, c.retired as category_retired,
      t.timezone, case when l.id is null then null else jsonb_build_object('name', l.name, 'timezone', l.timezone, 'week', l.week, 'days', l.days) end as calendar,
      d.id as department_id, v.id as conversation_id, v.interaction_id, i.id as contact_id, v.customer_id as talks_with, v.agent_id, a.team_id as agent_team, a.department_id as agent_department, u.id as customer_id, u.name as customer_name
    from tickets.kind k
    join identity.fact_tenant t on t.tenant_id = ${ctx.tenantId}
    left join tickets.category c on c.tenant_id = ${ctx.tenantId} and c.id = ${categoryId}::uuid and c.kind_id = k.id
    left join identity.fact_calendar l on l.tenant_id = ${ctx.tenantId} and case when k.calendar_id is null then l.is_default else l.id = k.calendar_id end
    left join identity.fact_department d on d.tenant_id = ${ctx.tenantId} and d.id = ${departmentId}::uuid and d.takes_tickets and not d.retired
    left join messaging.fact_conversation v on v.tenant_id = ${ctx.tenantId} and v.id = ${conversationId}::uuid
    left join interactions.fact_interaction i on i.tenant_id = ${ctx.tenantId} and i.id = ${interactionId ?? null}::uuid and i.agent_id = ${opener}::uuid
    left join identity.fact_person a on a.tenant_id = ${ctx.tenantId} and a.id = v.agent_id
    left join customers.fact_customer u on u.tenant_id = ${ctx.tenantId} and u.id = coalesce(${customerId}::uuid, v.customer_id)
    where k.tenant_id = ${ctx.tenantId} and k.id = ${kindId}`.execute(ctx.db)
  const row = found(rows[0], 'ticket_kind', kindId)
  const named = (noun: string, asked: string | null, id: string | null) => (asked === null ? null : found(id, noun, asked))
  named('ticket_category', categoryId, row.categoryId)
  named('department', departmentId, row.departmentId)
  named('conversation', conversationId, isTheirs(ctx, row) ? row.conversationId : null)
  named('interaction', interactionId ?? null, row.contactId)
  named('customer', customerId ?? row.talksWith, row.customerId)
  return {
    kind: {
      id: row.id,
      name: row.name,
      code: row.code,
      fields: row.fields,
      targetMinutes: row.minutes,
      warnPercent: row.warnPercent,
      retired: row.retired,
    },
    category:
      row.categoryPriority === null
        ? null
        : {
            priority: row.categoryPriority,
            targetMinutes: row.categoryMinutes,
            name: row.categoryName ?? '',
            retired: row.categoryRetired === true,
          },
    timezone: row.timezone,
    calendar: found(row.calendar, 'calendar', kindId),
    interactionId: row.interactionId ?? row.contactId,
    customer: row.customerId === null ? null : { id: row.customerId, name: row.customerName ?? '' },
  }
}

/** A ticket is opened only from a talk that its opener may see: the customer is told of it there. */
function isTheirs({ actor }: Ctx, talk: Row): boolean {
  const scope = scopeOf(actor, 'conversation:read')
  if (scope === 'all') return true
  if (scope === null || actor.kind !== 'user') return false
  if (talk.agentId === actor.id) return true
  if (scope === 'team') return talk.agentTeam !== null && talk.agentTeam === actor.teamId
  return scope === 'department' && talk.agentDepartment !== null && talk.agentDepartment === actor.departmentId
}
