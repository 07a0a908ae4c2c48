import { approvalPolicies } from '#contract/approvals.ts'
import { FigureName } from '#contract/insight.ts'
import { segments } from '#contract/segments.ts'
import { useMay } from '../app/me.ts'
import { minutesSaid, triggerName, useOffers, useSay } from '../automation/offered.ts'
import { w as rule } from '../automation/words.ts'
import { useDeclared, valueText } from '../improvement/figures.ts'
import { useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'
import type { Names } from './auditWords.ts'

/** The words of rules, figures and kinds of approval, as far as whoever reads the audit may see them. */
export function useAuditNames(): Names {
  const offers = useOffers()
  const may = useMay()
  const segmentFields = useFetch(segments.fields, {}, { staleTime: 600_000, enabled: may('customer:read') }).data
  const say = useSay(null, [], [], segmentFields)
  const figures = useDeclared()
  const policies = useFetch(approvalPolicies.list, { query: {} }, { staleTime: 600_000 }).data ?? []
  const declared = (figure: string) => {
    const known = FigureName.safeParse(figure)
    return known.success ? figures.of(known.data) : undefined
  }
  const named = (row: { name: string; nameEn: string } | undefined, key: string) => (row ? nameOf(row) : key)
  return {
    ...say,
    match: match => (match === 'all' ? rule.matchAll : match === 'any' ? rule.matchAny : rule.matchNone),
    wait: minutesSaid,
    trigger: key => triggerName(offers, key),
    takes: takes => (takes === 'first' ? rule.takesFirst : rule.takesAll),
    approval: kind =>
      named(
        policies.find(p => p.kind === kind),
        kind,
      ),
    figure: figure => named(declared(figure), figure),
    target: (figure, value) => valueText(declared(figure), value),
  }
}
