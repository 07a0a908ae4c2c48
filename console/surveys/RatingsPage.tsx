import { Link } from '@tanstack/react-router'
import { Segmented, Select, Table } from 'antd'
import { useState } from 'react'
import { identity } from '#contract/identity.ts'
import { queues } from '#contract/routing.ts'
import { type Rating, surveys } from '#contract/surveys.ts'
import { useFresh } from '../app/live.ts'
import { col } from '../kit/columns.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconInfoCircle, IconStar } from '../kit/icons.ts'
import { ListFoot } from '../kit/ListFoot.tsx'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import './surveys.css'
import { w } from './words.ts'

export default function RatingsPage() {
  const [filters, change] = useFilters(surveys.ratings)
  const listing = useListing(surveys.ratings, filters)
  const policy = useFetch(surveys.policy, {}).data
  const people = useFetch(identity.people, {}).data ?? []
  const all = useFetch(queues.list, { query: { retired: true } }).data ?? []
  const lowScore = policy?.lowScore ?? 2
  const low = filters.maxScore !== undefined
  useFresh('rating', 'ratings')
  return (
    <div className="page ratings">
      <header>
        <h1>{w.title}</h1>
        <span className="t3 cut">{w.hint}</span>
      </header>
      <Csat />
      <div className="row wrap">
        <Segmented
          value={low ? 'low' : 'all'}
          onChange={to => change({ maxScore: to === 'low' ? lowScore : undefined })}
          options={[
            { value: 'all', label: w.all },
            { value: 'low', label: w.low(lowScore) },
          ]}
        />
        <Select
          style={{ width: 176 }}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={w.anyAgent}
          aria-label={w.agent}
          value={filters.agentId ?? null}
          onChange={agentId => change({ agentId: agentId ?? undefined })}
          options={people.map(p => ({ value: p.id, label: p.name }))}
        />
      </div>
      {listing.error && <Failure error={listing.error} retry={listing.refetch} readAt={listing.readAt} />}
      {listing.first ? (
        <Waiting />
      ) : (
        <>
          <div className="card">
            <Table<Rating>
              rowKey="id"
              size="small"
              pagination={false}
              dataSource={listing.rows}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Empty title={low ? w.nothingLow : w.nothing} hint={low ? w.nothingLowHint : w.nothingHint} /> }}
              columns={[
                { key: 'score', title: w.score, width: 112, render: (_, r) => <Stars score={r.score} low={r.score <= lowScore} /> },
                {
                  key: 'words',
                  title: w.words,
                  render: (_, r) => <span className="ratingwords">{r.words || <span className="t3">{w.noWords}</span>}</span>,
                },
                {
                  key: 'customer',
                  title: w.customer,
                  width: 128,
                  ellipsis: true,
                  render: (_, r) =>
                    r.customerId && r.customerName ? (
                      <Link to={`/customers/${r.customerId}`}>{r.customerName}</Link>
                    ) : (
                      <span className="t3">{w.anonymous}</span>
                    ),
                },
                col.person<Rating>('agentName', w.agent),
                {
                  key: 'queue',
                  title: w.queue,
                  width: 112,
                  render: (_, r) => {
                    const queue = all.find(q => q.id === r.queueId)
                    return <span className="t2">{queue ? nameOf(queue) : ''}</span>
                  },
                },
                {
                  key: 'task',
                  title: w.followUp,
                  width: 104,
                  render: (_, r) => r.taskId && <Link to="/tasks">{w.seeTask}</Link>,
                },
                col.time<Rating>('ratedAt', w.at),
              ]}
            />
          </div>
          <ListFoot list={listing} />
        </>
      )}
    </div>
  )
}

function Stars({ score, low }: { score: number; low: boolean }) {
  return (
    <span className={`row ${low ? 'bac' : ''}`} style={{ gap: 4 }} role="img" aria-label={w.scoreOf(score)}>
      <b>{score}</b>
      <span className="stars" aria-hidden="true">
        {[1, 2, 3, 4, 5].map(n => (
          <IconStar key={n} size={14} stroke={1.75} fill={n <= score ? 'currentColor' : 'none'} opacity={n <= score ? 1 : 0.35} />
        ))}
      </span>
    </span>
  )
}

const share = (value: number | null, digits = 1) => (value === null ? '—' : `${(value * 100).toFixed(digits)}%`)

/** CSAT with how many it stands on and how sure it is. */
function Csat() {
  const [days, setDays] = useState(30)
  const csat = useFetch(surveys.csat, { query: { days } })
  const c = csat.data
  return (
    <section className="card" aria-label={w.csat}>
      <header>
        <h2 className="nowrap">{w.csat}</h2>
        <span className="t3 f12 cut row definition" title={w.definition}>
          <IconInfoCircle size={14} />
          <span className="cut">{w.definition}</span>
        </span>
        <span className="end">
          <Segmented
            size="small"
            value={days}
            onChange={setDays}
            aria-label={w.period}
            options={[7, 30, 90, 365].map(n => ({ value: n, label: w.days(n) }))}
          />
        </span>
      </header>
      {csat.error && <Failure error={csat.error} retry={() => void csat.refetch()} readAt={csat.dataUpdatedAt} />}
      {!c ? (
        <Waiting rows={2} />
      ) : (
        <div className="facts">
          <div>
            <span className="t2">{w.csat}</span>
            <b>{share(c.top2)}</b>
            <span className="t3 f12">{c.low === null ? w.nothing : w.interval(share(c.low), share(c.high))}</span>
            {c.low !== null && c.high !== null && <Interval low={c.low} high={c.high} at={c.top2 ?? 0} />}
          </div>
          <div>
            <span className="t2">{w.average}</span>
            <b>{c.average === null ? '—' : c.average.toFixed(2)}</b>
            <span className="t3 f12">{w.ofFive}</span>
          </div>
          <div>
            <span className="t2">{w.ratings}</span>
            <b>{c.n}</b>
            <span className={`f12 ${c.n > 0 && c.n < 30 ? 'wac' : 't3'}`}>{c.n > 0 && c.n < 30 ? w.few : w.inPeriod(days)}</span>
          </div>
          <div>
            <span className="t2">{w.response}</span>
            <b>{c.asked > 0 ? share(c.n / c.asked) : '—'}</b>
            <span className="t3 f12">{w.asked(c.asked)}</span>
          </div>
        </div>
      )}
    </section>
  )
}

function Interval({ low, high, at }: { low: number; high: number; at: number }) {
  return (
    <span className="interval" aria-hidden="true">
      <i style={{ insetInlineStart: share(low), inlineSize: share(high - low) }} />
      <em style={{ insetInlineStart: share(at) }} />
    </span>
  )
}
