import { Link } from '@tanstack/react-router'
import { Button, Popover, Segmented } from 'antd'
import { lazy, Suspense } from 'react'
import { type Counted, type Figure, type Figures, insight } from '#contract/insight.ts'
import { useMay } from '../app/me.ts'
import { useTheme } from '../app/theme.ts'
import { Improve } from '../improvement/Improve.tsx'
import { DataTable } from '../kit/DataTable.tsx'
import { useFetch } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconChevronLeft, IconChevronRight, IconInfoCircle } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { language, nameOf } from '../kit/words.ts'
import { percent } from './board.ts'
import { w } from './figures.words.ts'
import './figures.css'
import { figureExports } from '#contract/lists.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { channelOf, durationText, periodText, stepped } from './periods.ts'

const Course = lazy(() => import('./Course.tsx'))
type Row = Figures['rows'][number]
const count = (n: number) => n.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB')

export default function FiguresPage() {
  const [{ period = 'week', by = 'queue', on }, change] = useFilters(insight.figures)
  const { isDark } = useTheme()
  const asked = useFetch(insight.figures, { query: { period, by, on } }, { refetchInterval: 60_000 })
  const found = asked.data
  return (
    <div className="page figurespage">
      <header>
        <h1>{w.title}</h1>
        {found && (
          <Popover
            content={<p className="definition">{found.definition[language()]}</p>}
            title={`${w.definition} ${found.definition.version}`}
            trigger="click"
          >
            <button type="button" className="linkish row t3">
              <IconInfoCircle size={14} />
              {w.definition}
            </button>
          </Popover>
        )}
        <span className="end row wrap">
          {found && <Improve from={{ noun: 'figure', title: `${w.title} ${periodText(found)}` }} />}
          <ExportButton of={figureExports} filter={{ period, by, on }} what={w.title} />
          <Segmented
            value={period}
            onChange={to => change({ period: to })}
            options={(['day', 'week', 'month', 'year'] as const).map(value => ({ value, label: w[value] }))}
          />
          <span className="row steps">
            <Button
              aria-label={w.before}
              icon={<IconChevronLeft size={16} />}
              disabled={!found}
              onClick={() => found && change({ on: stepped(period, found.on, -1) })}
            />
            <Button className="when" onClick={() => change({ on: undefined })} title={w.toToday}>
              {found ? periodText(found) : '…'}
            </Button>
            <Button
              aria-label={w.after}
              icon={<IconChevronRight size={16} />}
              disabled={!found || found.until > new Date()}
              onClick={() => found && change({ on: stepped(period, found.on, 1) })}
            />
          </span>
        </span>
      </header>
      {asked.error && <Failure error={asked.error} retry={() => void asked.refetch()} readAt={asked.dataUpdatedAt} />}
      {!found ? (
        asked.isPending && <Waiting rows={8} />
      ) : (
        <>
          <Totals total={found.total} />
          <section className="card course" aria-label={w.course}>
            <header>
              <h2>{w.course}</h2>
              <span className="t3 f12 cut grow">
                {w.summary(count(found.total.contacts), count(found.total.offered), percent(found.total.serviceLevel, 1))}
              </span>
              <span className="row legend f12 t2 nowrap">
                <i className="key" style={{ background: 'var(--c1)' }} />
                {w.inTarget}
                <i className="key" style={{ background: 'var(--c7)' }} />
                {w.otherOffered}
              </span>
            </header>
            {found.course.length === 0 ? (
              <Empty title={w.nothing} hint={w.nothingHint} />
            ) : (
              <Suspense fallback={<div className="chart" aria-busy="true" />}>
                <Course key={isDark ? 'dark' : 'light'} figures={found} />
              </Suspense>
            )}
          </section>
          <section className="card" aria-label={w.table}>
            <header>
              <h2>{w.table}</h2>
              <span className="end">
                <Segmented
                  size="small"
                  value={by}
                  onChange={to => change({ by: to })}
                  options={(['queue', 'agent', 'channel'] as const).map(value => ({ value, label: w[value] }))}
                />
              </span>
            </header>
            <Rows found={found} />
          </section>
        </>
      )}
    </div>
  )
}

/** What all contacts of the period come to. */
function Totals({ total }: { total: Figure }) {
  const facts: [string, string, string][] = [
    [w.offered, count(total.offered), w.ofContacts(count(total.contacts))],
    [w.serviceLevel, percent(total.serviceLevel, 1), w.inTime(count(total.answeredInTarget))],
    [w.abandonRate, percent(total.abandonRate, 1), w.gone(count(total.abandoned), count(total.shortAbandoned))],
    [w.asa, durationText(total.asaSeconds), w.answeredN(count(total.answered))],
    [w.aht, durationText(total.ahtSeconds), w.handledN(count(total.handled))],
    [
      w.satisfaction,
      total.ratingAverage === null ? '—' : total.ratingAverage.toFixed(2),
      w.csatOf(percent(total.csat, 1), count(total.rated)),
    ],
  ]
  return (
    <dl className="totals card">
      {facts.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            <span className="t3 f12 cut">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

const nobody = (by: Figures['by']) => (by === 'agent' ? w.noAgent : w.noQueue)
const rowName = ({ by }: Figures, row: Row) => (row.key === '' ? nobody(by) : by === 'channel' ? channelOf(row.key) : nameOf(row))

function Rows({ found }: { found: Figures }) {
  const may = useMay()
  const sum = (name: string, counted: Counted) => ({
    key: counted,
    title: name,
    align: 'end' as const,
    width: 84,
    render: (_: unknown, row: Row) =>
      row[counted] === 0 ? (
        <span className="t3">0</span>
      ) : may('interaction:read') ? (
        <Link
          to="/figures/contacts"
          search={{ period: found.period, on: found.on, by: found.by, key: row.key, counted } as never}
          title={w.seeContacts}
        >
          {count(row[counted])}
        </Link>
      ) : (
        count(row[counted])
      ),
  })
  const share = (name: string, value: (row: Row) => string) => ({
    key: name,
    title: name,
    align: 'end' as const,
    width: 92,
    render: (_: unknown, row: Row) => value(row),
  })
  return (
    <DataTable<Row>
      rowKey="key"
      dataSource={found.rows}
      empty={<Empty title={w.nothing} hint={w.nothingHint} />}
      columns={[
        {
          key: 'name',
          title: w[found.by],
          fixed: 'start',
          width: 128,
          ellipsis: true,
          render: (_, row) => <b className="m5">{rowName(found, row)}</b>,
        },
        sum(w.contacts, 'contacts'),
        sum(w.offered, 'offered'),
        sum(w.answered, 'answered'),
        share(w.serviceLevel, r => percent(r.serviceLevel, 1)),
        sum(w.abandoned, 'abandoned'),
        share(w.abandonRate, r => percent(r.abandonRate, 1)),
        share(w.asa, r => durationText(r.asaSeconds)),
        share(w.aht, r => durationText(r.ahtSeconds)),
        sum(w.rated, 'rated'),
        share(w.satisfaction, r => (r.ratingAverage === null ? '—' : r.ratingAverage.toFixed(2))),
      ]}
    />
  )
}
