import { Button, type InputRef, Select, type TableColumnType } from 'antd'
import { lazy, Suspense, useRef, useState } from 'react'
import { opportunityExports } from '#contract/lists.ts'
import { type Opportunity, OpportunitySource, opportunities } from '#contract/sales.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { CustomerTabs } from '../customers/Tabs.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus } from '../kit/icons.ts'
import { SeekBox } from '../kit/ListParts.tsx'
import { Kbd } from '../kit/parts.tsx'
import { ago, day, full, yuan } from '../kit/time.ts'
import { NoneOf } from '../kit/views/NoneOf.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import '../kit/page.css'
import './sales.css'
import { StageTag, useStages } from './stage.tsx'
import { sourceOptions, sourceWord, w } from './words.ts'

const OpportunityDrawer = lazy(() => import('./OpportunityDrawer.tsx'))
const OpportunityForm = lazy(() => import('./OpportunityForm.tsx'))

export default function OpportunitiesPage() {
  const may = useMay()
  const [filters, change] = useFilters(opportunities.list)
  const list = useListing(opportunities.list, filters)
  const [open, setOpen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const seek = useRef<InputRef>(null)
  const mayWrite = may('opportunity:write')
  useFresh('opportunity', 'opportunities')
  useHotkey('/', () => seek.current?.focus())
  useHotkey('c', () => setAdding(true), mayWrite && !adding)
  const columns: (TableColumnType<Opportunity> & ViewColumn)[] = [
    { key: 'title', title: w.one, ellipsis: true, render: (_, o) => <b className="m5">{o.title}</b> },
    {
      key: 'who',
      title: w.who,
      width: 168,
      ellipsis: true,
      render: (_, o) => (
        <span className="row">
          <span className="cut">{o.whoName}</span>
          {o.customerId === null && <span className="tag">{w.lead}</span>}
        </span>
      ),
    },
    { key: 'stage', title: w.stage, width: 112, render: (_, o) => <StageTag id={o.stageId} /> },
    {
      key: 'value',
      title: w.value,
      width: 120,
      align: 'right',
      render: (_, o) => (o.value > 0 ? yuan(o.value) : <span className="t3">–</span>),
    },
    { key: 'source', title: w.source, width: 112, render: (_, o) => <span className="t2">{sourceWord(o.source)}</span> },
    { key: 'owner', title: w.owner, width: 96, render: (_, o) => o.ownerName ?? <span className="t3">{w.nobody}</span> },
    {
      key: 'expected',
      title: w.expected,
      width: 120,
      order: 'expected',
      render: (_, o) => o.expectedOn && day(new Date(`${o.expectedOn}T00:00:00`)),
    },
    {
      key: 'changed',
      title: w.changed,
      width: 120,
      order: 'changed',
      render: (_, o) => (
        <time className="t2" dateTime={o.changedAt.toISOString()} title={full(o.changedAt)}>
          {ago(o.changedAt)}
        </time>
      ),
    },
  ]
  const views = useViews('opportunities', opportunities.list, columns)
  return (
    <div className="page">
      <header>
        <h1 className="hidden">{w.title}</h1>
        <CustomerTabs />
        <span className="end row wrap">
          <ExportButton of={opportunityExports} filter={filters} what={w.title} />
          {mayWrite && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {w.add} <Kbd>C</Kbd>
            </Button>
          )}
        </span>
      </header>
      <Sums ownerId={filters.ownerId} stageId={filters.stageId} pick={stageId => change({ stageId })} />
      <ViewBar of={views} first={w.all} />
      <div className="row wrap sieves salesbar">
        <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        <Select
          style={{ width: 144 }}
          allowClear
          placeholder={w.anySource}
          aria-label={w.source}
          value={filters.source ?? null}
          onChange={source => change({ source: source ? OpportunitySource.parse(source) : undefined })}
          options={sourceOptions()}
        />
        <PersonSelect
          width={144}
          placeholder={w.anyOwner}
          aria-label={w.owner}
          value={filters.ownerId ?? null}
          onChange={ownerId => change({ ownerId: ownerId ?? undefined })}
        />
        <ViewTools of={views} />
      </div>
      <ListTable<Opportunity>
        list={list}
        views={views}
        empty={<NoneOf views={views} title={w.none} hint={w.noneHint} />}
        open={row => setOpen(row.id)}
        columns={inView(views, columns)}
      />
      <Suspense>
        {open && <OpportunityDrawer key={open} id={open} close={() => setOpen(null)} />}
        {adding && <OpportunityForm close={() => setAdding(false)} saved={one => setOpen(one.id)} />}
      </Suspense>
    </div>
  )
}

/** What stands at each stage; a stage is a filter. */
function Sums({
  ownerId,
  stageId,
  pick,
}: {
  ownerId: string | undefined
  stageId: string | undefined
  pick: (id: string | undefined) => void
}) {
  const { stages } = useStages()
  const sums = useFetch(opportunities.sums, { query: ownerId ? { ownerId } : {} }).data ?? []
  return (
    <div className="stagesums">
      {stages.map(stage => {
        const sum = sums.find(one => one.stageId === stage.id)
        return (
          <button
            key={stage.id}
            type="button"
            aria-pressed={stageId === stage.id}
            title={sum && stage.kind === 'open' ? w.weighted(sum.weighted) : undefined}
            onClick={() => pick(stageId === stage.id ? undefined : stage.id)}
          >
            <span className="t3 f12">{nameOf(stage)}</span>
            <b>{w.summary(sum?.count ?? 0, sum?.value ?? 0)}</b>
          </button>
        )
      })}
    </div>
  )
}
