import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { needs } from '#contract/needs.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { IconPlus, IconSpeakerphone } from '../kit/icons.ts'
import type { Heard } from './hearing.ts'
import { NeedTag } from './NeedTag.tsx'
import { w } from './words.ts'

const NeedDrawer = lazy(() => import('./NeedDrawer.tsx'))
const CaptureNeed = lazy(() => import('./CaptureNeed.tsx'))

type Props = {
  heard: Heard
  /** In a drawer, by itself, or in the column beside a talk. */
  look?: 'plain' | 'card' | 'sec'
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
  const writes = may('need:write')
  if (!writes && rows.length === 0) return null
  return (
    <section className={look === 'plain' ? '' : look} aria-label={w.title}>
      <header className={look === 'sec' ? 'sech' : look === 'plain' ? 'row' : ''}>
        {look !== 'plain' && <IconSpeakerphone size={16} stroke={1.75} />}
        <h3>{w.title}</h3>
        {writes && (
          <Button
            className="end"
            size="small"
            type="text"
            icon={<IconPlus size={14} />}
            onClick={() => (capture ? capture(heard) : setAdding(heard))}
          >
            {w.capture}
          </Button>
        )}
      </header>
      {rows.length > 0 && (
        <ul className={look === 'card' ? 'body needlines' : 'needlines'}>
          {rows.map(n => (
            <li key={n.id}>
              <button type="button" className="plain row" onClick={() => setOpen(n.id)}>
                <span className="cut grow">{n.title}</span>
                <span className="t3 f12 nowrap">{w.voicesOf(n.voices)}</span>
                <NeedTag state={n.state} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Suspense>
        {open && <NeedDrawer key={open} id={open} close={() => setOpen(null)} open={setOpen} />}
        {adding && <CaptureNeed heard={adding} close={() => setAdding(null)} />}
      </Suspense>
    </section>
  )
}
