import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, type InputRef, Select, type TableColumnType } from 'antd'
import { useRef, useState } from 'react'
import * as z from 'zod'
import { Channel, type Interaction, InteractionState, interactions } from '#contract/interactions.ts'
import { contactExports } from '#contract/lists.ts'
import { queues } from '#contract/routing.ts'
import { PersonSelect } from '../app/people.tsx'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconX } from '../kit/icons.ts'
import { SeekBox } from '../kit/ListParts.tsx'
import { ChannelGlyph, channelWord, Empty } from '../kit/parts.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { CallButton } from '../voice/CallButton.tsx'
import { ContactDrawer } from './ContactDrawer.tsx'
import { type Names, useContactNames } from './names.ts'
import { PeriodPick } from './PeriodPick.tsx'
import { lengthOf, waitOf } from './times.ts'
import { stateTone, stateWord, w } from './words.ts'

/** Every touch on any channel that the actor may see. */
export default function ContactsPage() {
  const [filters, change] = useFilters(interactions.list)
  const list = useListing(interactions.list, filters)
  const [chosen, choose] = useState<Interaction | null>(null)
  const [named, forget] = useNamedContact()
  const open = chosen ?? named
  const seek = useRef<InputRef>(null)
  useHotkey('/', () => seek.current?.focus())
  const nameIn = useContactNames([...list.rows, ...(named ? [named] : [])])
  const columns = columnsOf(nameIn)
  const views = useViews('contacts', interactions.list, columns)
  const { sort: _, ...sieves } = filters
  const filtered = Object.values(sieves).some(value => value !== undefined)
  return (
    <div className="page">
      <header>
        <h1>{w.contacts}</h1>
        <span className="t3 cut">{w.hint}</span>
        <ExportButton end of={contactExports} filter={filters} what={w.contacts} />
      </header>
      <ViewBar of={views} first={w.all} />
      <div className="row wrap sieves">
        <div className="seekplace" style={{ width: 248 }}>
          <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        </div>
        <Sieves filters={filters} change={change} />
        {filters.customerId && (
          <Button icon={<IconX size={14} />} onClick={() => change({ customerId: undefined })}>
            {w.onlyCustomer}
          </Button>
        )}
        {filtered && (
          <Button type="text" onClick={() => change(Object.fromEntries(Object.keys(sieves).map(key => [key, undefined])))}>
            {w.clear}
          </Button>
        )}
        <ViewTools of={views} />
      </div>
      <ListTable<Interaction>
        list={list}
        views={views}
        open={choose}
        empty={<Empty title={w.none} {...(filtered ? { hint: w.noneHint } : {})} />}
        columns={inView(views, columns)}
      />
      {open && (
        <ContactDrawer
          contact={open}
          names={nameIn}
          close={() => {
            choose(null)
            forget()
          }}
        />
      )}
    </div>
  )
}

/** The one that the address names, as other pages lead to it. */
function useNamedContact(): [contact: Interaction | null, forget: () => void] {
  const { contact } = z.object({ contact: z.uuid().optional().catch(undefined) }).parse(useSearch({ strict: false }))
  const go = useNavigate()
  const { data } = useFetch(interactions.one, { id: contact ?? '' }, { enabled: contact !== undefined, keep: false })
  return [
    contact === undefined ? null : (data ?? null),
    () =>
      void (contact && go({ to: '.', search: (was: Record<string, unknown>) => ({ ...was, contact: undefined }) as never, replace: true })),
  ]
}

type Filters = ReturnType<typeof useFilters<(typeof interactions.list.query)['shape']>>
function Sieves({ filters, change }: { filters: Filters[0]; change: Filters[1] }) {
  const all = useFetch(queues.list, { query: { retired: true } }, { staleTime: 60_000 }).data ?? []
  return (
    <>
      <PeriodPick filters={filters} change={change} />
      <Select
        allowClear
        style={{ width: 104 }}
        placeholder={w.channel}
        aria-label={w.channel}
        value={filters.channel ?? null}
        onChange={channel => change({ channel: channel ?? undefined })}
        options={Channel.options.map(channel => ({ value: channel, label: channelWord(channel) }))}
      />
      <Select
        allowClear
        style={{ width: 104 }}
        placeholder={w.state}
        aria-label={w.state}
        value={filters.state ?? null}
        onChange={state => change({ state: state ?? undefined })}
        options={InteractionState.options.map(state => ({ value: state, label: stateWord(state) }))}
      />
      <Select
        allowClear
        style={{ width: 120 }}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={w.queue}
        aria-label={w.queue}
        value={filters.queueId ?? null}
        onChange={queueId => change({ queueId: queueId ?? undefined })}
        options={all.map(queue => ({ value: queue.id, label: nameOf(queue) }))}
      />
      <PersonSelect
        width={128}
        retired
        placeholder={w.agent}
        aria-label={w.agent}
        value={filters.agentId ?? null}
        onChange={agentId => change({ agentId: agentId ?? undefined })}
      />
    </>
  )
}

const columnsOf = (names: Names): readonly (TableColumnType<Interaction> & ViewColumn)[] => [
  {
    key: 'customer',
    title: w.customer,
    width: 176,
    render: (_, i) => (
      <span className="row nowrap">
        <ChannelGlyph channel={i.channel} />
        {i.customerId && i.customerName ? (
          <>
            <Link className="cut" to={`/customers/${i.customerId}`} onClick={e => e.stopPropagation()}>
              {i.customerName}
            </Link>
            <CallButton bare who={i.customerName} customerId={i.customerId} />
          </>
        ) : (
          <span className="t3">{w.unknown}</span>
        )}
      </span>
    ),
  },
  { ...col.time<Interaction>('startedAt', w.startedAt), key: 'startedAt', title: w.startedAt, order: 'time', align: 'start' },
  { key: 'subject', title: w.subject, ellipsis: true, render: (_, i) => i.subject },
  { key: 'queue', title: w.queue, width: 112, ellipsis: true, render: (_, i) => <span className="t2">{names.queue(i.queueId)}</span> },
  { key: 'agent', title: w.agent, width: 104, ellipsis: true, render: (_, i) => <span className="t2">{names.agent(i.agentId)}</span> },
  {
    key: 'state',
    title: w.state,
    width: 104,
    render: (_, i) => <span className={`tag ${stateTone[i.state]}`}>{stateWord(i.state)}</span>,
  },
  { key: 'duration', title: w.duration, width: 96, align: 'end', order: 'duration', render: (_, i) => lengthOf(i) },
  { key: 'wait', title: w.wait, width: 88, align: 'end', spare: true, render: (_, i) => waitOf(i) },
  { key: 'reason', title: w.reason, width: 128, ellipsis: true, spare: true, render: (_, i) => names.reason(i.reasonId) },
  { key: 'outcome', title: w.outcome, width: 112, ellipsis: true, spare: true, render: (_, i) => names.outcome(i.outcomeId) },
  { key: 'rating', title: w.rating, width: 72, align: 'end', spare: true, render: (_, i) => i.rating ?? '' },
  { key: 'direction', title: w.direction, width: 112, spare: true, render: (_, i) => w[i.direction] },
]
