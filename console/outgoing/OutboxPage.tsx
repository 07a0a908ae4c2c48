import { Button, Select, type TableColumnType } from 'antd'
import { useState } from 'react'
import { messageExports } from '#contract/lists.ts'
import { type Message, MessageState, notices, outbox, Purpose, Way } from '#contract/outgoing.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { CustomerSelect } from '../customers/finding/Found.tsx'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconX } from '../kit/icons.ts'
import { Empty } from '../kit/parts.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { ExportButton } from '../runs/ExportButton.tsx'
import { MessageDrawer, Places, Recipient, StateTag, wayWord } from './parts.tsx'
import { purposeWords, reasonText, stateWords, w } from './words.ts'

/** Everything that leaves the house to a person, and why what did not leave did not. */
export default function OutboxPage() {
  const [filters, filter] = useFilters(outbox.list)
  const list = useListing(outbox.list, filters)
  const [open, setOpen] = useState<string | null>(null)
  useFresh('message', 'outgoing')
  const columns: (TableColumnType<Message> & ViewColumn)[] = [
    { key: 'to', title: w.to, render: (_, m) => <Recipient message={m} /> },
    { key: 'purpose', title: w.purpose, width: 112, render: (_, m) => purposeWords[m.purpose] },
    { key: 'state', title: w.state, width: 96, render: (_, m) => <StateTag state={m.state} /> },
    { key: 'why', title: w.why, ellipsis: true, render: (_, m) => <span className="t2">{reasonText(m.reason)}</span> },
    { key: 'by', title: w.by, width: 144, ellipsis: true, render: (_, m) => <span className="t2">{m.providerName}</span> },
    { ...col.time<Message>('madeAt', w.when), key: 'madeAt', title: w.when, order: 'time' },
  ]
  const views = useViews('outbox', outbox.list, columns)
  return (
    <div className="page">
      <header>
        <h1>{w.outbox}</h1>
        <span className="t3 cut">{w.outboxHint}</span>
        <span className="end row wrap">
          <ExportButton of={messageExports} filter={filters} what={w.outbox} />
          <Places here="/outbox" />
        </span>
      </header>
      <ViewBar of={views} first={w.all} />
      <div className="row wrap sieves">
        <Pick
          all={w.state}
          value={filters.state}
          among={MessageState.options.map(s => [s, stateWords[s]])}
          pick={state => filter({ state })}
        />
        <Pick all={w.channel} value={filters.channel} among={Way.options.map(c => [c, wayWord(c)])} pick={channel => filter({ channel })} />
        <Pick
          all={w.purpose}
          value={filters.purpose}
          among={Purpose.options.map(p => [p, purposeWords[p]])}
          pick={purpose => filter({ purpose })}
        />
        <CustomerPick value={filters.customerId} pick={customerId => filter({ customerId })} />
        {filters.noticeId && <OfNotice id={filters.noticeId} clear={() => filter({ noticeId: undefined })} />}
        <ViewTools of={views} />
      </div>
      <ListTable<Message>
        list={list}
        empty={<Empty title={w.none} hint={w.noneHint} />}
        open={row => setOpen(row.id)}
        views={views}
        columns={inView(views, columns)}
      />
      <MessageDrawer id={open} close={() => setOpen(null)} />
    </div>
  )
}

/** Only the messages of one notice: which, and how to see all again. */
function OfNotice({ id, clear }: { id: string; clear: () => void }) {
  const name = useFetch(notices.one, { id }, { staleTime: 60_000 }).data?.name ?? '…'
  return (
    <Button icon={<IconX size={14} />} iconPlacement="end" title={w.seeAll} aria-label={w.onlyNoticeOff(name)} onClick={clear}>
      {w.onlyNotice(name)}
    </Button>
  )
}

/** A customer's messages have their own index. */
function CustomerPick({ value, pick }: { value: string | undefined; pick: (id: string | undefined) => void }) {
  const may = useMay()
  if (!may('customer:read')) return null
  return <CustomerSelect allowClear placeholder={w.findCustomer} aria-label={w.findCustomer} width={208} value={value} onChange={pick} />
}

export function Pick<V extends string>({
  all,
  value,
  among,
  pick,
}: {
  all: string
  value: V | undefined
  among: readonly (readonly [V, string])[]
  pick: (value: V | undefined) => void
}) {
  return (
    <Select<V>
      allowClear
      placeholder={all}
      aria-label={all}
      style={{ width: 136 }}
      value={value ?? null}
      onChange={next => pick(next ?? undefined)}
      options={among.map(([key, label]) => ({ value: key, label }))}
    />
  )
}
