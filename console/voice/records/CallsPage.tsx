import { Link } from '@tanstack/react-router'
import { Button, type InputRef, Select, type TableColumnType } from 'antd'
import { useRef, useState } from 'react'
import { Direction } from '#contract/interactions.ts'
import { callExports } from '#contract/lists.ts'
import { queues } from '#contract/routing.ts'
import { type CallLine, Cause, calls } from '#contract/voice.ts'
import { useFresh } from '../../app/live.ts'
import { useMay } from '../../app/me.ts'
import { PersonSelect } from '../../app/people.tsx'
import { col } from '../../kit/columns.tsx'
import { ListTable } from '../../kit/DataTable.tsx'
import { useFetch, useListing } from '../../kit/data.ts'
import { useFilters } from '../../kit/filters.ts'
import { useHotkey } from '../../kit/hotkeys.ts'
import { IconPhoneIncoming, IconPhoneOutgoing, IconPlayerPlay, IconX } from '../../kit/icons.ts'
import { SeekBox } from '../../kit/ListParts.tsx'
import { Empty } from '../../kit/parts.tsx'
import { inView, useViews, type ViewColumn } from '../../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../../kit/views/ViewBar.tsx'
import { nameOf } from '../../kit/words.ts'
import { ExportButton } from '../../runs/ExportButton.tsx'
import { CallButton } from '../CallButton.tsx'
import { CallDrawer } from './CallDrawer.tsx'
import { between } from './times.ts'
import { useQueueName } from './useQueueName.ts'
import { causeTone, causeWord, lineWord, qualityTone, stageWord, w } from './words.ts'

const kept = { query: { retired: true } }
/** Tenths: what many call hard to listen to. */
const poorBelow = 36

/** Every call that the actor may see. */
export default function CallsPage() {
  const [filters, change] = useFilters(calls.list)
  const list = useListing(calls.list, filters)
  const [open, setOpen] = useState<CallLine | null>(null)
  const may = useMay()
  const seek = useRef<InputRef>(null)
  useHotkey('/', () => seek.current?.focus())
  useFresh('call', 'calls')
  const all = useFetch(queues.list, kept, { staleTime: 60_000 }).data ?? []
  const queueName = useQueueName()
  const columns = columnsOf(queueName)
  const views = useViews('calls', calls.list, columns)
  const { sort: _, ...sieves } = filters
  const filtered = Object.values(sieves).some(value => value !== undefined)
  return (
    <div className="page">
      <header>
        <h1>{w.calls}</h1>
        <span className="t3 cut">{w.hint}</span>
        {may('interaction:export') && <ExportButton end of={callExports} filter={filters} what={w.calls} />}
      </header>
      <ViewBar of={views} first={w.all} />
      <div className="row wrap sieves">
        <div className="seekplace" style={{ width: 212 }}>
          <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        </div>
        <Select<string>
          allowClear
          style={{ width: 104 }}
          placeholder={w.anyTime}
          aria-label={w.anyTime}
          value={filters.days === undefined ? null : String(filters.days)}
          onChange={days => change({ days: days ? Number(days) : undefined })}
          options={[{ value: '1', label: w.today }, ...[7, 30, 90].map(n => ({ value: String(n), label: w.lastDays(n) }))]}
        />
        <Select
          allowClear
          style={{ width: 104 }}
          placeholder={w.direction}
          aria-label={w.direction}
          value={filters.direction ?? null}
          onChange={direction => change({ direction: direction ?? undefined })}
          options={Direction.options.map(value => ({ value, label: w[value] }))}
        />
        <Select
          allowClear
          style={{ width: 132 }}
          placeholder={w.cause}
          aria-label={w.cause}
          value={filters.cause ?? null}
          onChange={cause => change({ cause: cause ?? undefined })}
          options={Cause.options.map(value => ({ value, label: causeWord(value) }))}
        />
        <Select
          allowClear
          style={{ width: 104 }}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={w.queue}
          aria-label={w.queue}
          value={filters.queueId ?? null}
          onChange={queueId => change({ queueId: queueId ?? undefined })}
          options={all.filter(q => q.channel === 'phone' || q.id === filters.queueId).map(q => ({ value: q.id, label: nameOf(q) }))}
        />
        <PersonSelect
          width={104}
          retired
          placeholder={w.agent}
          aria-label={w.agent}
          value={filters.agentId ?? null}
          onChange={agentId => change({ agentId: agentId ?? undefined })}
        />
        <Select<number>
          allowClear
          style={{ width: 96 }}
          placeholder={w.rated}
          aria-label={w.rated}
          value={filters.rating ?? null}
          onChange={rating => change({ rating: rating ?? undefined })}
          options={[1, 2, 3, 4, 5].map(value => ({ value, label: w.ratedN(value) }))}
        />
        <Select<string>
          allowClear
          style={{ width: 108 }}
          placeholder={w.recorded}
          aria-label={w.recorded}
          value={filters.recorded === undefined ? null : String(filters.recorded)}
          onChange={recorded => change({ recorded: recorded ? recorded === 'true' : undefined })}
          options={[
            { value: 'true', label: w.hasRecording },
            { value: 'false', label: w.noRecording },
          ]}
        />
        <Select<number>
          allowClear
          style={{ width: 96 }}
          placeholder={w.quality}
          aria-label={w.quality}
          value={filters.mosBelow ?? null}
          onChange={mosBelow => change({ mosBelow: mosBelow ?? undefined })}
          options={[{ value: poorBelow, label: w.poor }]}
        />
        {filters.customerId && (
          <Button icon={<IconX size={14} />} onClick={() => change({ customerId: undefined })}>
            {w.onlyCustomer}
          </Button>
        )}
        {filters.numberId && (
          <Button icon={<IconX size={14} />} onClick={() => change({ numberId: undefined })}>
            {w.onlyNumber}
          </Button>
        )}
        {filters.line && (
          <Button icon={<IconX size={14} />} onClick={() => change({ line: undefined })}>
            {lineWord(filters.line)}
          </Button>
        )}
        {filtered && (
          <Button type="text" onClick={() => change(Object.fromEntries(Object.keys(sieves).map(key => [key, undefined])))}>
            {w.clear}
          </Button>
        )}
        <ViewTools of={views} />
      </div>
      <ListTable<CallLine>
        list={list}
        views={views}
        open={setOpen}
        empty={<Empty title={w.none} {...(filtered ? { hint: w.noneHint } : {})} />}
        columns={inView(views, columns)}
      />
      {open && <CallDrawer id={open.id} close={() => setOpen(null)} />}
    </div>
  )
}

