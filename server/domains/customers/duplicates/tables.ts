import type { DuplicateReason } from '#contract/duplicates.ts'
import type { LadderKind } from '#contract/segments.ts'
import type { Pin } from '../segments/pins.ts'

export type Became = Record<string, unknown>
/** What came over from the file that goes, by table; `mains`: rows that were the main one of their kind and are so no more. */
export type Moved = {
  identities: string[]
  addresses: string[]
  relations: string[]
  relationsTo: string[]
  records: string[]
  carers: string[]
  aliases: string[]
  mains: { identities: string[]; addresses: string[] }
  consents: { purpose: string; channel: string; was: Record<string, unknown> | null; became: Record<string, unknown> }[]
  undisturbed: { was: Record<string, unknown> | null; became: Record<string, unknown> } | null
  /** Mergings of older versions left these where they were. `waiting`: open rounds that stand behind the kept file's own, with the tasks they had. */
  care?: { plan: string | null; rounds: string[]; waiting: { id: string; taskId: string | null }[]; neglected: Record<string, unknown>[] }
  pins?: { kind: LadderKind; was: Pin | null; became: Pin | null }[]
}
declare module '#kernel/tables.ts' {
  interface Tables {
    'customers.matchKey': { customerId: string; kind: string; key: string }
    'customers.matchLook': { customerId: string; print: string }
    'customers.duplicate': {
      id: string
      aId: string
      bId: string
      score: number
      reasons: DuplicateReason[]
      print: string
      state: 'open' | 'dismissed' | 'merged'
      foundAt: Date
      decidedAt: Date | null
      decidedById: string | null
    }
    'customers.matchPass': { xid: string; customerId: string }
    'customers.merge': {
      id: string
      keptId: string
      goneId: string
      was: Became
      became: Became
      moved: Moved
      at: Date
      byId: string | null
      apartAt: Date | null
      apartById: string | null
    }
  }
}
