import type { Field } from '#contract/automation.ts'
import type { Group, Leaf } from '#contract/conditions.ts'
import { segments } from '#contract/segments.ts'
import { useNames } from '../../app/people.tsx'
import { idsAsked, saying } from '../../automation/offered.ts'
import { useFetch } from '../../kit/data.ts'
import { w } from './words.ts'

const none: Field[] = []
export const useSegmentFields = (): Field[] => useFetch(segments.fields, {}, { staleTime: 30_000 }).data ?? none

type Leafs = { leaf: (leaf: Leaf) => string }
/** What must be so, as one would say it: whichever of them, all of them or none. */
export function said({ leaf }: Leafs, condition: Group, inner = false): string {
  const parts = condition.of.map(node => ('field' in node ? leaf(node) : said({ leaf }, node, condition.of.length > 1)))
  const whole = parts.join(condition.match === 'all' ? w.andThen : w.or)
  return condition.match === 'none' ? w.noneOf(whole) : inner && parts.length > 1 ? w.within(whole) : whole
}

/** Conditions in words. */
export function useSaid(conditions: readonly (Group | null)[]): (condition: Group | null) => string {
  const fields = useSegmentFields()
  const personName = useNames(conditions.flatMap(c => (c ? idsAsked(c) : [])))
  const say = saying(fields, personName)
  return condition =>
    condition === null ? w.byHandOnly : condition.of.length === 0 ? w.everybody : fields === none ? '…' : said(say, condition)
}
