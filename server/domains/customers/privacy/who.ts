import { sql } from 'kysely'
import * as z from 'zod'
import { familyOf } from '#kernel/family.ts'
import type { Who } from '#kernel/holdings.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleCustomers } from '../queries.ts'

/** A person with everything by which they can be recognised in what was written elsewhere. */
export const Known = z.object({
  ids: z.array(z.uuid()),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  numbers: z.array(z.string()),
  /** Telephones in all spellings, addresses, names at other houses. */
  marks: z.array(z.string()),
  names: z.array(z.string()),
})
export type Known = z.output<typeof Known> & Who

type Row = {
  id: string
  name: string
  number: string
  phone: string | null
  phoneTyped: string | null
  email: string | null
  extId: string | null
}

/** Every id of a customer whose rights the actor may treat. */
export async function everyFile(ctx: Ctx, id: string): Promise<string[]> {
  found(await visibleCustomers(ctx, 'customer:privacy').select('id').where('id', '=', id).executeTakeFirst(), 'customer', id)
  return familyOf(ctx, id)
}

const sure = (values: (string | null)[], least: number): string[] => [
  ...new Set(values.flatMap(value => (value !== null && value.length >= least ? [value] : []))),
]

export async function knownAs(ctx: Ctx, ids: readonly string[]): Promise<Known> {
  const [customers, identities] = await Promise.all([
    sql<Row>`select id, name, number, phone, phone_typed as "phoneTyped", email, ext_id as "extId" from customers.customer
      where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[])`.execute(ctx.db),
    sql<{ kind: string; value: string; typed: string }>`select kind, value, typed from customers.customer_identity
      where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[])`.execute(ctx.db),
  ])
  const of = (kind: string) => identities.rows.filter(row => row.kind === kind)
  const phones = sure([...customers.rows.map(row => row.phone), ...of('phone').map(row => row.value)], 4)
  const emails = sure([...customers.rows.map(row => row.email), ...of('email').map(row => row.value)], 4)
  return {
    ids: [...ids],
    phones,
    emails,
    numbers: customers.rows.map(row => row.number),
    marks: sure(
      [
        ...phones.flatMap(spellings),
        ...emails,
        ...customers.rows.flatMap(row => [row.phoneTyped, row.email]),
        ...identities.rows.flatMap(row => [row.value, row.typed]),
      ],
      6,
    ),
    names: sure(
      customers.rows.map(row => row.name),
      2,
    ),
  }
}

/** As people write it: with and without the country, in groups. */
function spellings(phone: string): string[] {
  const national = phone.replace(/^\+86/, '')
  if (national === phone || !/^1\d{10}$/.test(national)) return [phone, phone.replace(/^\+/, ''), national]
  const [a, b, c] = [national.slice(0, 3), national.slice(3, 7), national.slice(7)]
  return [phone, phone.slice(1), national, `${a} ${b} ${c}`, `${a}-${b}-${c}`]
}
