import { sql } from 'kysely'
import { type FieldOffer, type Fields, type TriggerOffer, trigger } from '#kernel/automation.ts'
import { ofFamily } from '#kernel/family.ts'
import type { Ctx } from '#kernel/work.ts'
import { accountNeglected } from '../care/events.ts'
import { todayOf } from './counting.ts'
import { receivableCleared, receivableOverdue } from './events.ts'
import { overdueDays } from './rules.ts'

/** What money and marks say of a customer, wherever rules ask. */
export const accountFields: FieldOffer[] = [
  {
    key: 'flags',
    kind: 'tags',
    name: '标记',
    nameEn: 'Marks',
    options: async ctx => {
      const { rows } = await sql<{
        value: string
        name: string
        nameEn: string
      }>`select code as value, max(name) as name, max(name_en) as name_en
        from customers.flag where tenant_id = ${ctx.tenantId} and source not in ('overdue', 'care') group by code order by code limit 100`.execute(
        ctx.db,
      )
      return [
        { value: 'overdue', name: '欠费', nameEn: 'Overdue' },
        { value: 'neglected', name: '久未联系', nameEn: 'Neglected' },
        ...rows.map(row => ({ ...row, nameEn: row.nameEn || row.name })),
      ]
    },
  },
  { key: 'overdueAmount', kind: 'number', name: '逾期金额', nameEn: 'Amount overdue', money: true },
  { key: 'overdueDays', kind: 'number', name: '逾期天数', nameEn: 'Days overdue' },
]

/** With all that the files merged into this one bear. */
export async function accountFacts(ctx: Ctx, id: string): Promise<Fields> {
  const [today, { rows }] = await Promise.all([
    todayOf(ctx),
    sql<{
      codes: string[]
      amount: number | null
      since: string | null
    }>`select sum(a.overdue_amount)::bigint as amount, min(a.overdue_since) as since,
        array(select distinct f.code from customers.flag f where f.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`f.customer_id`, id)} order by f.code) as codes
      from customers.account a where a.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`a.customer_id`, id)}`.execute(ctx.db),
  ])
  const known = rows[0]
  return { flags: known?.codes ?? [], overdueAmount: known?.amount ?? 0, overdueDays: overdueDays(known?.since ?? null, today) }
}

export const accountTriggers: TriggerOffer[] = [
  trigger(receivableOverdue, {
    subject: 'customer',
    name: '客户欠费到 1、30、60 或 90 天',
    nameEn: 'A customer is overdue for 1, 30, 60 or 90 days',
    is: ({ days, amount }) => ({ overdueDays: days, overdueAmount: amount }),
  }),
  trigger(receivableCleared, { subject: 'customer', name: '客户不再欠费', nameEn: 'A customer owes nothing overdue any more' }),
  trigger(accountNeglected, { subject: 'customer', name: '客户久未联系', nameEn: 'A customer is neglected' }),
]
