import { departments } from '#contract/people.ts'
import { ticketCategories, ticketKinds } from '#contract/tickets.ts'
import { useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'

const slow = { staleTime: 300_000 }
const all = { query: { retired: true } }

/** The names behind the ids of a ticket. Retired ones too: old tickets keep their names. */
export function useDepartments() {
  const rows = useFetch(departments.list, all, slow).data ?? []
  const byId = new Map(rows.map(d => [d.id, d]))
  return {
    name: (id: string | null) => nameOf(byId.get(id ?? '') ?? { name: '' }),
    open: rows.filter(d => !d.retired && d.takesTickets),
  }
}

export function useKinds() {
  const kinds = useFetch(ticketKinds.list, all, slow).data ?? []
  const categories = useFetch(ticketCategories.list, all, slow).data ?? []
  return {
    kinds: kinds.filter(k => !k.retired).sort((a, b) => a.position - b.position),
    kind: (id: string) => kinds.find(k => k.id === id),
    kindName: (id: string) => nameOf(kinds.find(k => k.id === id) ?? { name: '' }),
    categoryName: (id: string | null) => nameOf(categories.find(c => c.id === id) ?? { name: '' }),
    categoriesOf: (kindId: string) => categories.filter(c => c.kindId === kindId && !c.retired).sort((a, b) => a.position - b.position),
  }
}
