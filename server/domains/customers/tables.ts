import type { ColumnType, Generated } from 'kysely'
import type * as z from 'zod'
import type { Customer, IdentityKind } from '#contract/customers.ts'
import type { FormValues } from '#contract/forms.ts'

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
      label: Generated<string>
      /** Of WeChat ids; which number and mail is the main one says the customer's row. */
      main: Generated<boolean>
      since: Date
    }
    'customers.numbering': { last: number }
    /** Whom an import taken back removed. */
    'customers.gone': { id: string; changedXid: Generated<string> }
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
  extId: string | null
  stage: Generated<string>
  /** Values of the organisation's own fields; whoever shows them asks `own/access.ts` which. */
  fields: ColumnType<FormValues, string | undefined, string>
  mergedInto: string | null
  clientId: string | null
  /** Of whom nothing is known any more but that there was somebody. */
  erasedAt: Generated<Date | null>
  /** Every update but `touch` sets it anew: by it the feed knows what changed. */
  changedXid: Generated<string>
  searchVersion: Generated<number>
}
