import { type ApprovalPolicy, type ApprovalStepRule, approvalPolicies } from '#contract/approvals.ts'
import type { ApprovalState, Money } from '#contract/work.ts'
import { useFetch } from '../kit/data.ts'
import { language, nameOf } from '../kit/words.ts'
import { w } from './words.ts'

export const stateTone: Record<ApprovalState, string> = { open: 'ac', approved: 'ok', refused: 'ba', recalled: '' }
const stateWords: Record<ApprovalState, () => string> = {
  open: () => w.stateOpen,
  approved: () => w.stateApproved,
  refused: () => w.stateRefused,
  recalled: () => w.stateRecalled,
}
export const stateWord = (state: ApprovalState): string => stateWords[state]()

export const moneyText = ({ minor, currency }: Money): string =>
  new Intl.NumberFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {
    style: 'currency',
    currency,
    currencyDisplay: currency === 'CNY' ? 'narrowSymbol' : 'symbol',
    minimumFractionDigits: minor % 100 === 0 ? 0 : 2,
  }).format(minor / 100)

/** A step by its name, and of which amounts it is. */
export function stepText({ currency }: Pick<ApprovalPolicy, 'currency'>, step: ApprovalStepRule): string {
  const money = (minor: number) => moneyText({ minor, currency })
  return [nameOf(step), step.above === null ? '' : `> ${money(step.above)}`, step.upTo === null ? '' : `≤ ${money(step.upTo)}`]
    .filter(Boolean)
    .join(' ')
}

/** What is asked for, by the names of the policies. */
export function useApprovalKinds() {
  const rows = useFetch(approvalPolicies.list, { query: { retired: true } }, { staleTime: 300_000 }).data ?? []
  const open = rows.filter(p => !p.retired).sort((a, b) => a.position - b.position)
  return {
    open,
    kindName: (kind: string) => {
      const policy = open.find(p => p.kind === kind) ?? rows.find(p => p.kind === kind)
      return policy ? nameOf(policy) : kind === 'other' ? w.other : kind
    },
  }
}
