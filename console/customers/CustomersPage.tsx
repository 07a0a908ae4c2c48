import { useNavigate } from '@tanstack/react-router'
import { Button, type InputRef, Segmented } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { customers, type ListedCustomer, Tier } from '#contract/customers.ts'
import { useCommands } from '../app/commands.ts'
import { useMay } from '../app/me.ts'
import { useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconBuilding, IconHeart, IconPlus, IconUsersGroup } from '../kit/icons.ts'
import { madeAt } from '../kit/ids.ts'
import { ListBar, SeekBox } from '../kit/ListParts.tsx'
import { Avatar, Empty, Failure, Kbd, TierTag, tierWord, Waiting } from '../kit/parts.tsx'
import { ago, day, full, yuan } from '../kit/time.ts'
import { useCursor } from '../kit/useCursor.ts'
import { ariaSort, SortHead } from '../kit/views/SortHead.tsx'
import { inView, type SavedViews, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { ListMore } from '../runs/ListMore.tsx'
import { CustomerForm } from './CustomerForm.tsx'
import { CustomerTabs } from './Tabs.tsx'
import './customers.css'
import type { FoundWhy } from '#contract/finding.ts'
import { customerImports } from '#contract/imports.ts'
import { customerExports } from '#contract/lists.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { ImportButton } from '../runs/ImportButton.tsx'
import { CallButton } from '../voice/CallButton.tsx'
import { Chips } from './accounts/FlagChips.tsx'
import { useFlags } from './accounts/marks.ts'
import { AloneMark, FoundName, FoundReason, Marked, useFound } from './finding/Found.tsx'
import { w as people } from './profile/words.ts'
import { SegmentFilter } from './segments/SegmentFilter.tsx'
import { w as segmentWords } from './segments/words.ts'
import { careWord, kindWord, w } from './words.ts'

export default function CustomersPage() {
  const go = useNavigate()
  const may = useMay()
  const [filters, change] = useFilters(customers.list)
  const list = useListing(customers.list, filters)
  const whys = new Map(useFound(filters.q ?? '', 20).rows.map(c => [c.id, c.why]))
  const columns = columnsOf(useFlags(list.rows.map(c => c.id)), whys)
  const views = useViews('customers', customers.list, columns)
  const [creating, setCreating] = useState(false)
  const seek = useRef<InputRef>(null)
  const mayWrite = may('customer:write')

  const { cursor, here } = useCursor(list.rows, [filters, list.rows[0]?.id])
  const open = (id: string) => void go({ to: `/customers/${id}` })
  useHotkey('enter', () => here && open(here.id), here !== undefined)
  useHotkey('/', () => seek.current?.focus())
  useHotkey('c', () => setCreating(true), mayWrite && !creating)
  useCommands(
    [
      { id: 'segments', name: segmentWords.segments, icon: <IconUsersGroup size={16} />, run: () => void go({ to: '/segments' }) },
      ...(mayWrite ? [{ id: 'customers.new', name: w.create, key: 'C', icon: <IconPlus size={16} />, run: () => setCreating(true) }] : []),
    ],
    String(mayWrite),
  )

  return (
    <section className="listpage customers" aria-label={w.customers}>
      <header>
        <h1 className="hidden">{w.customers}</h1>
        <CustomerTabs />
        {!filters.sort && <span className="t3 f12 nowrap">{w.byContact}</span>}
        <span className="end row">
          <ImportButton of={customerImports} what={w.customers} known={w.importKnown} />
          <ExportButton of={customerExports} filter={filters} what={w.customers} />
          {mayWrite && (
            <Button className="create" type="primary" icon={<IconPlus size={16} />} aria-label={w.create} onClick={() => setCreating(true)}>
              <span className="word row">
                {w.create} <Kbd>C</Kbd>
              </span>
            </Button>
          )}
        </span>
      </header>
      <ViewBar of={views} first={w.all} />
      <div className="filters">
        <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        <Segmented<string>
          aria-label={w.tier}
          value={filters.tier ?? 'all'}
          onChange={tier => change({ tier: tier === 'all' ? undefined : Tier.parse(tier) })}
          options={[{ value: 'all', label: w.all }, ...Tier.options.map(tier => ({ value: tier, label: tierWord(tier) }))]}
        />
        <Button
          {...(filters.mine ? { color: 'primary' as const, variant: 'filled' as const } : {})}
          aria-pressed={filters.mine === true}
          title={people.mineHint}
          onClick={() => change({ mine: filters.mine ? undefined : true })}
        >
          {people.mine}
        </Button>
        <SegmentFilter value={filters.segment} change={segment => change({ segment })} />
        <ViewTools of={views} />
        <ListMore
          what={w.customers}
          takes={{ of: customerExports, filter: filters }}
          brings={{ of: customerImports, known: w.importKnown }}
        />
      </div>
      {list.error && (
        <div style={{ padding: '0 24px 12px' }}>
          <Failure error={list.error} retry={list.refetch} readAt={list.readAt} />
        </div>
      )}
      <div className="scroll">
        {list.rows.length === 0 && list.error ? null : list.first ? (
          <Waiting rows={10} />
        ) : list.rows.length === 0 ? (
          filters.q || filters.tier || filters.mine || filters.segment ? (
            <Empty title={w.noneFound} hint={w.noneFoundHint}>
              <Button onClick={() => change({ q: undefined, tier: undefined, mine: undefined, segment: undefined })}>{w.clear}</Button>
            </Empty>
          ) : (
            <Empty title={w.none} hint={w.noneHint} />
          )
        ) : (
          <Rows rows={list.rows} columns={inView(views, columns)} views={views} cursor={cursor} open={open} />
        )}
      </div>
      {!(list.rows.length === 0 && list.error) && <ListBar list={list} />}
      {creating && <CustomerForm customer={null} close={() => setCreating(false)} saved={c => open(c.id)} />}
    </section>
  )
}

type Column = ViewColumn & { css: string; cell: (customer: ListedCustomer) => ReactNode }
const columnsOf = (flags: ReturnType<typeof useFlags>, whys: ReadonlyMap<string, FoundWhy>): readonly Column[] => [
  {
    key: 'name',
    title: w.name,
    css: 'name',
    order: 'name',
    cell: c => (
      <span className="row">
        <Avatar name={c.name} />
        <a
          className="cut"
          title={c.name}
          href={`/customers/${c.id}`}
          onClick={e => {
            if (e.metaKey || e.ctrlKey || e.shiftKey) e.stopPropagation()
            else e.preventDefault()
          }}
        >
          <Name of={c} why={whys.get(c.id)} />
        </a>
        <AloneMark of={c} />
        {c.kind === 'organisation' && (
          <span className="t3 kind" role="img" aria-label={kindWord(c.kind)} title={kindWord(c.kind)}>
            <IconBuilding size={16} />
          </span>
        )}
      </span>
    ),
  },
  { key: 'tier', title: w.tier, css: 'tier', cell: c => <TierTag tier={c.tier} /> },
  { key: 'no', title: w.number, css: 'no', order: 'number', cell: c => c.number },
  {
    key: 'phone',
    title: w.phone,
    css: 'phone',
    cell: c =>
      c.phone ? (
        <span className="nowrap">
          {c.phone} <CallButton bare who={c.name} customerId={c.id} />
        </span>
      ) : (
        c.email
      ),
  },
  {
    key: 'address',
    title: w.address,
    css: 'address',
    cell: c => <Place of={c} why={whys.get(c.id)} />,
  },
  {
    key: 'care',
    title: w.care,
    css: 'care',
    cell: c =>
      (c.care.length > 0 || flags.has(c.id)) && (
        <span className="row wac" style={{ gap: 4 }}>
          <Chips flags={flags.get(c.id)?.slice(0, 1)} />
          {c.care.length > 0 && <IconHeart size={14} />}
          <span className="cut">{c.care.map(careWord).join(' ')}</span>
        </span>
      ),
  },
  {
    key: 'due',
    title: w.balance,
    css: 'due',
    cell: c => c.balanceDue > 0 && <span className="bac">{yuan(c.balanceDue)}</span>,
  },
  {
    key: 'when',
    title: w.lastContact,
    css: 'when',
    order: 'contact',
    cell: c =>
      c.lastContactAt && (
        <time dateTime={c.lastContactAt.toISOString()} title={full(c.lastContactAt)}>
          {ago(c.lastContactAt)}
        </time>
      ),
  },
  {
    key: 'added',
    title: w.addedAt,
    css: 'when',
    spare: true,
    order: 'added',
    cell: c => <time dateTime={madeAt(c.id).toISOString()}>{day(madeAt(c.id))}</time>,
  },
]

/** Whom the search box found says by what, where the row itself does not. */
function Name({ of: { name }, why }: { of: ListedCustomer; why: FoundWhy | undefined }) {
  if (!why) return name
  return (
    <>
      <FoundName of={{ name, why }} />
      {why.by !== 'address' && (
        <span className="t3 f12 found">
          <FoundReason of={{ why }} />
        </span>
      )}
    </>
  )
}
function Place({ of: { district, address }, why }: { of: ListedCustomer; why: FoundWhy | undefined }) {
  const whole = `${district} ${address}`
  return <span title={whole}>{why?.by === 'address' ? <Marked of={why} /> : whole}</span>
}

type Lines = { rows: readonly ListedCustomer[]; columns: readonly Column[]; views: SavedViews; cursor: number; open: (id: string) => void }
function Rows({ rows, columns, views, cursor, open }: Lines) {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    body.current?.rows[cursor]?.scrollIntoView({ block: 'nearest' })
  }, [cursor])
  return (
    <table className="rows">
      <thead>
        <tr>
          {columns.map(c => (
            <th key={c.key} className={c.css} aria-sort={ariaSort(views, c)}>
              <SortHead of={views} column={c} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((c, i) => (
          <tr key={c.id} className={i === cursor ? 'at' : ''} onClick={() => open(c.id)}>
            {columns.map(column => (
              <td key={column.key} className={column.css}>
                {column.cell(c)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
