import { useNavigate } from '@tanstack/react-router'
import { Button, type InputRef, Select } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { TicketStatus, tickets } from '#contract/tickets.ts'
import { useCommands } from '../app/commands.ts'
import { useMay } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus } from '../kit/icons.ts'
import { ListBar, SeekBox, useNews } from '../kit/ListParts.tsx'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { useCursor } from '../kit/useCursor.ts'
import { inView, useViews } from '../kit/views/useViews.ts'
import { ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ListMore } from '../runs/ListMore.tsx'
import { BulkBar } from './BulkBar.tsx'
import { useDepartments, useKinds } from './lookups.ts'
import { TicketRows } from './TicketRows.tsx'
import { ticketColumns } from './ticketColumns.tsx'
import { Views } from './Views.tsx'
import './tickets.css'
import { ticketExports } from '#contract/lists.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { statusWord, w } from './words.ts'

const NewTicket = lazy(() => import('./NewTicket.tsx'))
const boxWord = { mine: () => w.mine, open: () => w.open, soon: () => w.soon, late: () => w.late, all: () => w.all }

export default function TicketsPage() {
  const go = useNavigate()
  const may = useMay()
  const [filters, change] = useFilters(tickets.list)
  const box = filters.box ?? 'mine'
  const columns = ticketColumns()
  const views = useViews('tickets', tickets.list, columns, { box }, box === 'mine' ? { usual: 'due' } : {})
  const list = useListing(tickets.list, { ...filters, box })
  const { kinds, kindName } = useKinds()
  const departments = useDepartments()
  const [creating, setCreating] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const news = useNews('ticket', list.readAt)
  const person = useNames(views.shown.includes('assignee') ? list.rows.map(t => t.assigneeId) : [])
  const seek = useRef<InputRef>(null)

  const place = JSON.stringify([filters, list.rows[0]?.id])
  const { cursor, here } = useCursor(list.rows, place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins with nothing chosen
  useEffect(() => setChosen(new Set()), [place])
  const open = (id: string) => void go({ to: `/tickets/${id}` })
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  useHotkey('x', () => here && toggle(here.id), here !== undefined)
  useHotkey('enter', () => here && open(here.id), here !== undefined)
  useHotkey('escape', () => setChosen(new Set()), chosen.size > 0)
  useHotkey('/', () => seek.current?.focus())
  useHotkey('c', () => setCreating(true), may('ticket:open'))
  useCommands(
    may('ticket:open')
      ? [{ id: 'tickets.new', name: `${w.create} ${w.tickets}`, key: 'C', icon: <IconPlus size={16} />, run: () => setCreating(true) }]
      : [],
    `${may('ticket:open')}`,
  )

  const filtered = Boolean(filters.q || filters.status || filters.departmentId || filters.kindId)
  const clear = () => change({ q: undefined, status: undefined, departmentId: undefined, kindId: undefined })
  const plain = filters.kindId ? `${boxWord[box]()} ${kindName(filters.kindId)}` : boxWord[box]()
  const title = views.current?.name ?? plain
  return (
    <div className="tickets">
      <Views box={box} kindId={filters.kindId} kinds={kinds} views={views} create={may('ticket:open') ? () => setCreating(true) : null} />
      <section className="listpage" aria-label={title}>
        <header>
          <h1>{title}</h1>
          {!filters.sort && <span className="t3 f12 nowrap">{box === 'mine' ? w.byDue : w.byChange}</span>}
          <ExportButton end of={ticketExports} filter={{ ...filters, box }} what={w.tickets} />
        </header>
        <div className="filters">
          <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
          <Select
            allowClear
            placeholder={w.status}
            aria-label={w.status}
            value={filters.status}
            onChange={status => change({ status })}
            popupMatchSelectWidth={false}
            options={TicketStatus.options.map(s => ({ value: s, label: statusWord(s) }))}
          />
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={w.department}
            aria-label={w.department}
            value={filters.departmentId}
            onChange={departmentId => change({ departmentId })}
            popupMatchSelectWidth={false}
            options={departments.open.map(d => ({ value: d.id, label: nameOf(d) }))}
          />
          {filtered && (
            <Button type="text" onClick={clear}>
              {w.clear}
            </Button>
          )}
          <ViewTools of={views} />
          <ListMore what={w.tickets} takes={{ of: ticketExports, filter: { ...filters, box } }} />
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
            <Nothing box={box} filtered={filtered} clear={clear} seeOpen={() => change({ box: 'open' })} />
          ) : (
            <TicketRows
              rows={list.rows}
              cursor={cursor}
              chosen={chosen}
              choose={setChosen}
              toggle={toggle}
              open={open}
              columns={inView(views, columns)}
              views={views}
              names={{ department: departments.name, person }}
            />
          )}
        </div>
        {!(list.rows.length === 0 && list.error) && <ListBar list={list} news={news} choosing />}
      </section>
      {chosen.size > 0 && <BulkBar rows={list.rows.filter(t => chosen.has(t.id))} clear={() => setChosen(new Set())} />}
      {creating && (
        <Suspense>
          <NewTicket close={() => setCreating(false)} opened={open} />
        </Suspense>
      )}
    </div>
  )
}

const nothing = {
  mine: () => ({ title: w.noneMine, hint: w.noneMineHint }),
  soon: () => ({ title: w.noneSoon, hint: w.noneSoonHint }),
  late: () => ({ title: w.noneLate, hint: w.noneLateHint }),
}
function Nothing({
  box,
  filtered,
  clear,
  seeOpen,
}: {
  box: keyof typeof boxWord
  filtered: boolean
  clear: () => void
  seeOpen: () => void
}) {
  if (filtered)
    return (
      <Empty title={w.noneFound} hint={w.noneFoundHint}>
        <Button onClick={clear}>{w.clear}</Button>
      </Empty>
    )
  if (box === 'open' || box === 'all') return <Empty title={box === 'open' ? w.noneOpen : w.noneAll} />
  return (
    <Empty {...nothing[box]()}>
      <Button onClick={seeOpen}>{w.seeOpen}</Button>
    </Empty>
  )
}
