import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from './work.ts'

/** All ids under which a customer is known elsewhere: two files that were merged are read as one. Of most there is one. */
export async function familyOf(ctx: Ctx, customerId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select f.id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.kept_id =
    (select k.kept_id from customers.fact_family k where k.tenant_id = ${ctx.tenantId} and k.id = ${customerId})`.execute(ctx.db)
  return rows.length === 0 ? [customerId] : rows.map(row => row.id)
}

/** Every id of those whom these ids mean, each with the id under which it is read. */
export async function familiesOf(ctx: Ctx, ids: readonly string[]): Promise<{ id: string; keptId: string }[]> {
  const { rows } = await sql<{
    id: string
    keptId: string
  }>`select f.id, f.kept_id as "keptId" from customers.fact_family f where f.tenant_id = ${ctx.tenantId}
    and f.kept_id = any(array(select k.kept_id from customers.fact_family k where k.tenant_id = ${ctx.tenantId} and k.id = any(${[...ids]}::uuid[])))`.execute(
    ctx.db,
  )
  return rows
}

/**
 * Rows of a customer, whichever of their ids these bear. With the family already asked for, a customer who was never merged is found by the very index and order as by
 * one id; without, the database asks.
 */
export function ofFamily(ctx: Ctx, column: RawBuilder<unknown>, customer: string | readonly string[]): RawBuilder<boolean> {
  if (typeof customer === 'string')
    return sql<boolean>`${column} = any(array(select f.id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.kept_id =
      (select k.kept_id from customers.fact_family k where k.tenant_id = ${ctx.tenantId} and k.id = ${customer})))`
  return customer.length === 1 ? sql<boolean>`${column} = ${customer[0]}` : sql<boolean>`${column} = any(${[...customer]}::uuid[])`
}

/** The file that is read in place of this one: itself, unless it was merged. */
export async function keptOf(ctx: Ctx, customerId: string): Promise<string> {
  const { rows } = await sql<{
    keptId: string
  }>`select kept_id as "keptId" from customers.fact_family where tenant_id = ${ctx.tenantId} and id = ${customerId}`.execute(ctx.db)
  return rows[0]?.keptId ?? customerId
}
