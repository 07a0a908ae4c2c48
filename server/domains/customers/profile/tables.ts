import type { Generated } from 'kysely'
import type * as z from 'zod'
import type { RelationKind } from '#contract/profile.ts'

declare module '#kernel/tables.ts' {
  interface Tables {
    'customers.address': {
      id: string
      customerId: string
      label: Generated<string>
      main: Generated<boolean>
      province: Generated<string>
      city: Generated<string>
      district: Generated<string>
      street: Generated<string>
      detail: Generated<string>
      postCode: Generated<string>
      since: Date
    }
    'customers.relation': {
      id: string
      customerId: string
      toId: string
      kind: z.output<typeof RelationKind>
      role: Generated<string>
      main: Generated<boolean>
      since: Date
    }
    'customers.carer': { customerId: string; userId: string; since: Date }
    'customers.note': {
      id: string
      customerId: string
      text: string
      pinned: Generated<boolean>
      writerId: string | null
      writtenAt: Date
      changedAt: Date | null
      removedAt: Date | null
      version: Generated<number>
      clientId: string | null
    }
    'customers.file': {
      id: string
      customerId: string
      fileId: string
      note: Generated<string>
      addedById: string | null
      addedAt: Date
      removedAt: Date | null
    }
  }
}
