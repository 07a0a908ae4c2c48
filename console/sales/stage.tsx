import { opportunityStages } from '#contract/sales.ts'
import { useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'

const tones = { open: 'ac', won: 'ok', lost: '' } as const

/** All stages, also those that are out of use: an old opportunity may stand there. */
export function useStages() {
  const rows = useFetch(opportunityStages.list, { query: { retired: true } }, { staleTime: 60_000 }).data ?? []
  return { stages: rows.filter(s => !s.retired), of: (id: string | null) => rows.find(s => s.id === id) }
}

export function StageTag({ id }: { id: string }) {
  const stage = useStages().of(id)
  return stage ? <span className={`tag ${tones[stage.kind]}`}>{nameOf(stage)}</span> : null
}
