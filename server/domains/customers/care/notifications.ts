import { type Notice, type NoticeKind, type To, tells } from '#kernel/notices.ts'
import type { Ctx } from '#kernel/work.ts'
import { accountNeglected } from './events.ts'

const says = ['{name}久未联系，超期 {days} 天', '{name} was left alone, {days} days too long'] as const
const mine: NoticeKind = {
  key: 'account.neglected',
  group: ['客户', 'Customers'],
  may: 'customer:read',
  name: ['我的客户久未联系', 'A customer of mine neglected'],
  says,
}
const anybody: NoticeKind = {
  key: 'account.left_alone',
  group: ['客户', 'Customers'],
  may: 'account:read',
  name: ['大客户久未联系', 'A key account neglected'],
  says,
}

type Those = { ownerId: string | null; tier: string }
const about = async (ctx: Ctx, id: string, days: number, to: (those: Those) => To | null): Promise<Notice | null> => {
  const customer = await ctx.db.selectFrom('customers.customer').select(['name', 'ownerId', 'tier']).where('id', '=', id).executeTakeFirst()
  const whom = customer ? to(customer) : null
  return customer && whom ? { to: whom, link: `/customers/${id}`, facts: { name: customer.name, days } } : null
}

export const notices = [
  tells(accountNeglected, mine, (ctx, { about: id, detail: { days } }) => about(ctx, id, days, ({ ownerId }) => ({ people: [ownerId] }))),
  // Leadership answers for key accounts; other tiers are their owners'.
  tells(accountNeglected, anybody, (ctx, { about: id, detail: { days } }) =>
    about(ctx, id, days, ({ tier }) => (tier === 'key' ? { holders: true } : null)),
  ),
]
