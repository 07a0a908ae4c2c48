import type { Field } from '#contract/automation.ts'
import { type Group, type Leaf, periodOf, takenBy } from '#contract/conditions.ts'
import { segments } from '#contract/segments.ts'
import { useNames } from '../../app/people.tsx'
import { leaves, opWord } from '../../automation/offered.ts'
import { useFetch } from '../../kit/data.ts'
import { day } from '../../kit/time.ts'
import { language, nameOf } from '../../kit/words.ts'
import { w } from './words.ts'

export const useSegmentFields = (): Field[] => useFetch(segments.fields, {}, { staleTime: 30_000 }).data ?? []
export const between = () => (language() === 'zh' ? '；' : '; ')

/** Conditions in words. */
export function useSaid(conditions: readonly (Group | null)[]): (condition: Group | null) => string {
  const fields = useSegmentFields()
  const all = conditions.flatMap(c => (c ? leaves(c) : []))
  const personName = useNames(all.flatMap(leaf => (leaf.field === 'owner' && Array.isArray(leaf.value) ? leaf.value : [])))
  const value = (field: Field | undefined, { op, value: asked }: Leaf): string => {
    if (typeof asked === 'number') return String(asked)
    if (Array.isArray(asked)) {
      if (takenBy(op) === 'instant') return asked[0] ? day(new Date(asked[0])) : ''
      const word = (one: string) => {
        const option = field?.options?.find(o => o.value === one)
        return option ? nameOf(option) : field?.kind === 'person' ? personName(one) || '…' : one
      }
      return asked.map(word).join(' / ')
    }
    return asked !== null && 'minutes' in asked ? `${Math.round(asked.minutes / 1440)} ${w.days}` : ''
  }
  const said = (leaf: Leaf): string => {
    const { base, days } = periodOf(leaf.field)
    const field = fields.find(f => f.key === base)
    return [field ? nameOf(field) : base, days === null ? '' : w.lately(days), opWord(leaf.op), value(field, leaf)]
      .filter(Boolean)
      .join(' ')
  }
  return condition =>
    condition === null ? w.byHandOnly : condition.of.length === 0 ? w.everybody : leaves(condition).map(said).join(between())
}
