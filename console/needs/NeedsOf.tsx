import { lazy, Suspense, useState } from 'react'
import { needs } from '#contract/needs.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { HeardHere, type HeardLook } from '../kit/HeardHere.tsx'
import { IconSpeakerphone } from '../kit/icons.ts'
import type { Heard } from './hearing.ts'
import { NeedTag } from './NeedTag.tsx'
import { w } from './words.ts'

const NeedDrawer = lazy(() => import('./NeedDrawer.tsx'))
const CaptureNeed = lazy(() => import('./CaptureNeed.tsx'))

type Props = {
  heard: Heard
  look?: HeardLook
  /** Whoever opens the form in place of this section, where it may go while one writes. */
  capture?: ((heard: Heard) => void) | undefined
}

/** What was wished for in a contact, a call or a ticket, and one more written down where it is heard. */
export default function NeedsOf({ heard, look = 'plain', capture }: Props) {
  const may = useMay()
  const source = heard.from?.id ?? heard.interactionId
  const [adding, setAdding] = useState<Heard | null>(null)
  const [open, setOpen] = useState<string | null>(null)
  const reads = may('need:read') && source !== undefined
  const rows = useFetch(needs.list, { query: { from: source ?? '', size: 20 } }, { enabled: reads, keep: false }).data?.rows ?? []
  useFresh('need', 'needs')
  return (
    <>
      <HeardHere
        title={w.title}
        icon={<IconSpeakerphone size={16} stroke={1.75} />}
        look={look}
        add={may('need:write') ? w.capture : null}
        adding={() => (capture ? capture(heard) : setAdding(heard))}
        lines={rows.map(n => ({
          id: n.id,
          title: n.title,
          end: (
            <>
              <span className="t3 f12 nowrap">{w.voicesOf(n.voices)}</span>
              <NeedTag state={n.state} />
            </>
          ),
        }))}
        open={setOpen}
      />
      <Suspense>
        {open && <NeedDrawer key={open} id={open} close={() => setOpen(null)} open={setOpen} />}
        {adding && <CaptureNeed heard={adding} close={() => setAdding(null)} />}
      </Suspense>
    </>
  )
}
