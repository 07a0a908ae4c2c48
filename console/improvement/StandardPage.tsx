import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { improvements } from '#contract/improvement.ts'
import { type Attainment, type Standard, standards } from '#contract/standards.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { ListTable } from '../kit/DataTable.tsx'
import { useAct, useFetch, useListing } from '../kit/data.ts'
import { IconChevronRight } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { ago } from '../kit/time.ts'
import { language, nameOf } from '../kit/words.ts'
import '../kit/page.css'
import { kindWord, periodText, periodWord, Spark, StateTag, targetText } from './attainment.tsx'
import { dayText, ofVersion, subjectText, useDeclared, valueText } from './figures.ts'
import { Improve } from './Improve.tsx'
import './improvement.css'
import { ChangeStandard, NewTarget } from './StandardForm.tsx'
import { StageTag } from './stages.tsx'
import { s } from './standards.words.ts'

export default function StandardPage() {
  const { id = '' } = useParams({ strict: false })
  const { data, error, refetch } = useFetch(standards.one, { id }, { keep: false })
  useFresh(id, 'standards', 'attainments')
  if (data) return <Shown key={data.id} standard={data} />
  return error ? (
    <div className="page">
      <Failure error={error} retry={() => void refetch()} />
      <Link to="/improvements/standards">{s.back}</Link>
    </div>
  ) : (
    <Waiting rows={10} />
  )
}

