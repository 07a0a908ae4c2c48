import type pg from 'pg'
import { throwing } from '../dice.ts'
import type { Fill } from '../fill.ts'
import { customerRows, newBatch } from '../rows.ts'
import { customersOf } from '../world.ts'
import type { Grown } from './grow.ts'

const batchOf = 10_000

/** The customers beyond those that are there: the same dice threw the first ones. */
export async function growCustomers(
  fill: Fill,
  client: pg.Client,
  { tenantId, language, say, first, amount, tell }: Grown,
): Promise<boolean> {
  const { rows } = await client.query<{ n: number; last: string }>(
    `select count(*)::int as n, coalesce(max(number) filter (where number < '1024'), '') as last from customers.customer where tenant_id = $1`,
    [tenantId],
  )
  const there = rows[0]?.n ?? 0
  if (there >= amount.customers * 0.99) return false
  const all = customersOf(throwing(`${language} customers`), language, say, amount.customers, first)
  const more = all.filter(c => c.number > (rows[0]?.last ?? '') && c.number < '1024').slice(0, amount.customers - there)
  const dice = throwing(`${language} more identities`)
  for (let n = 0; n < more.length; n += batchOf) {
    const batch = newBatch()
    for (const customer of more.slice(n, n + batchOf)) customerRows(batch, dice, customer)
    await fill('customers.customer', batch['customers.customer'])
    await fill('customers.customer_identity', batch['customers.customer_identity'])
    tell('customers', Math.min(n + batchOf, more.length), more.length)
  }
  return true
}
