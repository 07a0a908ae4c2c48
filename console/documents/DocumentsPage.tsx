import { Link } from '@tanstack/react-router'
import { Button, DatePicker, type InputRef, Segmented, Select, type TableColumnType } from 'antd'
import dayjs from 'dayjs'
import { useRef, useState } from 'react'
import { type DocumentLine, documents } from '#contract/documents.ts'
import { documentExports } from '#contract/lists.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus, IconX } from '../kit/icons.ts'
import { SeekBox } from '../kit/ListParts.tsx'
import { Empty } from '../kit/parts.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { MakeDocument } from './MakeDocument.tsx'
import { StateTag } from './state.tsx'
import './documents.css'
import { r, w } from './words.ts'

export default function DocumentsPage() {
  const may = useMay()
  const [filters, change] = useFilters(documents.list)
  const listing = useListing(documents.list, filters)
  const templates = useFetch(documents.templates, { query: { retired: true } }).data ?? []
  const [making, setMaking] = useState(false)
  const field = useRef<InputRef>(null)
  useFresh('document', 'documents')
  useHotkey('/', () => field.current?.focus())
  const columns: (TableColumnType<DocumentLine> & ViewColumn)[] = [
    {
      key: 'title',
      title: w.name,
      render: (_, d) => (
        <Link className="m5" to={`/documents/${d.id}`}>
          {d.title}
        </Link>
      ),
    },
    {
      key: 'template',
      title: w.template,
      width: 152,
      ellipsis: true,
      render: (_, d) => <span className="t2">{nameOf({ name: d.templateName, nameEn: d.templateNameEn })}</span>,
    },
    {
      key: 'customer',
      title: w.customer,
      width: 112,
      ellipsis: true,
      render: (_, d) => d.customerId && <Link to={`/customers/${d.customerId}`}>{d.customerName ?? w.customer}</Link>,
    },
    { key: 'language', title: w.language, width: 88, render: (_, d) => <span className="t2">{w[d.language]}</span> },
    { key: 'versions', title: w.versions, width: 96, render: (_, d) => w.version(d.versions) },
    { key: 'state', title: w.state, width: 112, render: (_, d) => <StateTag state={d.state} /> },
    {
      key: 'by',
      title: w.madeBy,
      width: 104,
      ellipsis: true,
      render: (_, d) => d.madeByName ?? <span className="t3">{w.system}</span>,
    },
    { ...col.time<DocumentLine>('madeAt', w.madeAt), key: 'madeAt', title: w.madeAt, order: 'time' },
  ]
  const views = useViews('documents', documents.list, columns)
  return (
    <div className="page documents">
      <header>
        <h1>{w.title}</h1>
        <span className="t3 cut">{w.hint}</span>
        <span className="end row wrap">
          <ExportButton of={documentExports} filter={filters} what={w.title} />
          {may('document:write') && (
            <>
              <Link className="nowrap" to="/documents/schedules">
                {r.title}
              </Link>
              <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setMaking(true)}>
                {w.make}
              </Button>
            </>
          )}
        </span>
      </header>
      <ViewBar of={views} first={w.all} />
      <div className="row wrap">
        <Segmented
          value={filters.mine ? 'mine' : 'all'}
          onChange={to => change({ mine: to === 'mine' ? true : undefined, madeById: undefined })}
          options={[
            { value: 'all', label: w.all },
            { value: 'mine', label: w.mine },
          ]}
        />
        <SeekBox text={filters.q ?? ''} hint={w.seek} seek={q => change({ q })} field={field} />
        <Select
          style={{ width: 176 }}
          allowClear
          aria-label={w.template}
          placeholder={w.anyTemplate}
          value={filters.templateId ?? null}
          onChange={templateId => change({ templateId: templateId ?? undefined })}
          options={templates.map(t => ({ value: t.id, label: nameOf(t) }))}
        />
        {!filters.mine && (
          <PersonSelect
            width={136}
            retired
            aria-label={w.madeBy}
            placeholder={w.anybody}
            value={filters.madeById ?? null}
            onChange={madeById => change({ madeById: madeById ?? undefined })}
          />
        )}
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          style={{ width: 240 }}
          aria-label={w.madeAt}
          value={[filters.from ? dayjs(filters.from) : null, filters.until ? dayjs(filters.until) : null]}
          onChange={days => change({ from: days?.[0]?.format('YYYY-MM-DD'), until: days?.[1]?.format('YYYY-MM-DD') })}
        />
        {(filters.matterId || filters.customerId) && (
          <Button icon={<IconX size={14} />} onClick={() => change({ matterId: undefined, customerId: undefined })}>
            {w.aboutOne}
          </Button>
        )}
        <ViewTools of={views} />
      </div>
      <ListTable<DocumentLine>
        list={listing}
        empty={<Empty title={w.nothing} hint={w.nothingHint} />}
        views={views}
        columns={inView(views, columns)}
      />
      {making && <MakeDocument close={() => setMaking(false)} />}
    </div>
  )
}
