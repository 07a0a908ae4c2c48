import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { type CountedContact, insight } from '#contract/insight.ts'
import { queues } from '#contract/routing.ts'
import { useNames } from '../app/people.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { ChannelGlyph, Empty } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { w } from './figures.words.ts'
import './figures.css'
import { countedExports } from '#contract/lists.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { channelOf, durationText, periodText } from './periods.ts'

/** The rows behind a figure. */
export default function CountedPage() {
  const [filters, change] = useFilters(insight.counted)
  const { period = 'week', by = 'queue', on, key, counted = 'contacts' } = filters
  const listing = useListing(insight.counted, { ...filters, period, by, counted })
  const all = useFetch(queues.list, { query: { retired: true } }, { staleTime: 60_000 }).data ?? []
  const queueName = (id: string | null) => {
    const queue = all.find(q => q.id === id)
    return queue ? nameOf(queue) : ''
  }
  const personName = useNames([...listing.rows.map(c => c.agentId), ...(by === 'agent' ? [key] : [])])
  const what =
    key === undefined ? null : by === 'queue' ? queueName(key) || w.noQueue : by === 'agent' ? personName(key) || w.noAgent : channelOf(key)
  return (
    <div className="page figurespage">
      <header>
        <h1>{w.contactsTitle}</h1>
        <span className="t3 cut">
          {[on && periodText({ period, on }), what].filter(Boolean).map((part, n) => (
            <span key={String(part)}>
              {n > 0 && <i className="sep" />}
              {part}
            </span>
          ))}
        </span>
        <span className="end row">
          <ExportButton of={countedExports} filter={{ ...filters, period, by, counted }} what={w.contactsTitle} />
          <Link to="/figures" search={{ period, by, on } as never}>
            {w.back}
          </Link>
        </span>
      </header>
      <div className="row wrap">
        <Segmented
          value={counted}
          onChange={to => change({ counted: to })}
          options={(
            ['contacts', 'offered', 'answered', 'answeredInTarget', 'abandoned', 'shortAbandoned', 'handled', 'rated'] as const
          ).map(value => ({ value, label: w[value] }))}
        />
      </div>
      <ListTable<CountedContact>
        list={listing}
        empty={<Empty title={w.nothing} hint={w.nothingHint} />}
        columns={[
          { key: 'channel', title: w.channel, width: 64, render: (_, c) => <ChannelGlyph channel={c.channel} /> },
          { key: 'at', title: w.at, width: 136, render: (_, c) => <time dateTime={c.at.toISOString()}>{full(c.at)}</time> },
          {
            key: 'customer',
            title: w.customer,
            width: 128,
            ellipsis: true,
            render: (_, c) =>
              c.customerId && c.customerName ? (
                <Link to={`/customers/${c.customerId}`}>{c.customerName}</Link>
              ) : (
                <span className="t3">{w.anonymous}</span>
              ),
          },
          { key: 'subject', title: w.subject, ellipsis: true, render: (_, c) => <span className="subject cut">{c.subject}</span> },
          { key: 'queue', title: w.queue, width: 104, render: (_, c) => <span className="t2">{queueName(c.queueId)}</span> },
          { key: 'agent', title: w.agent, width: 96, render: (_, c) => <span className="t2">{personName(c.agentId)}</span> },
          { key: 'wait', title: w.waited, width: 80, align: 'end', render: (_, c) => durationText(c.waitSeconds) },
          { key: 'took', title: w.took, width: 80, align: 'end', render: (_, c) => durationText(c.handleSeconds) },
          { key: 'rating', title: w.rating, width: 64, align: 'end', render: (_, c) => c.rating ?? '' },
        ]}
      />
    </div>
  )
}
