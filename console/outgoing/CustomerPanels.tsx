import { useState } from 'react'
import { outbox } from '#contract/outgoing.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { ChannelGlyph, Failure, Waiting } from '../kit/parts.tsx'
import { ago, full } from '../kit/time.ts'
import { MessageDrawer, StateTag } from './parts.tsx'
import { purposeWords, reasonText, w } from './words.ts'

/** What was sent to this customer lately, and why something was not. */
export function Messages({ customerId }: { customerId: string }) {
  const may = useMay()
  const [open, setOpen] = useState<string | null>(null)
  const { data, error, refetch, isPending } = useFetch(outbox.ofCustomer, { id: customerId, query: { size: 6 } }, { keep: false })
  return (
    <section className="card" aria-label={w.messages}>
      <header>
        <h3>{w.messages}</h3>
      </header>
      <div className="body col" style={{ gap: 10 }}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {isPending && <Waiting rows={2} />}
        {data && data.rows.length === 0 && <span className="t3">{w.noMessages}</span>}
        {data?.rows.map(m => (
          <div key={m.id} className="row">
            <ChannelGlyph channel={m.channel} />
            <span className="cut grow" title={reasonText(m.reason)}>
              {may('message:read') ? (
                <button type="button" className="opens" onClick={() => setOpen(m.id)}>
                  {purposeWords[m.purpose]}
                </button>
              ) : (
                purposeWords[m.purpose]
              )}
            </span>
            <StateTag state={m.state} />
            <time className="t3 f12 nowrap" dateTime={m.madeAt.toISOString()} title={full(m.madeAt)}>
              {ago(m.madeAt)}
            </time>
          </div>
        ))}
      </div>
      <MessageDrawer id={open} close={() => setOpen(null)} />
    </section>
  )
}
