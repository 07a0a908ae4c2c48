import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Segment, segments } from '#contract/segments.ts'
import { useMay } from '../../app/me.ts'
import { CatalogHeader } from '../../kit/CatalogHeader.tsx'
import { useFetch } from '../../kit/data.ts'
import { Empty, Failure, Waiting } from '../../kit/parts.tsx'
import { ago } from '../../kit/time.ts'
import { nameOf } from '../../kit/words.ts'
import { CustomerTabs } from '../Tabs.tsx'
import { useSaid } from './say.ts'
import '../../automation/automation.css'
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
      <CatalogHeader
        title={w.segments}
        places={<CustomerTabs />}
        hint={w.hint}
        retired={[withRetired, setWithRetired]}
        add={may ? { label: w.add, begin: () => void go({ to: '/segments/new' }) } : undefined}
      />
      {error && <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} />}
      {!data && !error && <Waiting />}
      {data?.length === 0 && <Empty title={w.none} hint={w.noneHint} />}
      {data && data.length > 0 && (
        <ul className="card rulelist segmentlist" aria-label={w.segments}>
          {data.map(segment => (
            <li key={segment.id} className="rulerow" style={{ opacity: segment.retired ? 0.6 : 1 }}>
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the link inside it does the same by key */}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same */}
              <div className="grow says" onClick={() => void go({ to: `/segments/${segment.id}` })}>
                <span className="row wrap" style={{ gap: 8 }}>
                  <Link to={`/segments/${segment.id}`}>{nameOf(segment)}</Link>
                  {segment.retired && <span className="tag">{w.retired}</span>}
                  {segment.note && <span className="t3 f12">{segment.note}</span>}
                </span>
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
