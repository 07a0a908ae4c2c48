import { keyAccountExports } from '#contract/lists.ts'
import { listExport } from '#kernel/exports.ts'
import { listKeyAccounts } from './accounts.ts'

export const exports = [
  listExport({
    noun: 'key-accounts',
    name: ['大客户', 'Key accounts'],
    asks: keyAccountExports,
    page: listKeyAccounts,
    columns: {
      number: { title: ['户号', 'Number'], value: row => row.number },
      name: { title: ['姓名', 'Name'], value: row => row.name },
      owner: { title: ['负责人', 'Owner'], value: row => row.ownerName },
      team: { title: ['班组', 'Team'], value: row => row.teamName },
      billed: { title: ['近 12 个月应收（元）', 'Billed in 12 months (yuan)'], value: row => row.billed / 100 },
      before: { title: ['再前 12 个月（元）', 'The 12 months before (yuan)'], value: row => row.billedBefore / 100 },
      balance: { title: ['欠费（元）', 'Balance due (yuan)'], value: row => row.balanceDue / 100 },
      overdue: { title: ['逾期金额（元）', 'Overdue (yuan)'], value: row => row.overdueAmount / 100 },
      days: { title: ['逾期天数', 'Days overdue'], value: row => row.overdueDays },
      open: { title: ['未结工单', 'Open tickets'], value: row => row.openTickets },
      late: { title: ['超时工单', 'Late tickets'], value: row => row.lateTickets },
      complaints: { title: ['90 天投诉', 'Complaints in 90 days'], value: row => row.complaints },
      rating: { title: ['90 天评价', 'Rating in 90 days'], value: row => row.rating },
      last: { title: ['最近联系', 'Last contact'], value: row => row.lastContactAt },
      by: { title: ['联系人', 'By'], value: row => row.lastContactBy },
      visit: { title: ['下次拜访', 'Next visit'], value: row => row.visitOn },
      neglected: { title: ['久未联系，自', 'Neglected since'], value: row => row.neglectedSince },
    },
  }),
]
