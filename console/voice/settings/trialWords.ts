import type { FlowNode, TrialCaller, TrialFound, TrialPassed, TrialStep } from '#contract/flows.ts'
import { tierWord } from '../../kit/parts.tsx'
import { nameOf } from '../../kit/words.ts'
import { outOf } from '../outs.words.ts'
import { w } from './words.ts'

export const waitWords: Readonly<Record<TrialStep['waitsFor'], () => string>> = {
  key: () => w.waitsKey,
  digits: () => w.waitsDigits,
  queue: () => w.waitsQueue,
  record: () => w.waitsRecord,
  answer: () => w.waitsAnswer,
  over: () => w.waitsOver,
  blocked: () => w.waitsBlocked,
}

export function callerWord(caller: TrialCaller): string {
  if (caller === 'number') return w.callerNumber
  if (caller === 'stranger') return w.callerStranger
  return caller === 'blocked' ? w.callerBlocked : w.callerTier(tierWord(caller))
}

/** By which way a step was left; empty where it has but one. A key says what it is for. */
export function outWord(node: FlowNode | undefined, out: string): string {
  const option = node?.kind === 'menu' ? node.options.find(o => o.key === out) : undefined
  return option ? `${option.key} ${nameOf(option)}` : outOf(out)
}

const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** What was found there, which is why it went on as it did. */
export function foundWords(found: TrialFound): string[] {
  if (found.of === 'keyed') return [w.keyed(found.digits)]
  if (found.of === 'progress') return found.known ? [] : [w.unknownCaller]
  if (found.of === 'customer')
    return found.known ? [found.name || w.known, ...(found.tier ? [tierWord(found.tier)] : [])] : [w.unknownCaller]
  const hours = found.hours.map(({ from, to }) => `${clock(from)}–${clock(to)}`)
  return [
    found.calendar,
    found.wall.replace('T', ' '),
    hours.length === 0 ? w.allClosed : hours.join(', '),
    ...(found.special ? [w.onThatDay] : []),
  ]
}

type Heard = TrialStep['heard'][number]
/** The steps of one stretch in their order, the one that waits last, each with what was heard there. */
export function wayOf({
  passed,
  node,
  heard,
}: TrialStep): (Pick<TrialPassed, 'out' | 'found'> & { node: string | null; heard: Heard[] })[] {
  const left = [...heard]
  const heardAt = (key: string | null) => {
    const count = left.findIndex(h => h.node !== key)
    return left.splice(0, count < 0 ? left.length : count)
  }
  const steps = [...passed.map(p => ({ ...p, heard: heardAt(p.node) })), { node, out: '', found: null, heard: heardAt(node) }]
  // What is heard at no step is the last word.
  return left.length === 0 ? steps : [...steps, { node: null, out: '', found: null, heard: left }]
}
