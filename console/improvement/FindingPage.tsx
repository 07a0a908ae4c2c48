import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Finding, findingCan, improvements, type Round } from '#contract/improvement.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useTheme } from '../app/theme.ts'
import { OfMatter } from '../documents/OfMatter.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import { IconArrowBackUp, IconChevronRight, IconEdit } from '../kit/icons.ts'
import { Failure, FlowSteps, SlaChip, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import '../kit/page.css'
import { Actions } from './Actions.tsx'
import { Check } from './Check.tsx'
import Ends, { type Ending } from './Ends.tsx'
import { ofVersion, subjectText, useDeclared, valueText, windowText } from './figures.ts'
import { History } from './History.tsx'
import './improvement.css'
import { Links } from './Links.tsx'
import PlanForm from './PlanForm.tsx'
import { StageTag, sourceWord, VerdictTag } from './stages.tsx'
import { w } from './words.ts'

const Course = lazy(() => import('./Course.tsx'))

export default function FindingPage() {
  const { id = '' } = useParams({ strict: false })
  const { data, error, refetch, dataUpdatedAt } = useFetch(improvements.one, { id }, { keep: false })
  useFresh(id, 'improvements')
  if (!data)
    return error ? (
      <div className="page">
        <Failure error={error} retry={() => void refetch()} />
        <Link to="/improvements">{w.back}</Link>
      </div>
    ) : (
      <Waiting rows={10} />
    )
  return (
    <>
      {error && <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} />}
      <Shown key={data.id} finding={data} />
    </>
  )
}

function Shown({ finding: f }: { finding: Finding }) {
  const may = useMay()
  const [doing, setDoing] = useState<'plan' | Ending | null>(null)
  const round = f.rounds.find(r => r.number === f.round)
  const earlier = f.rounds.filter(r => r.number !== f.round)
  return (
    <div className="page improvepage findingpage">
      <header>
        <div className="grow">
          <nav className="row t3 crumbs f12" aria-label={w.improvements}>
            <Link to="/improvements">{w.improvements}</Link>
            <IconChevronRight size={14} />
            <span>{w.round(f.round)}</span>
          </nav>
          <div className="row wrap">
            <h1>{f.title}</h1>
            <StageTag card={f} />
            {f.late && f.closedAt === null && <span className="tag ba">{w.late}</span>}
            {f.dueAt && f.closedAt === null && <SlaChip due={f.dueAt} start={f.openedAt} label={w.due} />}
          </div>
        </div>
        <Buttons finding={f} round={round} begin={setDoing} />
      </header>
      <Way finding={f} round={round} />
      <div className="halves">
        <div className="col">
          <About finding={f} edit={() => setDoing('edit')} />
          {round && <Declared round={round} change={findingCan.plan(f) ? () => setDoing('plan') : null} />}
          {round?.begunAt && <Actions finding={f} />}
        </div>
        <div className="col">
          {round && <Figure finding={f} round={round} />}
          {round?.afterFrom && <Check finding={f} round={round} />}
          {round?.standardised && (
            <section className="card" aria-label={w.standardised}>
              <header>
                <h2>{w.standardised}</h2>
              </header>
              <div className="body col">
                <p className="prose">{round.standardised}</p>
                <Links links={round.links} />
              </div>
            </section>
          )}
          {earlier.length > 0 && <Earlier rounds={earlier} />}
          {may('document:read') && <OfMatter about={{ kind: 'finding', id: f.id }} />}
          <History finding={f} />
        </div>
      </div>
      {doing === 'plan' && <PlanForm finding={f} round={round} close={() => setDoing(null)} />}
      {doing !== null && doing !== 'plan' && <Ends finding={f} ending={doing} close={() => setDoing(null)} />}
    </div>
  )
}

