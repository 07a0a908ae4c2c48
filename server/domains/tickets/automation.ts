import { sql } from 'kysely'
import * as z from 'zod'
import { Priority, type Ticket, TicketStatus } from '#contract/tickets.ts'
import { ticketStatusWords } from '#contract/words.ts'
import { type AutomationOffer, action, type FieldOffer, type Fields, type Option, trigger } from '#kernel/automation.ts'
import type { EventDef } from '#kernel/events.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { mustExist } from './actions/open.ts'
import { closeTicket, dispatchTicket, urgeTicket } from './actions/steps.ts'
import { changeTicket, commentOnTicket } from './actions/write.ts'
import {
  type Step,
  ticketChanged,
  ticketClosed,
  ticketCommented,
  ticketDispatched,
  ticketOpened,
  ticketOverdue,
  ticketReopened,
  ticketResolved,
  ticketResumed,
  ticketReturned,
  ticketTaken,
  ticketUrged,
  ticketWaiting,
  ticketWarned,
} from './events.ts'
import { progressPath } from './links.ts'
import { selectTickets, shown, ticketById } from './queries.ts'
import { priorityWords } from './words.ts'

const options = <T extends string>(pairs: Readonly<Record<T, readonly [string, string]>>, order: readonly T[]): Option[] =>
  order.map(value => ({ value, name: pairs[value][0], nameEn: pairs[value][1] }))
const statuses = options(ticketStatusWords, TicketStatus.options)
const priorities = options(priorityWords, Priority.options)
const tiers = options({ normal: ['普通', 'Normal'], silver: ['银卡', 'Silver'], gold: ['金卡', 'Gold'], key: ['重点', 'Key'] }, [
  'normal',
  'silver',
  'gold',
  'key',
])

const kinds = async (ctx: Ctx) =>
  (await ctx.db.selectFrom('tickets.kind').select(['id', 'name', 'nameEn']).where('retired', '=', false).orderBy('position').execute()).map(
    ({ id, ...named }) => ({ value: id, ...named }),
  )
const categories = async (ctx: Ctx) =>
  (
    await ctx.db
      .selectFrom('tickets.category as c')
      .innerJoin('tickets.kind as k', 'k.id', 'c.kindId')
      .select(['c.id', 'c.name', 'c.nameEn', 'k.name as kind', 'k.nameEn as kindEn'])
      .where('c.retired', '=', false)
      .orderBy('k.position')
      .orderBy('c.position')
      .limit(500)
      .execute()
  ).map(c => ({ value: c.id, name: `${c.kind} / ${c.name}`, nameEn: `${c.kindEn || c.kind} / ${c.nameEn || c.name}` }))
const departments = async (ctx: Ctx): Promise<Option[]> => {
  const { rows } = await sql<Option>`select id as value, name, name_en as "nameEn" from identity.fact_department
    where tenant_id = ${ctx.tenantId} and takes_tickets and not retired order by name limit 500`.execute(ctx.db)
  return rows
}

const status: FieldOffer = { key: 'status', kind: 'choice', name: '状态', nameEn: 'Status', options: statuses }
const department: FieldOffer = { key: 'department', kind: 'department', name: '处理部门', nameEn: 'Department', options: departments }
const late: FieldOffer = { key: 'late', kind: 'yesno', name: '已超时', nameEn: 'Overdue' }
const fields: FieldOffer[] = [
  status,
  { key: 'priority', kind: 'choice', name: '优先级', nameEn: 'Priority', options: priorities },
  { key: 'kind', kind: 'choice', name: '工单类型', nameEn: 'Kind', options: kinds },
  { key: 'category', kind: 'choice', name: '分类', nameEn: 'Category', options: categories },
  department,
  { key: 'assignee', kind: 'person', name: '处理人', nameEn: 'Assignee' },
  { key: 'title', kind: 'text', name: '标题', nameEn: 'Title' },
  { key: 'text', kind: 'text', name: '内容', nameEn: 'Text' },
  { key: 'place', kind: 'text', name: '地点', nameEn: 'Place' },
  { key: 'openedAt', kind: 'time', name: '开单时间', nameEn: 'Opened at' },
  { key: 'dueAt', kind: 'time', name: '到期时间', nameEn: 'Due at' },
  late,
  { key: 'returns', kind: 'number', name: '退回次数', nameEn: 'Times returned' },
  { key: 'urges', kind: 'number', name: '催办次数', nameEn: 'Times urged' },
  { key: 'fromChat', kind: 'yesno', name: '来自会话', nameEn: 'Out of a conversation' },
  { key: 'tier', kind: 'choice', name: '客户等级', nameEn: 'Customer tier', options: tiers },
  { key: 'customerTags', kind: 'tags', name: '客户标签', nameEn: 'Customer tags' },
  { key: 'district', kind: 'text', name: '客户片区', nameEn: 'Customer district' },
]

