import { lazy, Suspense, useState } from 'react'
import { needs } from '#contract/needs.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { MattersCard } from '../kit/MattersCard.tsx'
import { NeedTag } from './NeedTag.tsx'
import { w } from './words.ts'

const NeedDrawer = lazy(() => import('./NeedDrawer.tsx'))
const CaptureNeed = lazy(() => import('./CaptureNeed.tsx'))

/** What this customer would have. */
export function Needs({ customer }: { customer: { id: string; name: string } }) {
  const may = useMay()
  const [open, setOpen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const mayRead = may('need:read')
  const list = useFetch(needs.list, { query: { customerId: customer.id, size: 5 } }, { enabled: mayRead, keep: false })
  if (!mayRead) return null
  return (
    <>
      <MattersCard
        title={w.title}
        add={may('need:write') ? w.capture : null}
        adding={() => setAdding(true)}
        of={list}
        none={w.noneHere}
        open={need => setOpen(need.id)}
        line={need => ({
          first: <NeedTag state={need.state} />,
          end: <span className="t3 f12">{w.voicesOf(need.voices)}</span>,
          what: need.title,
        })}
      />
      <Suspense>
        {open && <NeedDrawer key={open} id={open} close={() => setOpen(null)} open={setOpen} />}
        {adding && <CaptureNeed heard={{ customer }} close={() => setAdding(false)} />}
      </Suspense>
    </>
  )
}
