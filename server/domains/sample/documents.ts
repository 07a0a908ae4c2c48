import { sql } from 'kysely'
import { addSchedule, listTemplates, makeDocument } from '#domains/documents/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Ids, Say } from './furnishing.ts'

/** The supervisor's reports of last month, of the year's standards and of an improvement, a letter about a ticket that was resolved, and the report that comes by itself: drawn like everybody's, when the worker comes to it. */
export async function furnishDocuments(ctx: Ctx, ids: Ids, language: 'zh' | 'en', timezone: string, say: Say): Promise<void> {
  const system = ctx.actor
  const supervisor = await ctx.house.standIn(ctx, ids('person supervisor'))
  if (supervisor === null) return
  ctx.actor = supervisor
  const templates = await listTemplates(ctx, {})
  const of = (code: string) => templates.find(t => t.code === code)?.id
  const [year, month] = dateIn(timezone, ctx.now).split('-').map(Number)
  const on = new Date(Date.UTC(year ?? 2026, (month ?? 1) - 1, 0)).toISOString().slice(0, 10)
  const [report, letter, standards, course] = ['service-report', 'answer-letter', 'standards-report', 'improvement-report'].map(of)
  const { rows } = await sql<{ id: string; title: string }>`select id, title from tickets.ticket
    where tenant_id = ${ctx.tenantId} and status = 'closed' and customer_id is not null and resolution <> '' order by closed_at desc, id limit 1`.execute(
    ctx.db,
  )
  const ticket = rows[0]
  if (report)
    await makeDocument(ctx, {
      templateId: report,
      title: language === 'zh' ? `${on.slice(0, 4)} 年 ${Number(on.slice(5, 7))} 月服务报告` : `Service report ${on.slice(0, 7)}`,
      language,
      params: { period: 'month', on },
      inputs: {
        summary: say([
          '本期供水平稳，用水咨询集中在工作日上午；报修以室内水管和水表为主，抢修均按承诺时间到场。',
          'Supply was steady. Questions came on weekday mornings; repairs were mostly pipes indoors and meters, and the fitters came when promised.',
        ]),
      },
    })
  if (letter && ticket)
    await makeDocument(ctx, {
      templateId: letter,
      title: say([`关于“${ticket.title}”的复函`, `Answer: ${ticket.title}`]).slice(0, 120),
      language,
      params: { ticketId: ticket.id },
      inputs: {
        answer: say([
          '我们已派人现场核实并处理完毕，处理结果见下。给您带来不便，我们会继续跟进，确保不再发生。',
          'Our people looked at it on site and put it right; what was done stands below. We keep an eye on it so that it does not come back.',
        ]),
      },
    })
  if (standards)
    await makeDocument(ctx, {
      templateId: standards,
      title: language === 'zh' ? `${on.slice(0, 4)} 年服务标准达成报告` : `Standards in ${on.slice(0, 4)}`,
      language,
      params: { period: 'year', on },
      inputs: {
        summary: say([
          '多数标准稳定达成；未达成的几期集中在停水通知后的高峰，已列入持续改进。',
          'Most standards hold. Those missed fell into the peaks after announced interruptions and are being improved.',
        ]),
      },
    })
  const finding = await closedFinding(ctx)
  if (course && finding)
    await makeDocument(ctx, {
      templateId: course,
      title: say([`改进报告：${finding.title}`, `Improvement: ${finding.title}`]).slice(0, 120),
      language,
      params: { findingId: finding.id },
      inputs: {},
    })
  if (report)
    await addSchedule(ctx, {
      templateId: report,
      title: say(['服务月报', 'Monthly service report']),
      language,
      params: { period: 'month' },
      inputs: {},
      every: 'month',
      day: 2,
      hour: 8,
      people: [ids('person lead')],
      active: true,
    })
  ctx.actor = system
}

/** The improvement whose effect was shown, or else the latest that was planned. */
async function closedFinding(ctx: Ctx): Promise<{ id: string; title: string } | undefined> {
  const { rows } = await sql<{ id: string; title: string }>`select f.id, f.title from improvement.finding f
    where f.tenant_id = ${ctx.tenantId} and exists (select 1 from improvement.round r where r.tenant_id = ${ctx.tenantId} and r.finding_id = f.id)
    order by f.closed_at desc nulls last, f.id limit 1`.execute(ctx.db)
  return rows[0]
}
