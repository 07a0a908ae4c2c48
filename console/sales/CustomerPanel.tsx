import { lazy, Suspense, useState } from 'react'
import { opportunities } from '#contract/sales.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { MattersCard } from '../kit/MattersCard.tsx'
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
  const list = useFetch(opportunities.list, { query: { customerId: customer.id, size: 5 } }, { enabled: mayRead, keep: false })
  if (!mayRead) return null
  return (
    <>
      <MattersCard
        title={w.title}
        add={may('opportunity:write') ? w.add : null}
        adding={() => setAdding(true)}
        of={list}
        none={w.noneHere}
        open={one => setOpen(one.id)}
        line={one => ({
          first: <StageTag id={one.stageId} />,
          end: <span className="m5">{one.value > 0 ? yuan(one.value) : ''}</span>,
          what: one.title,
        })}
      />
      <Suspense>
        {open && <OpportunityDrawer key={open} id={open} close={() => setOpen(null)} />}
        {adding && <OpportunityForm customer={customer} close={() => setAdding(false)} />}
      </Suspense>
    </>
  )
}