/** What the forms of the tenant's kinds ask; a key that several kinds share is one field. */
async function formFields(ctx: Ctx): Promise<FieldOffer[]> {
  const rows = await ctx.db.selectFrom('tickets.kind').select('fields').where('retired', '=', false).orderBy('position').execute()
  const kindOf = { text: 'text', number: 'number', choice: 'choice', date: 'time', yesno: 'yesno' } as const
  const known = new Map<string, FieldOffer>()
  for (const field of rows.flatMap(row => row.fields))
    if (!known.has(field.key))
      known.set(field.key, {
        key: `form.${field.key}`,
        kind: kindOf[field.type],
        name: field.label,
        nameEn: field.labelEn || field.label,
        ...(field.type === 'choice' ? { options: field.options.map(o => ({ value: o.value, name: o.label, nameEn: o.labelEn })) } : {}),
      })
  return [...known.values()]
}

const day = /^\d{4}-\d{2}-\d{2}$/
const formValue = (value: unknown): Fields[string] =>
  typeof value === 'string' && day.test(value)
    ? new Date(`${value}T00:00:00Z`)
    : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : null

async function load(ctx: Ctx, id: string) {
  const row = await selectTickets(ctx).where('t.id', '=', id).executeTakeFirst()
  if (!row) return null
  const t: Ticket = shown(row, ctx.now)
  const { rows } = await sql<{ tier: string; tags: string[]; district: string }>`select tier, tags, district from customers.fact_customer
    where tenant_id = ${ctx.tenantId} and id = ${t.customerId}::uuid`.execute(ctx.db)
  const customer = rows[0]
  return {
    label: `${t.number} ${t.title}`,
    path: `/tickets/${id}`,
    says: { number: t.number, matter: t.title, step: ticketStatusWords[t.status], link: progressPath(ctx, id) },
    fields: {
      ...Object.fromEntries(Object.entries(t.fields).map(([key, value]) => [`form.${key}`, formValue(value)])),
      status: t.status,
      priority: t.priority,
      kind: t.kindId,
      category: t.categoryId,
      department: t.departmentId,
      assignee: t.assigneeId,
      title: t.title,
      text: t.text,
      place: t.place,
      openedAt: t.openedAt,
      dueAt: t.dueAt,
      late: t.late,
      returns: t.returns,
      urges: t.urges,
      fromChat: t.conversationId !== null,
      tier: customer?.tier ?? null,
      customerTags: customer?.tags ?? [],
      district: customer?.district ?? null,
      customerId: t.customerId,
    },
  }
}

const step = <D extends Step>(def: EventDef<D>, name: string, nameEn: string) =>
  trigger(def, {
    subject: 'ticket',
    name,
    nameEn,
    fields: [status, department, late],
    is: d => ({ status: d.status, department: d.departmentId, late: d.late }),
    was: d => ({
      ...(d.from === undefined ? {} : { status: d.from }),
      ...(d.was?.priority === undefined ? {} : { priority: d.was.priority }),
      ...(d.was?.categoryId === undefined ? {} : { category: d.was.categoryId }),
    }),
  })

const text = { kind: 'text', name: '内容', nameEn: 'Text' } as const
/** The form as it stands, with one thing changed. */
async function change(ctx: Ctx, id: string, changes: Partial<Pick<Ticket, 'priority' | 'categoryId'>>) {
  const t = await ticketById(ctx, id)
  const { version, title, priority, categoryId, place, fields } = t
  if ((changes.priority ?? priority) === priority && (changes.categoryId ?? categoryId) === categoryId) return
  await changeTicket(ctx, id, { version, title, text: t.text, priority, categoryId, place, fields, ...changes })
}