const otherOf = (c: CallLine) => (c.direction === 'in' ? c.caller : c.called)

const columnsOf = (queueName: (id: string | null) => string): readonly (TableColumnType<CallLine> & ViewColumn)[] => [
  {
    key: 'other',
    title: w.other,
    width: 240,
    render: (_, c) => (
      <span className="row nowrap">
        {c.direction === 'in' ? (
          <IconPhoneIncoming size={16} className="t3" aria-label={w.in} />
        ) : (
          <IconPhoneOutgoing size={16} className="t3" aria-label={w.out} />
        )}
        {c.customerId && c.customerName && (
          <Link className="cut" to={`/customers/${c.customerId}`} onClick={e => e.stopPropagation()}>
            {c.customerName}
          </Link>
        )}
        <span className={c.customerName ? 't3 nowrap' : 'nowrap'}>{otherOf(c)}</span>
        {c.cause && otherOf(c) && <CallButton bare who={c.customerName || otherOf(c)} callId={c.id} />}
      </span>
    ),
  },
  { ...col.time<CallLine>('startedAt', w.startedAt), key: 'startedAt', title: w.startedAt, order: 'time', align: 'start' },
  { key: 'queue', title: w.queue, width: 112, ellipsis: true, render: (_, c) => <span className="t2">{queueName(c.queueId)}</span> },
  { key: 'agent', title: w.agent, width: 104, ellipsis: true, render: (_, c) => <span className="t2">{c.agentName}</span> },
  {
    key: 'cause',
    title: w.cause,
    width: 136,
    render: (_, c) =>
      c.cause ? (
        <span className={`tag ${causeTone(c.cause)}`}>{causeWord(c.cause)}</span>
      ) : (
        <span className="tag ac">{stageWord(c.stage)}</span>
      ),
  },
  { key: 'talked', title: w.talked, width: 88, align: 'end', render: (_, c) => between(c.answeredAt, c.endedAt) },
  {
    key: 'quality',
    title: w.quality,
    width: 80,
    align: 'end',
    render: (_, c) =>
      c.worstMos === null ? (
        ''
      ) : (
        <span className={qualityTone(c.worstMos) === 'ok' ? 't2' : `${qualityTone(c.worstMos)}c`}>{c.worstMos.toFixed(1)}</span>
      ),
  },
  { key: 'rating', title: w.rated, width: 72, align: 'end', spare: true, render: (_, c) => c.rating },
  {
    key: 'recorded',
    title: w.recorded,
    width: 72,
    align: 'center',
    render: (_, c) =>
      c.recorded ? (
        <span role="img" aria-label={w.hasRecording} title={w.hasRecording}>
          <IconPlayerPlay size={16} className="t3" style={{ verticalAlign: 'middle' }} />
        </span>
      ) : (
        ''
      ),
  },
  { key: 'waited', title: w.waited, width: 104, align: 'end', spare: true, render: (_, c) => between(c.startedAt, c.answeredAt) },
  {
    key: 'number',
    title: w.number,
    width: 128,
    ellipsis: true,
    spare: true,
    render: (_, c) => nameOf({ name: c.numberName, nameEn: c.numberNameEn }),
  },
  { key: 'line', title: w.line, width: 112, ellipsis: true, spare: true, render: (_, c) => lineWord(c.line) },
  { key: 'direction', title: w.direction, width: 80, spare: true, render: (_, c) => w[c.direction] },
]
