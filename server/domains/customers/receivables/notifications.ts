import { type NoticeKind, tells } from '#kernel/notices.ts'
import { receivableOverdue } from './events.ts'

const overdue: NoticeKind = {
  key: 'receivable.overdue',
  group: ['客户', 'Customers'],
  may: 'customer:read',
  name: ['我的大客户欠费', 'A key account of mine overdue'],
  says: ['{name}欠费 {days} 天：¥{yuan}', '{name} is {days} days overdue: ¥{yuan}'],
}

export const notices = [
  tells(receivableOverdue, overdue, async (ctx, { about, detail }) => {
    const customer = await ctx.db
      .selectFrom('customers.customer')
      .select(['name', 'tier', 'ownerId'])
      .where('id', '=', about)
      .executeTakeFirst()
    if (customer?.tier !== 'key' || customer.ownerId === null) return null
    const yuan = (detail.amount / 100).toFixed(2)
    return { to: { people: [customer.ownerId] }, link: `/customers/${about}`, facts: { name: customer.name, days: detail.days, yuan } }
  }),
]
