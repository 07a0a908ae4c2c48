import { useState } from 'react'
import { calls } from '#contract/voice.ts'
import { useMay } from '../../app/me.ts'
import { useFetch } from '../../kit/data.ts'
import { IconPhone, IconPlayerPlay } from '../../kit/icons.ts'
import { ago, full } from '../../kit/time.ts'
import { CallButton } from '../CallButton.tsx'
import { CallDrawer } from './CallDrawer.tsx'
import './player.css'
import { between } from './times.ts'
import { causeTone, causeWord, stageWord, w } from './words.ts'

/** The call in which something began: when, how it ended, and all that is known of it at one touch. Nothing where it began otherwise. */
export function CallOfTicket({ interactionId }: { interactionId: string }) {
  const may = useMay()
  const [open, setOpen] = useState(false)
  const { data } = useFetch(calls.ofInteraction, { id: interactionId }, { enabled: may('voice:read'), keep: false })
  const call = data?.call
  if (!call) return null
  const who = call.customerName || (call.direction === 'in' ? call.caller : call.called)
  return (
    <section className="card" aria-label={w.ofTicket}>
      <header>
        <IconPhone size={16} stroke={1.75} />
        <h3>{w.ofTicket}</h3>
        {call.cause && who && (
          <span className="end">
            <CallButton who={who} callId={call.id} />
          </span>
        )}
      </header>
      <div className="body">
        <button type="button" className="row callline" onClick={() => setOpen(true)}>
          <time className="nowrap" dateTime={call.startedAt.toISOString()} title={full(call.startedAt)}>
            {ago(call.startedAt)}
          </time>
          <span className="t3 cut grow">
            {w[call.direction]} {between(call.answeredAt, call.endedAt)}
          </span>
          {call.recorded && <IconPlayerPlay size={14} className="t3" aria-label={w.hasRecording} />}
          <span className={`tag ${call.cause ? causeTone(call.cause) : 'ac'}`}>
            {call.cause ? causeWord(call.cause) : stageWord(call.stage)}
          </span>
        </button>
      </div>
      {open && <CallDrawer id={call.id} close={() => setOpen(false)} />}
    </section>
  )
}
