import { contactOutcomes, contactReasons, type Interaction } from '#contract/interactions.ts'
import { queues } from '#contract/routing.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'

const kept = { query: { retired: true } }
const unchanging = { staleTime: 60_000 }

type Named = (id: string | null) => string
export type Names = Record<'queue' | 'reason' | 'outcome' | 'agent', Named>
const named =
  (rows: readonly { id: string; name: string; nameEn?: string }[] = []): Named =>
  id => {
    const row = rows.find(r => r.id === id)
    return row ? nameOf(row) : ''
  }

/** Whom and what these contacts name. */
export const useContactNames = (contacts: readonly Interaction[]): Names => ({
  queue: named(useFetch(queues.list, kept, unchanging).data),
  reason: named(useFetch(contactReasons.list, kept, unchanging).data),
  outcome: named(useFetch(contactOutcomes.list, kept, unchanging).data),
  agent: useNames(contacts.map(i => i.agentId)),
})
