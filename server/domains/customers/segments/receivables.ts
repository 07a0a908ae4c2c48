import { sql } from 'kysely'
import type { Behaviour } from './behaviour.ts'

const accounts = sql`customers.account`
const receivables = sql`customers.receivable`
const owing = () => sql`f.overdue_since is not null`

/** What the books say of a customer and whoever was merged into them. The keys without a period are those of rules, and mean the same there. */
export const ofTheBooks: readonly Behaviour[] = [
  {
    key: 'overdueAmount',
    kind: 'number',
    name: '逾期金额',
    nameEn: 'Amount overdue',
    money: true,
    period: false,
    from: accounts,
    where: owing,
    value: () => sql`sum(f.overdue_amount)`,
    none: 0,
  },
  {
    key: 'overdueDays',
    kind: 'number',
    name: '逾期天数',
    nameEn: 'Days overdue',
    period: false,
    from: accounts,
    where: owing,
    value: ({ today }) => sql`greatest(${today} - min(f.overdue_since), 0)`,
    none: 0,
  },
  {
    key: 'overdueBills',
    kind: 'number',
    name: '逾期过的账单（笔）',
    nameEn: 'Bills that were overdue',
    period: true,
    from: receivables,
    // Overdue from the midnight after its day until it was settled: some of that lies within the period.
    where: ({ since, zone }) =>
      sql`(f.overdue or (f.open_amount = 0 and f.settled_at >= ${since} and f.settled_at > (f.due_on + 1)::timestamp at time zone ${zone}))`,
    value: () => sql`count(*)`,
    none: 0,
  },
  {
    key: 'billed',
    kind: 'number',
    name: '出账金额',
    nameEn: 'Amount billed',
    money: true,
    period: true,
    from: receivables,
    where: ({ today, days }) => sql`f.issued_on > ${today} - ${days}::int`,
    value: () => sql`sum(f.amount)`,
    none: 0,
  },
]
