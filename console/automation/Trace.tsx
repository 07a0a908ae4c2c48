import type { Run } from '#contract/automation.ts'
import type { Leaf } from '#contract/conditions.ts'
import { IconCheck, IconX } from '../kit/icons.ts'
import { clockTime } from '../kit/time.ts'
import { refusalText } from '../kit/words.ts'
import { isOp, useSay } from './offered.ts'
import { w } from './words.ts'

export const outcomes = {
  done: { word: () => w.done, tone: 'ok' },
  waiting: { word: () => w.waiting, tone: 'wa' },
  stopped: { word: () => w.outStopped, tone: 'ba' },
  missed: { word: () => w.missed, tone: '' },
  unseen: { word: () => w.unseen, tone: '' },
  dropped: { word: () => w.dropped, tone: '' },
} as const satisfies Record<Run['outcome'], { word: () => string; tone: string }>

const reasons: Partial<Record<string, () => string>> = {
  again: () => w.again,
  too_deep: () => w.too_deep,
  too_often: () => w.too_often,
  rule_changed: () => w.rule_changed,
  no_longer: () => w.no_longer,
  begun_anew: () => w.begun_anew,
}
export const reasonWord = (reason: string): string => reasons[reason]?.() ?? ''

type Steps = Run['steps']
/** Every condition with what stood there. */
export function Steps({ trigger, steps }: { trigger: string; steps: Steps }) {
  const say = useSay(
    trigger,
    [],
    steps.flatMap(step => [step.seen, step.was, step.value]),
  )
  if (steps.length === 0) return <span className="t3 f12">{w.always}</span>
  return (
    <ul className="rulesteps f12">
      {steps.map((step, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other name than its place
        <li key={n}>
          <span className={step.holds ? 'okc' : 't3'}>{step.holds ? <IconCheck size={14} /> : <IconX size={14} />}</span>
          <span className={step.holds ? '' : 't2'}>{isOp(step.op) ? say.leaf(leafOf(step, step.op)) : step.op}</span>
          <span className="t3">
            {w.now(say.value(step.field, step.seen))}
            {step.was !== undefined && <> {w.before(say.value(step.field, step.was))}</>}
          </span>
        </li>
      ))}
    </ul>
  )
}
const leafOf = ({ field, value }: Steps[number], op: Leaf['op']): Leaf => ({
  field,
  op,
  value: Array.isArray(value) ? value.map(String) : typeof value === 'number' ? value : isSpan(value) ? value : null,
})
const isSpan = (value: unknown): value is { minutes: number; working: boolean; calendarId: string | null } =>
  typeof value === 'object' && value !== null && 'minutes' in value && 'working' in value

export function Done({ run }: { run: Run }) {
  const say = useSay(run.trigger, [])
  if (run.outcome === 'waiting' && run.dueAt) return <span className="t2 f12">{w.dueAt(clockTime(run.dueAt))}</span>
  if (run.actions.length === 0) return <span className="t3 f12">{reasonWord(run.reason)}</span>
  return (
    <ul className="rulesteps f12">
      {run.actions.map((act, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an action has no other name than its place
        <li key={n}>
          <span className={act.state === 'done' ? 'okc' : act.state === 'refused' ? 'bad' : 't3'}>
            {act.state === 'done' ? <IconCheck size={14} /> : <IconX size={14} />}
          </span>
          <span>{say.action({ action: act.action, params: {} })}</span>
          {act.code && <span className="t3">{refusalText(act.code, act.facts)}</span>}
        </li>
      ))}
    </ul>
  )
}
