import { Link } from '@tanstack/react-router'
import { Button, type InputRef, Segmented, type TableColumnType } from 'antd'
import { lazy, Suspense, useRef, useState } from 'react'
import { receivableImports } from '#contract/imports.ts'
import { type KeyAccount, keyAccounts } from '#contract/keyAccounts.ts'
import { keyAccountExports } from '#contract/lists.ts'
import { useFresh } from '../../app/live.ts'
import { useMay } from '../../app/me.ts'
import { ListTable } from '../../kit/DataTable.tsx'
import { useListing } from '../../kit/data.ts'
import { useFilters } from '../../kit/filters.ts'
import { useHotkey } from '../../kit/hotkeys.ts'
import { SeekBox } from '../../kit/ListParts.tsx'
import { Empty } from '../../kit/parts.tsx'
import { ago, day, full, yuan } from '../../kit/time.ts'
import { inView, useViews, type ViewColumn } from '../../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../../kit/views/ViewBar.tsx'
import { ExportButton } from '../../runs/ExportButton.tsx'
import { ImportButton } from '../../runs/ImportButton.tsx'
import { CustomerTabs } from '../Tabs.tsx'
import './accounts.css'
import { Bars } from './Bars.tsx'
import { dayAt, daysSince } from './marks.ts'
import { m } from './marks.words.ts'
import { k, w } from './words.ts'

const Care = lazy(() => import('./Care.tsx'))
type Show = NonNullable<ReturnType<typeof showOf>>
const showOf = (text: string) => (text === 'neglected' || text === 'overdue' || text === 'mine' ? text : undefined)