function Buttons({
  finding: f,
  round,
  begin: open,
}: {
  finding: Finding
  round: Round | undefined
  begin: (what: 'plan' | Ending) => void
}) {
  const may = useMay()
  const begin = useAct(improvements.begin, { done: () => tell(w.begun) })
  const check = useAct(improvements.check, { done: () => tell(w.checkBegun) })
  if (!may('improvement:write')) return null
  return (
    <span className="row wrap">
      {findingCan.drop(f) && (
        <Button type="text" onClick={() => open('drop')}>
          {w.drop}
        </Button>
      )}
      {findingCan.plan(f) && (
        <Button type={f.stage === 'found' ? 'primary' : 'default'} onClick={() => open('plan')}>
          {round ? w.changePlan : w.makePlan}
        </Button>
      )}
      {findingCan.begin(f) && (
        <Button type="primary" title={w.beginHint} loading={begin.acting} onClick={() => void begin.act({ id: f.id })}>
          {w.begin}
        </Button>
      )}
      {f.stage === 'doing' && !findingCan.check(f) && <span className="t3 f12">{w.checkBlocked}</span>}
      {f.stage === 'doing' && (
        <Button
          type={findingCan.check(f) ? 'primary' : 'default'}
          disabled={!findingCan.check(f)}
          title={findingCan.check(f) ? w.toCheckHint(round?.afterDays ?? 0) : w.checkBlocked}
          loading={check.acting}
          onClick={() => void check.act({ id: f.id })}
        >
          {w.toCheck}
        </Button>
      )}
      {findingCan.close(f) && (
        <Button type="primary" onClick={() => open('close')}>
          {w.standardise}
        </Button>
      )}
      {findingCan.reopen(f) && (
        <Button icon={<IconArrowBackUp size={16} />} onClick={() => open('reopen')}>
          {w.reopen}
        </Button>
      )}
    </span>
  )
}

function Way({ finding: f, round }: { finding: Finding; round: Round | undefined }) {
  const order = ['plan', 'do', 'check', 'act', 'closed'] as const
  const at = f.stage === 'dropped' ? -1 : order.indexOf(f.board)
  const state = (n: number) => (at === 4 || n < at ? ('done' as const) : n === at ? ('now' as const) : ('later' as const))
  return (
    <FlowSteps
      steps={[
        { key: 'plan', name: w.planCol, state: state(0), note: round ? full(round.declaredAt) : '' },
        {
          key: 'do',
          name: w.doCol,
          state: state(1),
          note: f.actions.all > 0 ? w.actionsOf(f.actions.done, f.actions.all) : round?.begunAt ? full(round.begunAt) : '',
        },
        {
          key: 'check',
          name: w.checkCol,
          state: state(2),
          note: round?.afterFrom && round.afterUntil ? windowText({ from: round.afterFrom, until: round.afterUntil }) : '',
        },
        { key: 'act', name: w.actCol, state: state(3), note: f.closedAt && f.stage === 'closed' ? full(f.closedAt) : '' },
      ]}
    />
  )
}

function About({ finding: f, edit }: { finding: Finding; edit: () => void }) {
  const may = useMay()
  return (
    <section className="card" aria-label={w.title}>
      <header>
        <h2>{w.title}</h2>
        {findingCan.change(f) && may('improvement:write') && (
          <Button className="end" size="small" type="text" aria-label={w.edit} icon={<IconEdit size={14} />} onClick={edit} />
        )}
      </header>
      <div className="body col">
        {f.text && <p className="prose">{f.text}</p>}
        <dl className="facts">
          <div>
            <dt>{w.owner}</dt>
            <dd>{f.ownerName ?? w.nobody}</dd>
          </div>
          <div>
            <dt>{w.source}</dt>
            <dd>
              <From finding={f} />
            </dd>
          </div>
        </dl>
      </div>
    </section>
  )
}

function From({ finding: { source } }: { finding: Finding }) {
  const name = source.facts.title || sourceWord(source.noun)
  const to =
    source.noun === 'standard'
      ? `/improvements/standards/${source.id}`
      : source.noun === 'ticket'
        ? `/tickets/${source.id}`
        : source.noun === 'figure'
          ? '/figures'
          : null
  return (
    <span className="row wrap" style={{ gap: 4 }}>
      <span className="t3">{sourceWord(source.noun)}</span>
      {to && (source.id || source.noun === 'figure') ? <Link to={to}>{name}</Link> : source.facts.title}
    </span>
  )
}

