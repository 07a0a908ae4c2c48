import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Switch } from 'antd'
import { useState } from 'react'
import { type Segment, segments } from '#contract/segments.ts'
import { useMay } from '../../app/me.ts'
import { useFetch } from '../../kit/data.ts'
import { IconPlus } from '../../kit/icons.ts'
import { Empty, Failure, Waiting } from '../../kit/parts.tsx'
import { ago } from '../../kit/time.ts'
import { nameOf } from '../../kit/words.ts'
import { CustomerTabs } from '../Tabs.tsx'
import { useSaid } from './say.ts'
import './segments.css'
import { w } from './words.ts'

export default function SegmentsPage() {
  const may = useMay()('customer:configure')
  const go = useNavigate()
  const [withRetired, setWithRetired] = useState(false)
  const { data, error, refetch, dataUpdatedAt } = useFetch(segments.list, { query: { retired: withRetired } })
  const say = useSaid(data?.map(s => s.condition) ?? [])
  return (
    <div className="page">
      <header>
        <h1 className="hidden">{w.segments}</h1>
        <CustomerTabs />
        <span className="t3 cut">{w.hint}</span>
        <span className="end row">
          <span className="row f12 t3 nowrap">
            <Switch size="small" checked={withRetired} onChange={setWithRetired} aria-label={w.withRetired} />
            {w.withRetired}
          </span>
          {may && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => void go({ to: '/segments/new' })}>
              {w.add}
            </Button>
          )}
        </span>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} />}
      {!data && !error && <Waiting />}
      {data?.length === 0 && <Empty title={w.none} hint={w.noneHint} />}
      {data && data.length > 0 && (
        <ul className="segmentlist card" aria-label={w.segments}>
          {data.map(segment => (
            <li key={segment.id}>
              <div className="grow">
                <div className="row wrap">
                  <Link to={`/segments/${segment.id}`}>{nameOf(segment)}</Link>
                  {segment.retired && <span className="tag">{w.retired}</span>}
                  {segment.note && <span className="t3 f12">{segment.note}</span>}
                </div>
                <div className="f12 t2">{say(segment.condition)}</div>
              </div>
              {!segment.retired && <Shown segment={segment} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Counted when it is looked at, and again each minute while it is. */
function Shown({ segment }: { segment: Segment }) {
  const { data, error } = useFetch(segments.shown, { id: segment.id }, { refetchInterval: 60_000 })
  const known =
    data ?? (segment.count === null || segment.countedAt === null ? null : { count: segment.count, countedAt: segment.countedAt })
  if (!known) return <span className="t3 f12 nowrap">{error ? error.message : w.counting}</span>
  return (
    <Link
      to="/customers"
      search={{ segment: segment.id } as never}
      className="nowrap"
      title={w.asOf(ago(known.countedAt))}
      aria-label={`${w.members} ${nameOf(segment)}`}
    >
      {w.people(known.count.toLocaleString())}
    </Link>
  )
}
