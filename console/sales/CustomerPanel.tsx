import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { opportunities } from '#contract/sales.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { IconPlus } from '../kit/icons.ts'
import { Failure } from '../kit/parts.tsx'
import { yuan } from '../kit/time.ts'
import { StageTag } from './stage.tsx'
import { w } from './words.ts'

const OpportunityDrawer = lazy(() => import('./OpportunityDrawer.tsx'))
const OpportunityForm = lazy(() => import('./OpportunityForm.tsx'))

/** What may come of this customer. */
export function Opportunities({ customer }: { customer: { id: string; name: string } }) {
  const may = useMay()
  const [open, setOpen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const mayRead = may('opportunity:read')
  const { data, error, refetch } = useFetch(
    opportunities.list,
    { query: { customerId: customer.id, size: 5 } },
    { enabled: mayRead, keep: false },
  )
  if (!mayRead) return null
  return (
    <section className="card" aria-label={w.title}>
      <header>
        <h3>{w.title}</h3>
        {may('opportunity:write') && (
          <Button
            className="end"
            type="text"
            size="small"
            aria-label={w.add}
            title={w.add}
            icon={<IconPlus size={16} stroke={1.75} />}
            onClick={() => setAdding(true)}
          />
        )}
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data && data.rows.length === 0 && <div className="body t3">{w.noneHere}</div>}
      <ul className="matters">
        {data?.rows.map(o => (
          <li key={o.id}>
            <button type="button" className="plain" onClick={() => setOpen(o.id)}>
              <span className="row">
                <StageTag id={o.stageId} />
                <span className="end m5">{o.value > 0 ? yuan(o.value) : ''}</span>
              </span>
              <span className="m5 what">{o.title}</span>
            </button>
          </li>
        ))}
      </ul>
      <Suspense>
        {open && <OpportunityDrawer key={open} id={open} close={() => setOpen(null)} />}
        {adding && <OpportunityForm customer={customer} close={() => setAdding(false)} />}
      </Suspense>
    </section>
  )
}
