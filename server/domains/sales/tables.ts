import type { Generated } from 'kysely'
import type { Opportunity } from '#contract/sales.ts'

declare module '#kernel/tables.ts' {
  interface Tables {
    'sales.stage': {
      id: string
      name: string
      nameEn: Generated<string>
      kind: Opportunity['state']
      chance: Generated<number>
      position: Generated<number>
      retired: Generated<boolean>
    }
    'sales.opportunity': OpportunityTable
    /** Full text of this tenant only, with the index that row-level security would keep from being used. */
    'sales.searchable': OpportunityTable
    'sales.step': {
      id: string
      opportunityId: string
      fromId: string | null
      toId: string
      at: Date
      byId: string | null
      byName: string | null
      note: Generated<string>
    }
  }
}

export type OpportunityTable = Omit<Opportunity, 'whoName' | 'ownerName'> & {
  phoneTyped: string | null
  openedById: string | null
  search: unknown
  changedXid: Generated<string>
}
