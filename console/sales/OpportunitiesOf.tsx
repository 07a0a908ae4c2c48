import { lazy, Suspense, useState } from 'react'
import { opportunities } from '#contract/sales.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { HeardHere, type HeardLook } from '../kit/HeardHere.tsx'
import { IconTargetArrow } from '../kit/icons.ts'
import { yuan } from '../kit/time.ts'
import type { Heard } from '../needs/hearing.ts'
import { StageTag } from './stage.tsx'
import { w } from './words.ts'

const OpportunityDrawer = lazy(() => import('./OpportunityDrawer.tsx'))
const OpportunityForm = lazy(() => import('./OpportunityForm.tsx'))

type Props = {
  heard: Heard
  look?: HeardLook
  /** Whoever opens the form in place of this section, where it may go while one writes. */
  capture?: ((heard: Heard) => void) | undefined
}

/** What may come of a contact or a call: an opportunity with this customer, or a lead of somebody who has no file. */
export default function OpportunitiesOf({ heard, look = 'plain', capture }: Props) {
  const may = useMay()
  const { interactionId } = heard
  const [adding, setAdding] = useState<Heard | null>(null)
  const [open, setOpen] = useState<string | null>(null)
  const reads = may('opportunity:read') && interactionId !== undefined
  const query = { interactionId: interactionId ?? '', size: 20 }
  const rows = useFetch(opportunities.list, { query }, { enabled: reads, keep: false }).data?.rows ?? []
  useFresh('opportunity', 'opportunities')
  return (
    <>
      <HeardHere
        title={w.title}
        icon={<IconTargetArrow size={16} stroke={1.75} />}
        look={look}
        add={may('opportunity:write') ? w.add : null}
        adding={() => (capture ? capture(heard) : setAdding(heard))}
        lines={rows.map(one => ({
          id: one.id,
          title: one.title,
          end: (
            <>
              {one.value > 0 && <span className="t3 f12 nowrap">{yuan(one.value)}</span>}
              <StageTag id={one.stageId} />
            </>
          ),
        }))}
        open={setOpen}
      />
      <Suspense>
        {open && <OpportunityDrawer key={open} id={open} close={() => setOpen(null)} />}
        {adding && <OpportunityForm customer={adding.customer} interactionId={adding.interactionId} close={() => setAdding(null)} />}
      </Suspense>
    </>
  )
}
