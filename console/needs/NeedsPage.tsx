import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, type InputRef, Segmented, Select, type TableColumnType } from 'antd'
import { lazy, Suspense, useRef, useState } from 'react'
import * as z from 'zod'
import { needExports } from '#contract/lists.ts'
import { type Need, NeedState, needs, needTemplates } from '#contract/needs.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { SegmentFilter } from '../customers/segments/SegmentFilter.tsx'
import { CustomerTabs } from '../customers/Tabs.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus } from '../kit/icons.ts'
import { SeekBox } from '../kit/ListParts.tsx'
import { Kbd } from '../kit/parts.tsx'
import { ago, day, full } from '../kit/time.ts'
import { NoneOf } from '../kit/views/NoneOf.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { useDepartments } from '../settings/fields.tsx'
import '../kit/page.css'
import './needs.css'
import { NeedTag } from './NeedTag.tsx'
import { stateOptions, w } from './words.ts'

const NeedDrawer = lazy(() => import('./NeedDrawer.tsx'))
const CaptureNeed = lazy(() => import('./CaptureNeed.tsx'))

export default function NeedsPage() {
  const may = useMay()
  const [filters, change] = useFilters(needs.list)
  const list = useListing(needs.list, filters)
  const { need } = z.object({ need: z.uuid().optional().catch(undefined) }).parse(useSearch({ strict: false }))
  const go = useNavigate()
  const [chosen, setChosen] = useState<string | null>(null)
  const open = chosen ?? need ?? null
  const setOpen = (id: string | null) => {
    setChosen(id)
    if (need !== undefined)
      void go({ to: '.', search: (was: Record<string, unknown>) => ({ ...was, need: undefined }) as never, replace: true })
  }
  const [adding, setAdding] = useState(false)
  const seek = useRef<InputRef>(null)
  const templates = useFetch(needTemplates.list, { query: { retired: true } }, { staleTime: 60_000 }).data ?? []
  const departments = useDepartments()
  const mayWrite = may('need:write')
  useFresh('need', 'needs')
  useHotkey('/', () => seek.current?.focus())
  useHotkey('c', () => setAdding(true), mayWrite && !adding)
  const departmentName = (n: Need) => {
    const one = departments.find(d => d.id === n.departmentId)
    return one ? nameOf(one) : n.departmentName
  }
  const template = (id: string) => templates.find(t => t.id === id)
  const columns: (TableColumnType<Need> & ViewColumn)[] = [
    {
      key: 'title',
      title: w.what,
      ellipsis: true,
      render: (_, n) => (
        <span className="needtitle">
          <b className="m5 cut">{n.title}</b>
          {n.text && <span className="t3 f12 cut">{n.text}</span>}
        </span>
      ),
    },
    { key: 'voices', title: w.howMany, width: 120, align: 'right', order: 'voices', render: (_, n) => <b>{n.voices}</b> },
    {
      key: 'state',
      title: w.state,
      width: 104,
      render: (_, n) => <NeedTag state={n.state} />,
    },
    {
      key: 'template',
      title: w.template,
      width: 128,
      render: (_, n) => {
        const one = template(n.templateId)
        return one && <span className="t2">{nameOf(one)}</span>
      },
    },
    { key: 'department', title: w.department, width: 120, render: (_, n) => departmentName(n) ?? <span className="t3">{w.nobody}</span> },
    { key: 'owner', title: w.owner, width: 96, render: (_, n) => n.ownerName },
    {
      key: 'changed',
      title: w.changed,
      width: 120,
      order: 'changed',
      render: (_, n) => (
        <time className="t2" dateTime={n.changedAt.toISOString()} title={full(n.changedAt)}>
          {ago(n.changedAt)}
        </time>
      ),
    },
    { key: 'opened', title: w.opened, width: 112, spare: true, order: 'opened', render: (_, n) => day(n.openedAt) },
  ]
  const views = useViews('needs', needs.list, columns)
  return (
    <div className="page">
      <header>
        <h1 className="hidden">{w.title}</h1>
        <CustomerTabs />
        <span className="end row wrap">
          <ExportButton of={needExports} filter={filters} what={w.title} />
          {mayWrite && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {w.capture} <Kbd>C</Kbd>
            </Button>
          )}
        </span>
      </header>
      <ViewBar of={views} first={w.all} />
      <div className="row wrap sieves needbar">
        <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        <Segmented
          value={filters.open === undefined ? 'all' : filters.open ? 'open' : 'over'}
          onChange={to => change({ open: to === 'all' ? undefined : to === 'open' })}
          options={[
            { value: 'all', label: w.all },
            { value: 'open', label: w.open },
            { value: 'over', label: w.over },
          ]}
        />
        <Select
          style={{ width: 112 }}
          allowClear
          placeholder={w.anyState}
          aria-label={w.state}
          value={filters.state ?? null}
          onChange={state => change({ state: state ? NeedState.parse(state) : undefined })}
          options={stateOptions()}
        />
        {templates.length > 1 && (
          <Select
            style={{ width: 120 }}
            allowClear
            placeholder={w.anyTemplate}
            aria-label={w.template}
            value={filters.templateId ?? null}
            onChange={templateId => change({ templateId: templateId ?? undefined })}
            options={templates.map(t => ({ value: t.id, label: nameOf(t) }))}
          />
        )}
        <Select
          style={{ width: 144 }}
          allowClear
          placeholder={w.anyDepartment}
          aria-label={w.department}
          value={filters.departmentId ?? null}
          onChange={departmentId => change({ departmentId: departmentId ?? undefined })}
          options={departments.map(d => ({ value: d.id, label: nameOf(d) }))}
        />
        <PersonSelect
          width={128}
          placeholder={w.anyOwner}
          aria-label={w.owner}
          value={filters.ownerId ?? null}
          onChange={ownerId => change({ ownerId: ownerId ?? undefined })}
        />
        {may('customer:read') && <SegmentFilter value={filters.segment} change={segment => change({ segment })} />}
        <ViewTools of={views} />
      </div>
      <ListTable<Need>
        list={list}
        views={views}
        empty={<NoneOf views={views} title={w.none} hint={w.noneHint} />}
        open={row => setOpen(row.id)}
        columns={inView(views, columns)}
      />
      <Suspense>
        {open && <NeedDrawer key={open} id={open} close={() => setOpen(null)} open={setOpen} />}
        {adding && <CaptureNeed heard={{}} close={() => setAdding(false)} />}
      </Suspense>
    </div>
  )
}