/** The customers who matter most, for whoever answers for them. */
export default function KeyAccountsPage() {
  const may = useMay()
  const [filters, change] = useFilters(keyAccounts.list)
  const listing = useListing(keyAccounts.list, filters)
  const [care, setCare] = useState<Pick<KeyAccount, 'id' | 'name'> | 'tier' | null>(null)
  const seek = useRef<InputRef>(null)
  useHotkey('/', () => seek.current?.focus(), care === null)
  useFresh('account', 'key-accounts')
  useFresh('receivable', 'key-accounts')
  const columns = columnsOf()
  const views = useViews('key-accounts', keyAccounts.list, columns)
  const filtered = filters.q !== undefined || filters.show !== undefined
  return (
    <div className="page keyaccounts">
      <header>
        <h1 className="hidden">{k.title}</h1>
        <CustomerTabs />
        <span className="t3 cut">{filters.sort === 'care' ? k.byCare : k.hint}</span>
        <span className="end row">
          <ImportButton of={receivableImports} what={w.receivables} known={w.importKnown} />
          <ExportButton of={keyAccountExports} filter={filters} what={k.title} />
          {may('account:write') && <Button onClick={() => setCare('tier')}>{k.tierPlan}</Button>}
        </span>
      </header>
      <ViewBar of={views} first={k.all} />
      <div className="row wrap sieves">
        <SeekBox hint={k.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        <Segmented<Show | 'all'>
          aria-label={k.show}
          value={filters.show ?? 'all'}
          onChange={to => {
            // Whoever was left alone longest waits at the top.
            const sort = to === 'neglected' ? 'care' : filters.show === 'neglected' && filters.sort === 'care' ? undefined : filters.sort
            change({ show: showOf(to), sort })
          }}
          options={[
            { value: 'all', label: k.all },
            { value: 'neglected', label: k.neglected },
            { value: 'overdue', label: k.overdue },
            { value: 'mine', label: k.mine },
          ]}
        />
        <ViewTools of={views} />
      </div>
      <ListTable<KeyAccount>
        list={listing}
        views={views}
        open={account => setCare(account)}
        columns={inView(views, columns)}
        empty={
          filtered ? (
            <Empty title={k.noneFound} hint={k.noneFoundHint}>
              <Button onClick={() => change({ q: undefined, show: undefined })}>{k.all}</Button>
            </Empty>
          ) : (
            <Empty title={k.none} hint={k.noneHint} />
          )
        }
      />
      <Suspense>{care !== null && <Care of={care} close={() => setCare(null)} />}</Suspense>
    </div>
  )
}

const rate = (n: number | null) => (n === null ? '–' : n.toFixed(1))

const columnsOf = (): (TableColumnType<KeyAccount> & ViewColumn)[] => [
  {
    key: 'name',
    title: k.name,
    order: 'name',
    render: (_, a) => (
      <span className="col who">
        <span className="row wrap" style={{ gap: 6 }}>
          <Link to={`/customers/${a.id}`} onClick={e => e.stopPropagation()}>
            {a.name}
          </Link>
          {a.overdueDays > 0 && <span className={`tag ${a.overdueDays >= 30 ? 'ba' : 'wa'}`}>{m.overdueFor(a.overdueDays)}</span>}
          {a.neglectedSince && <span className="tag wa">{m.neglectedFor(daysSince(a.neglectedSince))}</span>}
        </span>
        <span className="t3 f12">{a.number}</span>
      </span>
    ),
  },
  { key: 'value', title: k.value, width: 200, order: 'value', render: (_, a) => <Value of={a} /> },
  {
    key: 'open',
    title: k.open,
    width: 88,
    render: (_, a) => (
      <span className="row" style={{ gap: 6 }} title={k.openOf(a.openTickets, a.lateTickets)}>
        {a.openTickets === 0 ? <span className="t3">–</span> : a.openTickets}
        {a.lateTickets > 0 && <span className="tag ba">{k.late(a.lateTickets)}</span>}
      </span>
    ),
  },
  {
    key: 'contact',
    title: k.contact,
    width: 120,
    order: 'contact',
    render: (_, a) =>
      a.lastContactAt ? (
        <span className="col" style={{ gap: 0 }}>
          <time className="nowrap" dateTime={a.lastContactAt.toISOString()} title={full(a.lastContactAt)}>
            {ago(a.lastContactAt)}
          </time>
          <span className="t3 f12">{a.lastContactBy}</span>
        </span>
      ) : (
        <span className="t3">{k.never}</span>
      ),
  },
  {
    key: 'complaints',
    title: k.complaints,
    width: 88,
    align: 'end',
    render: (_, a) => (a.complaints > 0 ? <b className="bac">{a.complaints}</b> : <span className="t3">0</span>),
  },
  { key: 'rating', title: k.rating, width: 88, align: 'end', render: (_, a) => <Rating of={a} /> },
  {
    key: 'owner',
    title: k.owner,
    width: 112,
    render: (_, a) => (
      <span className="col" style={{ gap: 0 }}>
        {a.ownerName ?? <span className="wac">{k.nobody}</span>}
        <span className="t3 f12">{a.teamName}</span>
      </span>
    ),
  },
  {
    key: 'care',
    title: k.care,
    width: 176,
    order: 'care',
    render: (_, a) => {
      const due = dueOf(a)
      return (
        <span className="col f12 nowrap" style={{ gap: 0 }}>
          {due.map(one => (
            <Due key={one.says} of={one} />
          ))}
          {due.length === 0 && <span className="t3">{k.noPlan}</span>}
        </span>
      )
    },
  },
]

/** What care asks for, the most overdue first. */
const dueOf = ({ visitOn, contactOn }: KeyAccount) =>
  [
    { on: visitOn, says: k.visitOn },
    { on: contactOn, says: k.contactOn },
  ]
    .flatMap(({ on, says }) => (on ? [{ on, says: says(day(dayAt(on))) }] : []))
    .sort((a, b) => a.on.localeCompare(b.on))
function Due({ of: { on, says } }: { of: { on: string; says: string } }) {
  const late = daysSince(on)
  return <span className={late > 0 ? 'bac' : ''}>{late > 0 ? k.dueLate(says, late) : says}</span>
}

function Value({ of: a }: { of: KeyAccount }) {
  const change = a.billedBefore > 0 ? Math.round((a.billed / a.billedBefore - 1) * 100) : null
  const said = change === null ? '' : `${change > 0 ? '+' : ''}${change}%`
  return (
    <span className="row value">
      <span className="col" style={{ gap: 0 }}>
        <b className="nowrap">{yuan(Math.round(a.billed / 100) * 100)}</b>
        {said && (
          <span className={`f12 ${change !== null && change <= -10 ? 'bac' : 't3'}`} title={k.trend(said)}>
            {said}
          </span>
        )}
      </span>
      <span className="end">
        <Bars
          label={k.value}
          width={84}
          height={24}
          bars={a.months.map((value, n) => ({ key: String(n), value, open: 0, says: yuan(value) }))}
        />
      </span>
    </span>
  )
}

function Rating({ of: { rating, ratingBefore } }: { of: KeyAccount }) {
  if (rating === null) return <span className="t3">–</span>
  const way = ratingBefore === null || Math.abs(rating - ratingBefore) < 0.1 ? '' : rating > ratingBefore ? '↑' : '↓'
  return (
    <span className={rating < 3 ? 'bac' : ''} title={k.ratingWas(rate(ratingBefore))}>
      {rate(rating)} <span className={way === '↓' ? 'bac' : 'okc'}>{way}</span>
    </span>
  )
}
