import { Link } from '@tanstack/react-router'
import { Button, Segmented, type TableColumnType } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { queues } from '#contract/routing.ts'
import { type Rating, surveys } from '#contract/surveys.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconInfoCircle, IconSpeakerphone, IconStar } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import './surveys.css'
import { ratingExports } from '#contract/lists.ts'
import type { Heard } from '../needs/hearing.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { Places } from './Places.tsx'
import { w } from './words.ts'

const CaptureNeed = lazy(() => import('../needs/CaptureNeed.tsx'))

export default function RatingsPage() {
  const [filters, change] = useFilters(surveys.ratings)
  const listing = useListing(surveys.ratings, filters)
  const policy = useFetch(surveys.policy, {}).data
  const all = useFetch(queues.list, { query: { retired: true } }).data ?? []
  const lowScore = policy?.lowScore ?? 2
  const low = filters.maxScore !== undefined
  const writesNeeds = useMay()('need:write')
  const [heard, setHeard] = useState<Heard | null>(null)
  useFresh('rating', 'ratings')
  const columns: (TableColumnType<Rating> & ViewColumn)[] = [
    { key: 'score', title: w.score, width: 112, order: 'score', render: (_, r) => <Stars score={r.score} low={r.score <= lowScore} /> },
    {
      key: 'words',
      title: w.words,
      render: (_, r) => (
        <span className="row">
          <span className="ratingwords grow">{r.words || <span className="t3">{w.noWords}</span>}</span>
          {writesNeeds && r.words && (
            <Button
              type="text"
              size="small"
              aria-label={w.captureNeed}
              title={w.captureNeed}
              icon={<IconSpeakerphone size={16} stroke={1.75} />}
              onClick={() => setHeard(heardIn(r))}
            />
          )}
        </span>
      ),
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
    { ...col.person<Rating>('agentName', w.agent), key: 'agentName', title: w.agent },
    {
      key: 'queue',
      title: w.queue,
      width: 112,
      render: (_, r) => {
        const queue = all.find(q => q.id === r.queueId)
        return r.ticketId ? <Link to={`/tickets/${r.ticketId}`}>{w.ticket}</Link> : <span className="t2">{queue ? nameOf(queue) : ''}</span>
      },
    },
    {
      key: 'task',
      title: w.followUp,
      width: 104,
      render: (_, r) => r.taskId && <Link to="/tasks">{w.seeTask}</Link>,
    },
    { ...col.time<Rating>('ratedAt', w.at), key: 'ratedAt', title: w.at, order: 'time' },
  ]
  const views = useViews('ratings', surveys.ratings, columns)
  return (
    <div className="page ratings">
      <header>
        <h1>{w.title}</h1>
        <span className="t3 cut">{w.hint}</span>
        <span className="end row">
          <Places here="/ratings" />
          <ExportButton of={ratingExports} filter={filters} what={w.title} />
        </span>
      </header>
      <Csat />
      <ViewBar of={views} first={w.all} />
      <div className="row wrap">
        <Segmented
          value={low ? 'low' : 'all'}
          onChange={to => change({ maxScore: to === 'low' ? lowScore : undefined })}
          options={[
            { value: 'all', label: w.all },
            { value: 'low', label: w.low(lowScore) },
          ]}
        />
        <PersonSelect
          width={176}
          retired
          placeholder={w.anyAgent}
          aria-label={w.agent}
          value={filters.agentId ?? null}
          onChange={agentId => change({ agentId: agentId ?? undefined })}
        />
        <ViewTools of={views} />
      </div>
      <ListTable<Rating>
        list={listing}
        views={views}
        empty={<Empty title={low ? w.nothingLow : w.nothing} hint={low ? w.nothingLowHint : w.nothingHint} />}
        columns={inView(views, columns)}
      />
      <Suspense>{heard && <CaptureNeed heard={heard} close={() => setHeard(null)} />}</Suspense>
    </div>
  )
}

/** What they wrote with their rating, in their words, from the contact or ticket that it was about. */
const heardIn = (r: Rating): Heard => ({
  customer: r.customerId && r.customerName ? { id: r.customerId, name: r.customerName } : undefined,
  interactionId: r.interactionId ?? undefined,
  from: { noun: 'rating', id: r.id },
  words: r.words,
})

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
