import type { Generated } from 'kysely'
import type * as z from 'zod'
import type { Customer, IdentityKind } from '#contract/customers.ts'

type Wire = z.output<typeof Customer>

declare module '#kernel/tables.ts' {
  interface Tables {
    'customers.customer': CustomerTable
    /** Full text of this tenant only, with the index that row-level security would keep from being used. */
    'customers.searchable': CustomerTable
    'customers.customerIdentity': {
      id: string
      customerId: string
      kind: z.output<typeof IdentityKind>
      value: string
      typed: string
      lastFour: Generated<string | null>
      since: Date
    }
    'customers.numbering': { last: number }
    'customers.factCustomer': { id: string; name: string; number: string; tier: Wire['tier']; kind: Wire['kind']; district: string }
  }
}

export type CustomerTable = {
  id: string
  number: string
  kind: Wire['kind']
  name: string
  tier: Generated<Wire['tier']>
  phone: string | null
  phoneTyped: string | null
  email: string | null
  address: Generated<string>
  district: Generated<string>
  postCode: Generated<string>
  note: Generated<string>
  tags: Generated<string[]>
  care: Generated<Wire['care']>
  balanceDue: Generated<number>
  since: Date
  lastContactAt: Date | null
  ownerId: string | null
  version: Generated<number>
  search: Generated<unknown>
  searchVersion: Generated<number>
}