export const automation: AutomationOffer = {
  subjects: [{ noun: 'ticket', name: '工单', nameEn: 'Ticket', fields, more: formFields, load }],
  triggers: [
    step(ticketOpened, '工单已开单', 'A ticket is opened'),
    step(ticketDispatched, '工单已派单', 'A ticket is dispatched'),
    step(ticketTaken, '工单已接单', 'A ticket is taken'),
    step(ticketWaiting, '工单开始等客户', 'A ticket waits for the customer'),
    step(ticketResumed, '工单恢复处理', 'A ticket goes on'),
    step(ticketReturned, '工单被退回', 'A ticket is returned'),
    step(ticketResolved, '工单已办结', 'A ticket is resolved'),
    step(ticketClosed, '工单已关闭', 'A ticket is closed'),
    step(ticketReopened, '工单重新打开', 'A ticket is reopened'),
    step(ticketWarned, '工单将超时', 'A ticket is due soon'),
    step(ticketOverdue, '工单已超时', 'A ticket is overdue'),
    step(ticketUrged, '工单被催办', 'A ticket is urged'),
    step(ticketChanged, '工单资料有改动', 'A ticket is changed'),
    trigger(ticketCommented, {
      subject: 'ticket',
      name: '工单有新备注',
      nameEn: 'A ticket is commented on',
      fields: [status, department, late, { key: 'public', kind: 'yesno', name: '客户可见', nameEn: 'Seen by the customer' }],
      is: d => ({ status: d.status, department: d.departmentId, late: d.late, public: d.public }),
    }),
  ],
  actions: [
    action({
      key: 'ticket.set_priority',
      on: 'ticket',
      may: 'ticket:open',
      name: '设置优先级',
      nameEn: 'Set the priority',
      params: z.object({ priority: Priority }),
      asks: { priority: { kind: 'choice', name: '优先级', nameEn: 'Priority', options: priorities } },
      run: (ctx, { id }, { priority }) => change(ctx, id, { priority }),
    }),
    action({
      key: 'ticket.set_category',
      on: 'ticket',
      may: 'ticket:open',
      name: '设置分类',
      nameEn: 'Set the category',
      params: z.object({ categoryId: z.uuid() }),
      asks: { categoryId: { kind: 'choice', name: '分类', nameEn: 'Category', options: categories } },
      run: (ctx, { id }, { categoryId }) => change(ctx, id, { categoryId }),
    }),
    action({
      key: 'ticket.dispatch',
      on: 'ticket',
      may: 'ticket:dispatch',
      name: '派单',
      nameEn: 'Dispatch',
      params: z.object({ departmentId: z.uuid(), assigneeId: z.uuid().nullable().default(null), text: z.string().max(4000).default('') }),
      asks: {
        departmentId: { kind: 'choice', name: '处理部门', nameEn: 'Department', options: departments },
        assigneeId: { kind: 'person', name: '处理人', nameEn: 'Assignee', optional: true },
        text: { ...text, optional: true },
      },
      run: dispatchUnlessThere,
    }),
    action({
      key: 'ticket.give',
      on: 'ticket',
      may: 'ticket:dispatch',
      name: '交给某人',
      nameEn: 'Give it to someone',
      params: z.object({ personId: z.uuid(), text: z.string().max(4000).default('') }),
      asks: { personId: { kind: 'person', name: '处理人', nameEn: 'Assignee' }, text: { ...text, optional: true } },
      run: async (ctx, subject, { personId, text }) => {
        const { departmentId } = await mustExist(ctx, 'person', personId)
        if (departmentId === null) throw new Refusal('invalid', 'ticket.assignee_nowhere')
        await dispatchUnlessThere(ctx, subject, { departmentId, assigneeId: personId, text })
      },
    }),
    action({
      key: 'ticket.reply',
      on: 'ticket',
      may: 'ticket:read',
      name: '回复客户',
      nameEn: 'Tell the customer',
      params: z.object({ text: z.string().trim().min(1).max(4000) }),
      asks: { text },
      run: (ctx, { id }, { text }) => commentOnTicket(ctx, id, { text, public: true }),
    }),
    action({
      key: 'ticket.close',
      on: 'ticket',
      may: 'ticket:close',
      name: '关闭',
      nameEn: 'Close',
      params: z.object({ text: z.string().trim().max(4000).default('') }),
      asks: { text: { ...text, optional: true } },
      run: (ctx, { id }, { text }) => closeTicket(ctx, id, { text }),
    }),
    action({
      key: 'ticket.comment',
      on: 'ticket',
      may: 'ticket:read',
      name: '写内部备注',
      nameEn: 'Write an internal note',
      params: z.object({ text: z.string().trim().min(1).max(4000) }),
      asks: { text },
      run: (ctx, { id }, { text }) => commentOnTicket(ctx, id, { text, public: false }),
    }),
    action({
      key: 'ticket.urge',
      on: 'ticket',
      may: 'ticket:read',
      name: '催办',
      nameEn: 'Urge',
      params: z.object({ text: z.string().trim().max(4000).default('') }),
      asks: { text: { ...text, optional: true } },
      run: (ctx, { id }, { text }) => urgeTicket(ctx, id, { text }),
    }),
  ],
}

/** Sent on where it is already would only make its department begin anew. */
async function dispatchUnlessThere(
  ctx: Ctx,
  { id }: { id: string },
  to: { departmentId: string; assigneeId: string | null; text: string },
): Promise<void> {
  const ticket = found(await selectTickets(ctx).where('t.id', '=', id).executeTakeFirst(), 'ticket', id)
  if (ticket.departmentId === to.departmentId && (to.assigneeId === null || to.assigneeId === ticket.assigneeId))
    throw new Refusal('conflict', 'ticket.already_there', { number: ticket.number })
  await dispatchTicket(ctx, id, to)
}
