import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { Customer } from '#contract/customers.ts'
import { type Account, receivables } from '#contract/receivables.ts'
import { useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { ago, day, full, useNow, yuan } from '../../kit/time.ts'
import './accounts.css'
import { Bars } from './Bars.tsx'
import { dayAt } from './marks.ts'
import { m } from './marks.words.ts'
import { w } from './words.ts'

const Bills = lazy(() => import('./Bills.tsx'))

/** The latest bill; one that is paid asks for nothing any more. */
function Period({ of: { period, amount, openAmount, dueOn, settledAt } }: { of: Account['periods'][number] }) {
  const paid = openAmount <= 0
  return (
    <div className="row period">
      <span className="col">
        <span className="t2 nowrap">{w.thisPeriod}</span>
        <span className="t3 f12">{paid ? period : w.periodDue(period, day(dayAt(dueOn)))}</span>
      </span>
      <span className="end col">
        {paid ? <span className="t2">{yuan(amount)}</span> : <b>{yuan(amount)}</b>}
        {paid && <span className="tag ok">{settledAt ? w.paidOn(day(settledAt)) : w.paid}</span>}
        {!paid && openAmount < amount && <span className="t3 f12">{w.stillOpen(yuan(openAmount))}</span>}
      </span>
    </div>
  )
}

/** What the customer owes, by the books and as old as they are. */
export function AccountPanel({ customer: c }: { customer: Pick<Customer, 'id' | 'name' | 'balanceDue'> }) {
  const { data, error, refetch } = useFetch(receivables.account, { id: c.id }, { keep: false })
  const [open, setOpen] = useState(false)
  const now = useNow(30_000)
  const balance = data?.balanceDue ?? c.balanceDue
  const last = data?.periods.at(-1)
  const mean = data && data.periods.length > 0 ? Math.round(data.periods.reduce((sum, p) => sum + p.amount, 0) / data.periods.length) : 0
  return (
    <section className="card accountpanel" aria-label={w.account}>
      <header>
        <h3>{w.account}</h3>
        {data?.heardAt && (
          <span className="end t3 f12 cut" title={full(data.heardAt)}>
            {w.heard(data.source || w.books, ago(data.heardAt, now))}
          </span>
        )}
      </header>
      <div className="body col">
        {error && <Failure error={error} retry={() => void refetch()} />}
        {!data && !error && <Waiting rows={2} />}
        {last && <Period of={last} />}
        <div className="row">
          <span className="t2">{balance < 0 ? w.credit : w.owed}</span>
          {balance === 0 ? <span className="end t3">{w.settled}</span> : <b className="end f16">{yuan(Math.abs(balance))}</b>}
        </div>
        {data && data.heardAt !== null && (
          <div className="row">
            <span className="t2">{w.overdue}</span>
            {data.overdueAmount > 0 ? (
              <b className="end bac">
                {yuan(data.overdueAmount)} <span className="f12 regular">{m.overdueFor(data.overdueDays)}</span>
              </b>
            ) : (
              <span className="end t3">{w.nothingOverdue}</span>
            )}
          </div>
        )}
        {data && data.periods.length > 1 && (
          <div className="row past">
            <div className="col">
              <span className="t3 f12">{w.last12(data.periods.length)}</span>
              <span className="f12">{w.average(yuan(mean))}</span>
            </div>
            <span className="end">
              <Bars
                label={w.last12(data.periods.length)}
                bars={data.periods.map(p => ({
                  key: p.period,
                  value: p.amount,
                  open: p.openAmount,
                  says: w.bar(p.period, yuan(p.amount), p.openAmount > 0 ? yuan(p.openAmount) : ''),
                }))}
              />
            </span>
          </div>
        )}
        {data?.heardAt === null && <span className="t3 f12">{w.noData}</span>}
        {data && data.periods.length > 0 && (
          <div>
            <Button size="small" type="link" className="flush" onClick={() => setOpen(true)}>
              {w.allBills}
            </Button>
          </div>
        )}
      </div>
      <Suspense>{open && <Bills customer={c} close={() => setOpen(false)} />}</Suspense>
    </section>
  )
}
