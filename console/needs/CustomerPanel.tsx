import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { needs } from '#contract/needs.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { IconPlus } from '../kit/icons.ts'
import { Failure } from '../kit/parts.tsx'
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
  const { data, error, refetch } = useFetch(needs.list, { query: { customerId: customer.id, size: 5 } }, { enabled: mayRead, keep: false })
  if (!mayRead) return null
  return (
    <section className="card" aria-label={w.title}>
      <header>
        <h3>{w.title}</h3>
        {may('need:write') && (
          <Button
            className="end"
            type="text"
            size="small"
            aria-label={w.capture}
            title={w.capture}
            icon={<IconPlus size={16} stroke={1.75} />}
            onClick={() => setAdding(true)}
          />
        )}
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data && data.rows.length === 0 && <div className="body t3">{w.noneHere}</div>}
      <ul className="matters">
        {data?.rows.map(n => (
          <li key={n.id}>
            <button type="button" className="plain" onClick={() => setOpen(n.id)}>
              <span className="row">
                <NeedTag state={n.state} />
                <span className="end t3 f12">{w.voicesOf(n.voices)}</span>
              </span>
              <span className="m5 what">{n.title}</span>
            </button>
          </li>
        ))}
      </ul>
      <Suspense>
        {open && <NeedDrawer key={open} id={open} close={() => setOpen(null)} open={setOpen} />}
        {adding && <CaptureNeed heard={{ customer }} close={() => setAdding(false)} />}
      </Suspense>
    </section>
  )
}
