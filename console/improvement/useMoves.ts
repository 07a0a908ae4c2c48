import { type Board, type Card, findingCan, improvements } from '#contract/improvement.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { tell } from '../kit/tell.tsx'
import { w } from './words.ts'

/** `to`: the column it leads to; null: none, something is done where the card stands. `blocked`: not yet, and `name` says why. */
export type Move = { to: Board | null; name: string; blocked?: true; run: () => void }

/** Where a card may go from where it stands. What needs words or a judgement is done on its own page. */
export function useMoves(open: (id: string) => void): (card: Card) => Move[] {
  const may = useMay()
  const begin = useAct(improvements.begin, { done: () => tell(w.begun) })
  const check = useAct(improvements.check, { done: () => tell(w.checkBegun) })
  return card => {
    if (!may('improvement:write')) return []
    const moves: Move[] = []
    const there = () => open(card.id)
    if (findingCan.begin(card)) moves.push({ to: 'do', name: w.begin, run: () => void begin.act({ id: card.id }) })
    if (findingCan.plan(card)) moves.push({ to: null, name: card.stage === 'found' ? w.makePlan : w.changePlan, run: there })
    if (findingCan.check(card)) moves.push({ to: 'check', name: w.toCheck, run: () => void check.act({ id: card.id }) })
    else if (findingCan.act(card)) {
      moves.push({ to: null, name: w.addAction, run: there })
      moves.push({ to: null, name: w.checkBlocked, blocked: true, run: there })
    }
    if (findingCan.measure(card)) {
      const until = card.figure?.until
      const over = until ? new Date(`${until}T00:00`) <= new Date() : false
      moves.push({ to: null, name: over ? w.measureNow : w.nothingMeasured, run: there, ...(over ? {} : { blocked: true }) })
    }
    if (findingCan.decide(card)) {
      moves.push({ to: 'act', name: w.decide, run: there })
      moves.push({ to: 'plan', name: w.again, run: there })
    }
    if (findingCan.close(card)) moves.push({ to: 'closed', name: w.standardise, run: there })
    return moves
  }
}