function Declared({ round: r, change }: { round: Round; change: (() => void) | null }) {
  const { of } = useDeclared()
  const definition = of(r.figure)
  const may = useMay()
  const facts: [string, React.ReactNode][] = [
    [w.figure, definition ? ofVersion(nameOf(definition), r.figureVersion) : ''],
    [w.subject, subjectText(r.subject)],
    [w.before, windowText({ from: r.beforeFrom, until: r.beforeUntil })],
    [w.expected, valueText(definition, r.expected)],
    [w.afterDays, r.settleDays > 0 ? `${r.afterDays} (+${r.settleDays})` : String(r.afterDays)],
    [w.leastCases, String(r.leastCases)],
    [
      w.testIs,
      definition
        ? `${w[definition.measure === 'proportion' ? 'z' : definition.measure === 'mean' ? 'welch' : 'ratio']}, α = ${r.alpha}`
        : '',
    ],
  ]
  return (
    <section className="card" aria-label={w.plan}>
      <header>
        <h2>{w.plan}</h2>
        <span className="t3 f12">
          {w.declared}
          <i className="sep" />
          {full(r.declaredAt)}
        </span>
        {change && may('improvement:write') && (
          <Button className="end" size="small" type="text" aria-label={w.changePlan} icon={<IconEdit size={14} />} onClick={change} />
        )}
      </header>
      <div className="body col">
        <dl className="facts onecol">
          <div>
            <dt>{w.cause}</dt>
            <dd className="prose">{r.cause}</dd>
          </div>
          <div>
            <dt>{w.measure}</dt>
            <dd className="prose">{r.measure}</dd>
          </div>
        </dl>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  )
}

function Figure({ finding, round }: { finding: Finding; round: Round }) {
  const { of } = useDeclared()
  const { isDark } = useTheme()
  const points = useFetch(improvements.course, { id: finding.id }).data
  const definition = of(round.figure)
  if (!definition) return null
  const latest = round.latest ?? null
  const facts: [string, string, string][] = [
    [w.before, valueText(definition, round.baseline?.value ?? null), round.baseline ? w.cases(round.baseline.n.toLocaleString()) : ''],
    [w.now, valueText(definition, latest?.value ?? null), latest ? w.cases(latest.n.toLocaleString()) : ''],
    [w.expected, valueText(definition, round.expected), w.expectedHint(definition.better === 'up' ? w.higher : w.lower)],
  ]
  return (
    <section className="card course" aria-label={w.course}>
      <header>
        <h2>{nameOf(definition)}</h2>
        <span className="t3 f12">
          {subjectText(round.subject)}
          <i className="sep" />
          {w.perWeek}
        </span>
      </header>
      <dl className="three">
        {facts.map(([name, value, note]) => (
          <div key={name}>
            <dt className="t2 f12">{name}</dt>
            <dd>
              <b className="f20">{value}</b>
              <span className="t3 f12">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
      {points && points.length > 1 && (
        <Suspense fallback={<div className="chart" aria-busy="true" />}>
          <Course key={isDark ? 'dark' : 'light'} points={points} round={round} definition={definition} />
        </Suspense>
      )}
    </section>
  )
}

function Earlier({ rounds }: { rounds: readonly Round[] }) {
  return (
    <section className="card" aria-label={w.earlier}>
      <header>
        <h2>{w.earlier}</h2>
      </header>
      <ul className="body col">
        {rounds.map(r => (
          <li key={r.number} className="col" style={{ gap: 2 }}>
            <span className="row wrap">
              <b className="m5">{w.round(r.number)}</b>
              {r.effects[0] && <VerdictTag verdict={r.verdict ?? r.effects[0].verdict} />}
            </span>
            <span className="t2">{r.measure}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
