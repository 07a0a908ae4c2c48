import { sql } from 'kysely'
import { NewFlag } from '#contract/flags.ts'
import { CarePlanForm } from '#contract/keyAccounts.ts'
import { NewReceivable } from '#contract/receivables.ts'
import { deliverReceivables, planCare, planTier, setFlag } from '#domains/customers/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { timezone } from './centre.ts'
import { throwing } from './dice.ts'
import type { Ids, Say } from './furnishing.ts'

type Owing = { id: string; number: string; tier: string; balanceDue: number }
const day = 86_400_000
const dayBefore = (date: string, days: number) => new Date(Date.parse(date) - days * day).toISOString().slice(0, 10)
/** The month so many before: 2026-10. */
const monthBefore = (date: string, n: number) => {
  const months = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - n
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}
const mostRows = 1_000

/** Water bills of those who matter and of some who owe, as the billing system would have delivered them; and how the great ones are cared for. */
export async function furnishAccounts(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const today = dateIn(timezone, ctx.now)
  const dice = throwing(`receivables ${today}`)
  const of = (where: string, most: number) =>
    sql<Owing>`select id, number, tier, balance_due as "balanceDue" from customers.customer where tenant_id = ${ctx.tenantId} and ${sql.raw(where)}
      order by number desc limit ${most}`.execute(ctx.db)
  const [key, known, owing] = await Promise.all([
    of(`tier = 'key'`, 24),
    of(`tier <> 'key' and number like '10240%'`, 10),
    of(`tier <> 'key' and number not like '10240%' and balance_due > 0`, 16),
  ])
  const items = [...key.rows, ...known.rows, ...owing.rows].flatMap((customer, n) => {
    const isKey = customer.tier === 'key'
    const usual = isKey ? dice.int(600_00, 9_000_00) : dice.int(42_00, 180_00)
    // What is owed by the file is one bill: of some it was due long ago, of some just now.
    const late = [45, 12, 95, 3, 33][n % 5] ?? 12
    const owedOn = dayBefore(today, late)
    const month = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7))
    return Array.from({ length: isKey ? 24 : 12 }, (_, ago) => {
      const period = monthBefore(today, ago + 1)
      const owed = ago === month(today) - month(owedOn) && customer.balanceDue > 0 ? customer.balanceDue : 0
      const amount = Math.max(owed, Math.round(usual * (0.8 + dice.roll() * 0.4)))
      return NewReceivable.parse({
        extId: `SF${period.replace('-', '')}${customer.number}`,
        customerId: customer.id,
        number: `SF${period.replace('-', '')}-${customer.number.slice(-4)}`,
        kind: say(['水费', 'Water']),
        period,
        amount,
        openAmount: owed,
        issuedOn: `${period}-28`,
        settledAt: owed > 0 ? null : paidAt(today, ago, n),
        dueOn: owed > 0 ? owedOn : `${monthBefore(today, ago)}-20`,
      })
    })
  })
  for (let n = 0; n < items.length; n += mostRows)
    await deliverReceivables(ctx, { source: say(['营收系统', 'Billing']), items: items.slice(n, n + mostRows) })
  await takeCare(ctx, ids, say, today)
}

/** In the month after the one it is for, and not after today. */
function paidAt(today: string, ago: number, n: number): string {
  const latest = ago === 0 ? Math.max(1, Number(today.slice(8)) - 1) : 17
  const day = Math.min(2 + ((n + ago) % 16), latest)
  return `${monthBefore(today, ago)}-${String(day).padStart(2, '0')}T10:${10 + ((7 * n + ago) % 50)}:00+08:00`
}

/** One plan for all key accounts, two with one of their own; of these one was left alone for too long. */
async function takeCare(ctx: Ctx, ids: Ids, say: Say, today: string): Promise<void> {
  const system = ctx.actor
  const supervisor = await ctx.house.standIn(ctx, ids('person supervisor'))
  if (supervisor === null) return
  await sql`update customers.customer set owner_id = case
      when number = '1024000031' or number ~ '[78]$' then ${ids('person supervisor')}::uuid when number ~ '9$' then null else ${ids('person lead')}::uuid end
    where tenant_id = ${ctx.tenantId} and tier = 'key'`.execute(ctx.db)
  const { rows } = await sql<{ id: string; number: string }>`select id, number from customers.customer where tenant_id = ${ctx.tenantId}
    and number in ('1024000016', '1024000031')`.execute(ctx.db)
  const idOf = (number: string) => rows.find(row => row.number === number)?.id
  const [estate, nursery] = [idOf('1024000016'), idOf('1024000031')]
  ctx.actor = supervisor
  await planTier(ctx, 'key', CarePlanForm.parse({ visitDays: 180, contactDays: 90, version: 0 }))
  if (estate)
    await planCare(
      ctx,
      estate,
      CarePlanForm.parse({
        visitDays: 60,
        contactDays: 30,
        startsOn: today,
        note: say(['问二次供水改造进度', 'Ask how the second supply comes along']),
        version: 0,
      }),
    )
  if (nursery)
    await planCare(
      ctx,
      nursery,
      CarePlanForm.parse({
        visitDays: 30,
        contactDays: null,
        startsOn: dayBefore(today, 47),
        note: say(['开学前查一次水质', 'Look at the water before term']),
        version: 0,
      }),
    )
  ctx.actor = system
  if (estate)
    await setFlag(
      ctx,
      estate,
      'instalments',
      NewFlag.parse({ level: 'info', name: '分期缴费', nameEn: 'Pays by instalments', source: say(['营收系统', 'Billing']) }),
    )
}
