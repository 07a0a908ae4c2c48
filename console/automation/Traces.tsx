import { Link } from '@tanstack/react-router'
import { automation, type Run } from '#contract/automation.ts'
import { useFetch } from '../kit/data.ts'
import { clockTime } from '../kit/time.ts'
import { Done, outcomes, reasonWord, Steps } from './Trace.tsx'
import './automation.css'
import { w } from './words.ts'

/** The latest runs of one rule, or of all rules on one thing: why this happened. Nothing where no rule ever looked. */
export function Traces({ ruleId, subjectId }: { ruleId?: string; subjectId?: string }) {
  const query = { size: 8, ...(ruleId ? { ruleId } : {}), ...(subjectId ? { subjectId } : {}) }
  const { data } = useFetch(automation.runs, { query }, { keep: false })
  const rows = data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <section className="card" aria-label={subjectId ? w.whyThis : w.traces}>
      <header>
        <h3>{subjectId ? w.whyThis : w.traces}</h3>
        <Link
          className="end f12"
          to="/automation/runs"
          search={{ ...(ruleId ? { ruleId } : {}), ...(subjectId ? { subjectId } : {}) } as never}
        >
          {w.traces}
        </Link>
      </header>
      <div className="body col" style={{ gap: 8 }}>
        {rows.map(run => (
          <One key={run.id} run={run} named={subjectId !== undefined} />
        ))}
      </div>
    </section>
  )
}

function One({ run, named }: { run: Run; named: boolean }) {
  return (
    <details open={named && run.outcome === 'done'}>
      <summary className="f12">
        <OutcomeTag run={run} /> {named && <Link to={`/automation/${run.ruleId}`}>{run.ruleName}</Link>}{' '}
        <span className="t3">{w.version(run.version)}</span> <span className="t3">{clockTime(run.at)}</span>
      </summary>
      <Why run={run} />
      <Done run={run} />
    </details>
  )
}

export const OutcomeTag = ({ run }: { run: Run }) => (
  <span className={`tag ${outcomes[run.outcome].tone}`} title={reasonWord(run.reason)}>
    {outcomes[run.outcome].word()}
  </span>
)
export const Why = ({ run }: { run: Run }) => (
  <div className="tracewhy f12">
    {run.depth > 0 && <span className="t3">{w.chained(run.depth)}</span>}
    {run.hidden ? <span className="t3">{w.hidden}</span> : run.outcome !== 'unseen' && <Steps trigger={run.trigger} steps={run.steps} />}
  </div>
)