function Shown({ standard: one }: { standard: Standard }) {
  const may = useMay()
  const { of } = useDeclared()
  const [doing, setDoing] = useState<'words' | 'target' | null>(null)
  const compute = useAct(standards.compute, { also: ['attainments'] })
  const retire = useAct(standards.retire)
  const periods = useListing(standards.attainments, { standardId: one.id })
  const v = one.version
  const definition = v ? of(v.figure) : undefined
  const last = one.past.at(-1)
  const configures = may('standard:configure')
  return (
    <div className="page improvepage">
      <header>
        <div className="grow">
          <nav className="row t3 crumbs f12" aria-label={s.title}>
            <Link to="/improvements/standards">{s.title}</Link>
            <IconChevronRight size={14} />
            <span>{kindWord(one.kind)}</span>
          </nav>
          <div className="row wrap">
            <h1>{nameOf(one)}</h1>
            {one.retired && <span className="tag">{s.retired}</span>}
            {last && <StateTag attainment={last} />}
          </div>
        </div>
        <span className="row wrap">
          {configures && (
            <>
              <Button type="text" loading={retire.acting} onClick={() => void retire.act({ id: one.id, body: { retired: !one.retired } })}>
                {one.retired ? s.restore : s.retire}
              </Button>
              <Button onClick={() => setDoing('words')}>{s.changeWords}</Button>
              <Button onClick={() => setDoing('target')}>{s.newTarget}</Button>
            </>
          )}
          <Improve from={{ noun: 'standard', id: one.id, title: nameOf(one) }} />
        </span>
      </header>
      <div className="halves">
        <div className="col">
          {v && (
            <section className="card" aria-label={s.running}>
              <header>
                <h2>{s.running}</h2>
                {one.running && <span className="t3 f12">{periodText(v, one.running)}</span>}
                <Button className="end" size="small" loading={compute.acting} onClick={() => void compute.act({ id: one.id })}>
                  {s.compute}
                </Button>
              </header>
              <div className="body col">
                {one.running && (
                  <>
                    <div className="row wrap" style={{ gap: 12 }}>
                      <b className="f28">{valueText(definition, one.running.value)}</b>
                      <span className="t2">{targetText(definition, v)}</span>
                      <StateTag attainment={one.running} />
                    </div>
                    <span className="t3 f12">
                      {s.cases(one.running.n.toLocaleString())}
                      {one.running.low !== null && one.running.high !== null && (
                        <>
                          <i className="sep" />
                          {s.interval} {valueText(definition, one.running.low)} – {valueText(definition, one.running.high)}
                        </>
                      )}
                      <i className="sep" />
                      {s.computed(ago(one.running.computedAt))}
                    </span>
                  </>
                )}
                <Spark past={one.past} version={v} definition={definition} />
              </div>
            </section>
          )}
          <section className="card" aria-label={s.periods}>
            <header>
              <h2>{s.periods}</h2>
            </header>
            <ListTable<Attainment>
              list={periods}
              empty={<Empty title={v ? s.nothing : s.notMeasured} />}
              columns={[
                { key: 'period', title: s.periodCol, render: (_, a) => periodText(v, a) },
                { key: 'value', title: s.value, width: 96, align: 'end', render: (_, a) => <b>{valueText(definition, a.value)}</b> },
                { key: 'n', title: s.n, width: 80, align: 'end', render: (_, a) => a.n.toLocaleString() },
                {
                  key: 'state',
                  title: s.state,
                  width: 168,
                  render: (_, a) => (
                    <span className="row">
                      <StateTag attainment={a} />
                      {a.taskId && may('task:read') && (
                        <Link className="f12 nowrap" to="/tasks" search={{ t: a.taskId } as never}>
                          {s.answer}
                        </Link>
                      )}
                    </span>
                  ),
                },
              ]}
            />
          </section>
        </div>
        <div className="col">
          <section className="card" aria-label={s.text}>
            <header>
              <h2>{s.text}</h2>
            </header>
            <div className="body col">
              {one.text && <p className="prose">{one.text}</p>}
              <dl className="facts onecol">
                <div>
                  <dt>{s.source}</dt>
                  <dd>{one.source || '—'}</dd>
                </div>
                <div>
                  <dt>{s.owner}</dt>
                  <dd>{one.ownerName ?? s.nobody}</dd>
                </div>
                {v && definition && (
                  <>
                    <div>
                      <dt>{s.measured}</dt>
                      <dd>
                        {nameOf(definition)}
                        <i className="sep" />
                        {subjectText(v.subject)}
                        <i className="sep" />
                        {periodWord(v.period)}
                      </dd>
                    </div>
                    <div>
                      <dt>{s.definition}</dt>
                      <dd className="t2">
                        {ofVersion(language() === 'zh' ? definition.zh : definition.en, v.figureVersion)}
                        {may('insight:read') && (
                          <>
                            {' '}
                            <Link to="/figures">{s.figures}</Link>
                          </>
                        )}
                      </dd>
                    </div>
                  </>
                )}
              </dl>
            </div>
          </section>
          {v && <Versions standard={one} />}
          <Led standard={one} />
        </div>
      </div>
      {doing === 'words' && <ChangeStandard standard={one} close={() => setDoing(null)} />}
      {doing === 'target' && <NewTarget standard={one} close={() => setDoing(null)} />}
    </div>
  )
}

function Versions({ standard }: { standard: Standard }) {
  const { of } = useDeclared()
  const rows = useFetch(standards.versions, { id: standard.id }).data ?? []
  return (
    <section className="card" aria-label={s.versions}>
      <header>
        <h2>{s.versions}</h2>
      </header>
      <ul className="body col">
        {rows.map(v => (
          <li key={v.id} className="row wrap">
            <b className="m5">{s.version(v.number)}</b>
            <span>{targetText(of(v.figure), v)}</span>
            <span className="t3 f12">
              {periodWord(v.period)}
              <i className="sep" />
              {s.fromDay} {dayText(v.fromDay)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What was undertaken because of it. */
function Led({ standard }: { standard: Standard }) {
  const rows = useFetch(improvements.list, { query: { sourceId: standard.id, size: 10 } }).data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <section className="card" aria-label={s.improvements}>
      <header>
        <h2>{s.improvements}</h2>
      </header>
      <ul className="body col">
        {rows.map(f => (
          <li key={f.id} className="row">
            <Link className="cut grow" to={`/improvements/${f.id}`}>
              {f.title}
            </Link>
            <StageTag card={f} />
          </li>
        ))}
      </ul>
    </section>
  )
}
