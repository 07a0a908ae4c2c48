import { sql } from 'kysely'
import type { Ticket } from '#contract/tickets.ts'
import { ticketStatusWords } from '#contract/words.ts'
import type { DocumentSource } from '#kernel/documentSources.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { entriesOf, ticketById } from './queries.ts'

/** A work order as it may be told to its customer: internal notes stay inside. */
export const documentSources: DocumentSource[] = [
  {
    name: 'tickets.ticket',
    zh: '一张工单',
    en: 'A ticket',
    may: 'ticket:read',
    params: [{ key: 'ticketId', kind: 'ticket', zh: '工单', en: 'Ticket', options: [], required: true }],
    matter: ({ ticketId }) => (ticketId ? { noun: 'ticket', id: ticketId } : null),
    customer: async (ctx, { ticketId = '' }) => (await ticketById(ctx, ticketId)).customerId,
    variables: [
      { path: 'ticket.number', type: 'text', zh: '工单编号', en: 'Number' },
      { path: 'ticket.title', type: 'text', zh: '工单标题', en: 'Title' },
      { path: 'ticket.text', type: 'text', zh: '工单描述', en: 'Description' },
      { path: 'ticket.status', type: 'text', zh: '工单状态', en: 'State' },
      { path: 'ticket.kind', type: 'text', zh: '工单类型', en: 'Kind' },
      { path: 'ticket.place', type: 'text', zh: '地点', en: 'Place' },
      { path: 'ticket.openedAt', type: 'time', zh: '受理时间', en: 'Opened' },
      { path: 'ticket.dueAt', type: 'time', zh: '承诺时间', en: 'Due' },
      { path: 'ticket.resolvedAt', type: 'time', zh: '办结时间', en: 'Resolved' },
      { path: 'ticket.resolution', type: 'text', zh: '处理结果', en: 'Resolution' },
      { path: 'customer.name', type: 'text', zh: '客户姓名', en: 'Customer' },
      { path: 'department.name', type: 'text', zh: '办理部门', en: 'Department' },
      {
        path: 'steps',
        type: 'list',
        zh: '对客户公开的经过',
        en: 'Steps told to the customer',
        of: [
          { path: 'at', type: 'time', zh: '时间', en: 'When' },
          { path: 'text', type: 'text', zh: '内容', en: 'What' },
        ],
      },
    ],
    load: async (ctx, { ticketId = '' }, language) => {
      if (!/^[0-9a-f-]{36}$/.test(ticketId)) throw new Refusal('not_found', 'ticket.not_found', { id: ticketId.slice(0, 60) })
      const ticket = await ticketById(ctx, ticketId)
      const [names, entries] = [await namesOf(ctx, ticket, language), await entriesOf(ctx, ticketId)]
      const { number, title, text, place, openedAt, dueAt, resolvedAt, resolution } = ticket
      return {
        ticket: {
          number,
          title,
          text,
          place,
          openedAt,
          dueAt,
          resolvedAt,
          resolution,
          kind: names.kind,
          status: ticketStatusWords[ticket.status][language === 'zh' ? 0 : 1],
        },
        customer: { name: ticket.customerName ?? '' },
        department: { name: names.department },
        steps: entries
          .filter(e => e.public && e.text !== '')
          .toReversed()
          .map(({ at, text: said }) => ({ at, text: said })),
      }
    },
    example: language => example(language === 'zh'),
  },
]

async function namesOf(ctx: Ctx, { kindId, departmentId }: Ticket, language: 'zh' | 'en') {
  const name = language === 'en' ? sql`coalesce(nullif(name_en, ''), name)` : sql`name`
  const { rows } = await sql<{ kind: string | null; department: string | null }>`select
    (select ${name} from tickets.kind where tenant_id = ${ctx.tenantId} and id = ${kindId}) as kind,
    (select ${name} from identity.fact_department where tenant_id = ${ctx.tenantId} and id = ${departmentId}) as department`.execute(ctx.db)
  return { kind: rows[0]?.kind ?? '', department: rows[0]?.department ?? '' }
}

const example = (zh: boolean) => ({
  ticket: {
    number: 'BX-0618-0187',
    title: zh ? '厨房水管漏水' : 'Leaking pipe in the kitchen',
    text: zh ? '厨房水槽下方的进水管接头漏水，已自行关闭总阀。' : 'The joint below the sink leaks; the main valve is closed.',
    status: zh ? '已办结' : 'Resolved',
    kind: zh ? '报修' : 'Repair',
    place: zh ? '清源路 12 号 3 单元 502' : 'Qingyuan Road 12, unit 3, 502',
    openedAt: new Date('2026-06-18T01:20:00Z'),
    dueAt: new Date('2026-06-18T09:20:00Z'),
    resolvedAt: new Date('2026-06-18T06:45:00Z'),
    resolution: zh ? '更换接头并试压，未再渗漏。' : 'The joint was replaced and tested under pressure; nothing leaks.',
  },
  customer: { name: zh ? '王建国' : 'Wang Jianguo' },
  department: { name: zh ? '城东维修站' : 'Repair station east' },
  steps: [
    { at: new Date('2026-06-18T01:20:00Z'), text: zh ? '已受理您的报修。' : 'Your report was accepted.' },
    { at: new Date('2026-06-18T05:10:00Z'), text: zh ? '维修人员已到达现场。' : 'The fitter has arrived.' },
    { at: new Date('2026-06-18T06:45:00Z'), text: zh ? '更换接头，恢复供水。' : 'The joint was replaced; water is back.' },
  ],
})
