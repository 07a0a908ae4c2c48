import type { ApprovalStep, ApprovalWhole } from '#contract/approvals.ts'
import { useNames } from '../app/people.tsx'
import { Sep } from '../kit/parts.tsx'
import { clockTime, full } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { w } from './words.ts'

/** So many names of those who may decide are written out. */
const most = 3

/** The way of a request, drawn as a line: who decided what, and for whom it waits. */
export function ApprovalSteps({ approval: a }: { approval: ApprovalWhole }) {
  const name = useNames([...a.steps.flatMap(s => [s.decidedById, s.decidedForId, s.personId]), ...a.deciderIds])
  const waiting = a.deciderIds.slice(0, most).map(name).filter(Boolean).join(', ')
  const more = a.deciderIds.length - most
  return (
    <section aria-label={w.steps}>
      <h3>{w.steps}</h3>
      <ol className="stepline">
        {a.steps.map(s => (
          <li key={s.id} className={s.state} {...(s.state === 'open' ? { 'aria-current': 'step' as const } : {})}>
            <div className="row wrap">
              <b className="m5">{nameOf(s)}</b>
              <Mark step={s} />
              {s.decidedAt && (
                <time className="t3 f12 end" dateTime={s.decidedAt.toISOString()} title={full(s.decidedAt)}>
                  {clockTime(s.decidedAt)}
                </time>
              )}
            </div>
            {s.decidedById && (
              <p className="t2">
                {s.decidedForId ? w.by(name(s.decidedById), name(s.decidedForId)) : name(s.decidedById)}
                {s.reason && (
                  <>
                    <Sep />
                    {s.reason}
                  </>
                )}
              </p>
            )}
            {s.state === 'open' && waiting && (
              <p className="t3">
                {w.waitsFor} {waiting} {more > 0 && w.andMore(a.deciderIds.length)}
              </p>
            )}
          </li>
        ))}
      </ol>
      {a.state === 'recalled' && (
        <p className="t3">
          {w.stateRecalled}
          {a.decidedAt && <> {clockTime(a.decidedAt)}</>}
          {a.reason && (
            <>
              <Sep />
              {a.reason}
            </>
          )}
        </p>
      )}
    </section>
  )
}

const words: Record<ApprovalStep['state'], readonly [tone: string, word: () => string]> = {
  later: ['', () => w.stepLater],
  open: ['ac', () => w.stateOpen],
  approved: ['ok', () => w.stateApproved],
  refused: ['ba', () => w.stateRefused],
  dropped: ['', () => w.stepDropped],
}
function Mark({ step }: { step: ApprovalStep }) {
  const [tone, word] = words[step.state]
  return <span className={`tag ${tone}`}>{word()}</span>
}
