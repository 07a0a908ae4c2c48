import { ticketExports } from '#contract/lists.ts'
import { ticketStatusWords } from '#contract/words.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { listTickets } from './queries.ts'
import { priorityWords } from './words.ts'

/** What changes while the file is written would be read again, or never: such an order is written by when tickets were opened. */
const still = ({ sort, box }: Parameters<typeof listTickets>[1]) =>
  sort === '-changed' || (sort === undefined && box !== 'mine') ? '-opened' : sort === 'changed' ? 'opened' : sort

export const ticketExport = listExport({
  noun: 'tickets',
  name: ['工单', 'Tickets'],
  asks: ticketExports,
  page: async (ctx, query) =>
    withNames(ctx, await listTickets(ctx, { ...query, sort: still(query) }), {
      kindName: ['tickets.fact_kind', row => row.kindId],
      departmentName: ['identity.fact_department', row => row.departmentId],
      assigneeName: ['identity.fact_person', row => row.assigneeId],
      openedByName: ['identity.fact_person', row => row.openedById],
    }),
  columns: {
    number: { title: ['编号', 'Number'], value: row => row.number },
    title: { title: ['标题', 'Title'], value: row => row.title },
    kind: { title: ['类型', 'Kind'], value: row => row.kindName },
    status: { title: ['状态', 'Status'], value: (row, say) => say(ticketStatusWords[row.status]) },
    priority: { title: ['优先级', 'Priority'], value: (row, say) => say(priorityWords[row.priority]) },
    customer: { title: ['客户', 'Customer'], value: row => row.customerName },
    place: { title: ['地点', 'Place'], value: row => row.place },
    department: { title: ['部门', 'Department'], value: row => row.departmentName },
    assignee: { title: ['处理人', 'Assignee'], value: row => row.assigneeName },
    openedBy: { title: ['受理人', 'Opened by'], value: row => row.openedByName },
    openedAt: { title: ['受理时间', 'Opened'], value: row => row.openedAt },
    dueAt: { title: ['截止时间', 'Due'], value: row => row.dueAt },
    late: { title: ['超时', 'Late'], value: (row, say) => (row.late ? say(['是', 'yes']) : '') },
    dispatchedAt: { title: ['派单时间', 'Dispatched'], value: row => row.dispatchedAt },
    takenAt: { title: ['接单时间', 'Taken'], value: row => row.takenAt },
    resolvedAt: { title: ['办结时间', 'Resolved'], value: row => row.resolvedAt },
    closedAt: { title: ['关闭时间', 'Closed'], value: row => row.closedAt },
    changedAt: { title: ['最近变动', 'Last change'], value: row => row.changedAt },
    returns: { title: ['退回次数', 'Returns'], value: row => row.returns },
    urges: { title: ['催办次数', 'Urged'], value: row => row.urges },
  },
})

export const exports = [ticketExport]
