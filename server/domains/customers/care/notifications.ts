import { sql } from 'kysely'
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
  name: ['大客户或无人负责的客户久未联系', 'A key account, or a customer without an owner, neglected'],
  says,
}

type Those = { name: string; tier: string; ownerId: string | null; carerIds: string[]; isHere: boolean }
const about = async (ctx: Ctx, id: string, days: number, to: (those: Those) => To | null): Promise<Notice | null> => {
  const { rows } = await sql<Those>`select c.name, c.tier, c.owner_id, p.id is not null and not p.retired as is_here,
      array(select k.user_id from customers.carer k where k.tenant_id = ${ctx.tenantId} and k.customer_id = c.id) as carer_ids
    from customers.customer c left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = c.owner_id
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id}`.execute(ctx.db)
  const [those] = rows
  const whom = those ? to(those) : null
  return those && whom ? { to: whom, link: `/customers/${id}`, facts: { name: those.name, days } } : null
}

export const notices = [
  tells(accountNeglected, mine, (ctx, { about: id, detail: { days } }) => about(ctx, id, days, ({ ownerId }) => ({ people: [ownerId] }))),
  // Leadership answers for key accounts, each for its own people's; and for whoever's owner has left. Others are their owners'.
  tells(accountNeglected, anybody, (ctx, { about: id, detail: { days } }) =>
    about(ctx, id, days, ({ tier, isHere, ownerId, carerIds }) => (tier === 'key' || !isHere ? { over: [ownerId, ...carerIds] } : null)),
  ),
]
