import { Drawer, Segmented, type TableColumnType } from 'antd'
import { useState } from 'react'
import { type Receivable, receivables } from '#contract/receivables.ts'
import { ListTable } from '../../kit/DataTable.tsx'
import { useListing } from '../../kit/data.ts'
import { Empty } from '../../kit/parts.tsx'
import { day, yuan } from '../../kit/time.ts'
import './accounts.css'
import { dayAt } from './marks.ts'
import { w } from './words.ts'

/** Everything that was billed, only to be looked at. */
export default function Bills({ customer, close }: { customer: { id: string; name: string }; close: () => void }) {
  const [only, setOnly] = useState<'all' | 'open'>('all')
  const listing = useListing(receivables.list, only === 'open' ? { open: true } : {}, {}, { id: customer.id })
  const columns: TableColumnType<Receivable>[] = [
    {
      key: 'period',
      title: w.period,
      render: (_, r) => (
        <span className="col" style={{ gap: 0 }}>
          <b>{r.period}</b>
          <span className="t3 f12">{[r.kind, r.number].filter(Boolean).join(' ')}</span>
        </span>
      ),
    },
    { key: 'due', title: w.dueDay, width: 104, render: (_, r) => <span className="nowrap">{day(dayAt(r.dueOn))}</span> },
    { key: 'amount', title: w.amount, width: 96, align: 'end', render: (_, r) => yuan(r.amount) },
    { key: 'open', title: w.open, width: 96, align: 'end', render: (_, r) => (r.openAmount > 0 ? <b>{yuan(r.openAmount)}</b> : '–') },
    { key: 'state', title: w.state, width: 128, render: (_, r) => <State of={r} /> },
  ]
  return (
    <Drawer open onClose={close} title={w.billsOf(customer.name)} size={640} destroyOnHidden className="bills">
      <div className="row wrap" style={{ marginBottom: 12 }}>
        <Segmented<'all' | 'open'>
          aria-label={w.state}
          value={only}
          onChange={setOnly}
          options={[
            { value: 'all', label: w.all },
            { value: 'open', label: w.openOnly },
          ]}
        />
        <span className="t3 f12">{w.readOnly}</span>
      </div>
      <ListTable<Receivable> list={listing} columns={columns} empty={<Empty title={w.noBills} hint={w.noBillsHint} />} />
    </Drawer>
  )
}

function State({ of: r }: { of: Receivable }) {
  if (r.openAmount === 0) return <span className="tag ok">{r.settledAt ? w.paidOn(day(r.settledAt)) : w.paid}</span>
  if (r.hold !== '') return <span className="tag">{w[r.hold]}</span>
  return r.overdue ? <span className="tag ba">{w.stateOverdue}</span> : <span className="tag">{w.stateOpen}</span>
}
