import { identity } from '#contract/identity.ts'
import { useFetch } from '../kit/data.ts'

/** Colleagues to give a task to. */
export function useEveryone() {
  const rows = useFetch(identity.people, {}, { staleTime: 300_000 }).data ?? []
  return {
    name: (id: string | null) => rows.find(p => p.id === id)?.name ?? '',
    options: rows.filter(p => !p.retired).map(p => ({ value: p.id, label: p.name })),
  }
}
