import type { Card, SourceNoun, Stage, Verdict } from '#contract/improvement.ts'
import { IconAlertTriangle, IconCheck } from '../kit/icons.ts'
import { w } from './words.ts'

export const stageWord = (stage: Stage): string => w[stage]
const tones: Partial<Record<Stage, string>> = { checked: 'wa', closed: 'ok' }

export function StageTag({ card }: { card: Pick<Card, 'stage' | 'outcome'> }) {
  if (card.outcome === 'overridden') return <span className="tag wa">{w.overridden}</span>
  return <span className={`tag ${tones[card.stage] ?? ''}`}>{stageWord(card.stage)}</span>
}

export const verdictWord = (verdict: Verdict): string =>
  ({ effective: w.effective, not_effective: w.notEffective, undecided: w.undecided, too_few: w.tooFew })[verdict]
export function VerdictTag({ verdict }: { verdict: Verdict }) {
  const tone = verdict === 'effective' ? 'ok' : verdict === 'not_effective' ? 'ba' : 'wa'
  return (
    <span className={`tag ${tone}`}>
      {verdict === 'effective' ? <IconCheck size={12} /> : <IconAlertTriangle size={12} />}
      {verdictWord(verdict)}
    </span>
  )
}

export const sourceWord = (noun: SourceNoun): string =>
  ({ idea: w.idea, standard: w.fromStandard, ticket: w.fromTicket, interaction: w.fromContact, figure: w.fromFigure })[noun]
