import type { Generated } from 'kysely'
import type { Flag } from '#contract/flags.ts'
import type { Receivable } from '#contract/receivables.ts'

declare module '#kernel/tables.ts' {
  interface Tables {
    'customers.receivable': Receivable & { saidAt: Date }
    'customers.flag': Flag & { id: string; setAt: Date }
    'customers.account': {
      customerId: string
      openAmount: number
      overdueAmount: number
      /** The day on which the oldest of it was due. */
      overdueSince: string | null
      told: Generated<number>
      balance: number | null
      balanceOverdue: number | null
      balanceSince: string | null
      balanceSaidAt: Date | null
      billed: number
      billedFor: string
      source: string
      heardAt: Date
    }
  }
}
