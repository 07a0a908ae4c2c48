import { Link } from '@tanstack/react-router'
import { Button, Select, type TableColumnType } from 'antd'
import { automation, Outcome, type Run } from '#contract/automation.ts'
import { traceExports } from '#contract/lists.ts'
import { useFresh } from '../app/live.ts'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconX } from '../kit/icons.ts'
import { Empty } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { Head } from './Head.tsx'
import { triggerIn, triggerName, useOffers } from './offered.ts'
import { Done, outcomes } from './Trace.tsx'
import { OutcomeTag, Why } from './Traces.tsx'
import './automation.css'
import { w } from './words.ts'

const paths: Partial<Record<string, (id: string) => string>> = {
  ticket: id => `/tickets/${id}`,
  customer: id => `/customers/${id}`,
  task: id => `/tasks?t=${id}`,
  conversation: id => `/desk?c=${id}`,
}

/** What rules did, and why. */
export default function RunsPage() {
  const [filters, change] = useFilters(automation.runs)
  const list = useListing(automation.runs, filters)
  const offers = useOffers()
  const rules = useFetch(automation.list, {}).data?.rules ?? []
  useFresh('rule', 'automation')
  const noun = (run: Run) => {
    const subject = offers?.subjects.find(s => s.noun === triggerIn(offers, run.trigger)?.subject)
    return subject ? nameOf(subject) : run.subjectNoun
  }
  const columns: (TableColumnType<Run> & ViewColumn)[] = [
    {
      key: 'at',
      title: w.at,
      order: 'time',
      width: 128,
      render: (_, run) => (
        <time className="t2 nowrap" dateTime={run.at.toISOString()}>
          {full(run.at)}
        </time>
      ),
    },
    {
      key: 'rule',
      title: w.rule,
      width: 200,
      render: (_, run) => (
        <>
          <Link to={`/automation/${run.ruleId}`}>{run.ruleName}</Link> <span className="t3 f12">{w.version(run.version)}</span>
          <div className="t3 f12">{triggerName(offers, run.trigger)}</div>
        </>
      ),
    },
    {
      key: 'what',
      title: w.what,
      width: 88,
      render: (_, run) => (run.hidden ? noun(run) : <Link to={paths[run.subjectNoun]?.(run.subjectId) ?? '.'}>{noun(run)}</Link>),
    },
    { key: 'outcome', title: w.outcome, width: 96, render: (_, run) => <OutcomeTag run={run} /> },
    { key: 'why', title: w.why, render: (_, run) => <Why run={run} /> },
    { key: 'did', title: w.did, render: (_, run) => <Done run={run} /> },
  ]
  const views = useViews('traces', automation.runs, columns)
  return (
    <div className="page">
      <Head title={w.traces}>
        <span className="t3 cut">{w.tracesHint}</span>
        <ExportButton end of={traceExports} filter={filters} what={w.traces} />
      </Head>
      <ViewBar of={views} first={w.everyTrace} />
      <div className="row wrap">
        <Select
          style={{ width: 208 }}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={w.everyRule}
          aria-label={w.rule}
          value={filters.ruleId ?? null}
          onChange={ruleId => change({ ruleId: ruleId ?? undefined })}
          options={rules.map(rule => ({ value: rule.id, label: rule.name }))}
        />
        <Select
          style={{ width: 144 }}
          allowClear
          placeholder={w.everyOutcome}
          aria-label={w.outcome}
          value={filters.outcome ?? null}
          onChange={outcome => change({ outcome: outcome ?? undefined })}
          options={Outcome.options.map(value => ({ value, label: outcomes[value].word() }))}
        />
        {filters.subjectId && (
          <Button size="small" icon={<IconX size={14} />} onClick={() => change({ subjectId: undefined })}>
            {w.what}
          </Button>
        )}
        <ViewTools of={views} />
      </div>
      <ListTable<Run>
        list={list}
        empty={<Empty title={w.noTraces} hint={w.noTracesHint} />}
        views={views}
        columns={inView(views, columns)}
      />
    </div>
  )
}
