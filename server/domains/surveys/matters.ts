import { sql } from 'kysely'
import type { Channel } from '#contract/interactions.ts'
import type { Inviting } from '#contract/invitations.ts'
import type { Tongue } from '#contract/outgoing.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { isAmong } from './rules.ts'

/** What a customer may be asked about, and whose work it was. */
export type Matter = {
  noun: 'interaction' | 'ticket'
  id: string
  customerId: string
  agentId: string | null
  departmentId: string | null
  queueId: string | null
  zh: string
  en: string
  /** In which the organisation writes. */
  language: Tongue
}

const touches: Readonly<Record<Channel, readonly [zh: string, en: string]>> = {
  phone: ['来电', 'call'],
  chat: ['咨询', 'chat'],
  wechat: ['微信咨询', 'WeChat message'],
  mail: ['来信', 'e-mail'],
  sms: ['短信', 'text message'],
  form: ['留言', 'message'],
}
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** A contact of a known customer that an agent answered, is over, was not rated and not asked about before; null when there is nothing to ask. */
export async function contactAsked(ctx: Ctx, id: string, { queueIds }: Inviting['contacts']): Promise<Matter | null> {
  const { rows } = await sql<
    Pick<Matter, 'customerId' | 'agentId' | 'departmentId' | 'queueId' | 'language'> & {
      channel: Channel
      startedAt: Date
      timezone: string
    }
  >`select i.customer_id, i.agent_id, p.department_id, i.queue_id, i.channel, i.started_at, n.language, n.timezone
    from interactions.fact_interaction i join identity.fact_tenant n on n.tenant_id = ${ctx.tenantId} left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = i.agent_id
    where i.tenant_id = ${ctx.tenantId} and i.id = ${id} and i.direction = 'in' and i.customer_id is not null and i.answered_at is not null and i.ended_at is not null and i.rating is null
      and not exists (select 1 from surveys.invitation v where v.tenant_id = ${ctx.tenantId} and v.interaction_id = i.id)`.execute(ctx.db)
  const row = rows[0]
  if (!row || !isAmong(queueIds, row.queueId)) return null
  const { channel, startedAt, timezone, ...whose } = row
  const [, month, day] = dateIn(timezone, startedAt).split('-').map(Number)
  const [zh, en] = touches[channel]
  return { noun: 'interaction', id, ...whose, zh: `${month} 月 ${day} 日的${zh}`, en: `Your ${en} of ${day} ${months[(month ?? 1) - 1]}` }
}

/** A ticket of a known customer that is closed still, was not rated and not asked about before. */
export async function ticketAsked(ctx: Ctx, id: string, { kindIds }: Inviting['tickets']): Promise<Matter | null> {
  const { rows } = await sql<
    Pick<Matter, 'customerId' | 'agentId' | 'departmentId' | 'language'> & { kindId: string; number: string; name: string; nameEn: string }
  >`select t.customer_id, t.assignee_id as agent_id, t.department_id, t.kind_id, t.number, k.name, k.name_en, n.language
    from tickets.fact_ticket t join identity.fact_tenant n on n.tenant_id = ${ctx.tenantId} join tickets.fact_kind k on k.tenant_id = ${ctx.tenantId} and k.id = t.kind_id
    where t.tenant_id = ${ctx.tenantId} and t.id = ${id} and t.status = 'closed' and t.customer_id is not null
      and not exists (select 1 from surveys.rating r where r.tenant_id = ${ctx.tenantId} and r.ticket_id = t.id)
      and not exists (select 1 from surveys.invitation v where v.tenant_id = ${ctx.tenantId} and v.ticket_id = t.id)`.execute(ctx.db)
  const row = rows[0]
  if (!row || !isAmong(kindIds, row.kindId)) return null
  const { kindId: _, number, name, nameEn, ...whose } = row
  return { noun: 'ticket', id, ...whose, queueId: null, zh: `${name} ${number}`, en: `${nameEn || name} ${number}` }
}
