import { approvalExports, taskExports, workExports } from '#contract/lists.ts'
import type { ApprovalState } from '#contract/work.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { listApprovals } from './approvals.ts'
import { listTasks } from './queries.ts'
import { listWork } from './work.ts'

const decided: Record<ApprovalState, readonly [string, string]> = {
  open: ['审批中', 'Under way'],
  approved: ['已通过', 'Approved'],
  refused: ['已拒绝', 'Refused'],
  recalled: ['已撤回', 'Taken back'],
}

export const exports = [
  listExport({
    noun: 'tasks',
    name: ['待办', 'Tasks'],
    asks: taskExports,
    page: async (ctx, query) =>
      withNames(ctx, await listTasks(ctx, query), {
        openedByName: ['identity.fact_person', row => row.openedById],
        departmentName: ['identity.fact_department', row => row.departmentId],
      }),
    columns: {
      title: { title: ['待办', 'Task'], value: row => row.title },
      text: { title: ['说明', 'What to do'], value: row => row.text },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      owner: { title: ['负责人', 'Owner'], value: row => row.ownerName },
      department: { title: ['部门', 'Department'], value: row => row.departmentName },
      openedBy: { title: ['发起人', 'Opened by'], value: row => row.openedByName },
      openedAt: { title: ['发起时间', 'Opened'], value: row => row.openedAt },
      dueAt: { title: ['截止时间', 'Due'], value: row => row.dueAt },
      late: { title: ['超时', 'Late'], value: (row, say) => (row.late ? say(['是', 'yes']) : '') },
      doneAt: { title: ['完成时间', 'Done'], value: row => row.doneAt },
      result: { title: ['结果', 'Result'], value: row => row.result },
    },
  }),
  listExport({
    noun: 'approvals',
    name: ['审批', 'Approvals'],
    asks: approvalExports,
    page: listApprovals,
    columns: {
      title: { title: ['事项', 'Matter'], value: row => row.title },
      text: { title: ['说明', 'Why'], value: row => row.text },
      kind: { title: ['类型', 'Kind'], value: row => row.kind },
      amount: { title: ['金额', 'Amount'], value: row => row.amount && row.amount.minor / 100 },
      currency: { title: ['币种', 'Currency'], value: row => row.amount?.currency },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      askedBy: { title: ['申请人', 'Asked by'], value: row => row.askedByName },
      askedAt: { title: ['申请时间', 'Asked'], value: row => row.askedAt },
      state: { title: ['状态', 'State'], value: (row, say) => say(decided[row.state]) },
      dueAt: { title: ['截止时间', 'Due'], value: row => row.dueAt },
      late: { title: ['超时', 'Late'], value: (row, say) => (row.late ? say(['是', 'yes']) : '') },
      decidedAt: { title: ['决定时间', 'Decided'], value: row => row.decidedAt },
      reason: { title: ['理由', 'Reason'], value: row => row.reason },
    },
  }),
  listExport({
    noun: 'work',
    name: ['待办', 'Work'],
    asks: workExports,
    page: listWork,
    columns: {
      noun: { title: ['类别', 'Kind'], value: (row, say) => say(row.noun === 'task' ? ['待办', 'Task'] : ['审批', 'Approval']) },
      title: { title: ['事项', 'Title'], value: row => row.title },
      text: { title: ['说明', 'What to do'], value: row => row.text },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      person: { title: ['负责人或申请人', 'Owner, or who asked'], value: row => row.personName },
      openedAt: { title: ['发起时间', 'Opened'], value: row => row.openedAt },
      dueAt: { title: ['截止时间', 'Due'], value: row => row.dueAt },
      late: { title: ['超时', 'Late'], value: (row, say) => (row.late ? say(['是', 'yes']) : '') },
      state: { title: ['审批状态', 'Decision'], value: (row, say) => row.state && say(decided[row.state]) },
      doneAt: { title: ['完成时间', 'Done'], value: row => row.doneAt },
      result: { title: ['结果', 'Result'], value: row => row.result },
    },
  }),
]
