import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { Me } from '#contract/identity.ts'
import type { MyCall } from '#contract/voice.ts'
import { useCommands } from '../app/commands.ts'
import { useMay, useMe } from '../app/me.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { Empty, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { useMedia } from '../kit/useMedia.ts'
import type { ComposerHandle } from '../messaging/Composer.tsx'
import { ConversationPane } from '../messaging/ConversationPane.tsx'
import { useInboxLive, useLost } from '../messaging/inbox.ts'
import type { Heard } from '../needs/hearing.ts'
import { useMyPhone } from '../voice/phone.ts'
import { inDesk, isRunning } from '../voice/rules.ts'
import { Assistance, CallAssistance, type Hearing } from './Assistance.tsx'
import { Inbox, useInboxRows } from './Inbox.tsx'
import './desk.css'
import { usePlace } from './useDesk.ts'
import { w } from './words.ts'

const Sheet = lazy(() => import('../kit/Sheet.tsx'))
const CallPane = lazy(() => import('./CallPane.tsx'))
const CaptureNeed = lazy(() => import('../needs/CaptureNeed.tsx'))
const OpportunityForm = lazy(() => import('../sales/OpportunityForm.tsx'))
const NewTicket = lazy(() => import('./NewTicket.tsx'))
const NewTicketOfCall = lazy(() => import('./NewTicket.tsx').then(m => ({ default: m.NewTicketOfCall })))

export default function DeskPage() {
  const me = useMe()
  return me ? <Desk me={me} /> : <Waiting rows={8} />
}

/** Inbox, conversation, assistance: side by side where there is room, one after the other where there is not. */
function Desk({ me }: { me: Me }) {
  useInboxLive(me.user.id)
  const may = useMay()
  const { c, call: callId, box, go } = usePlace()
  const phoneOf = useMyPhone()
  const call = inDesk(phoneOf?.calls ?? [], me.user.id).find(one => one.id === callId)
  const open = c ?? callId
  useLost(lost => {
    tell(w.lost(lost.customerName || w.visitor))
    if (lost.id === c) go({ c: undefined }, true)
  })
  const inbox = useInboxRows(box, me.user.id)
  const { calls, rows } = inbox
  const narrow = useMedia('(max-width: 1023px)')
  const phone = useMedia('(max-width: 640px)')
  const [assisting, setAssisting] = useState(false)
  // What a ticket is opened out of stays what it is, whatever comes to the desk meanwhile.
  const [ticketing, setTicketing] = useState<{ call: MyCall } | { c: string } | null>(null)
  const openTicket = () => {
    setAssisting(false)
    if (call) setTicketing({ call })
    else if (c) setTicketing({ c })
  }
  const [hearing, setHearing] = useState<{ what: Hearing; heard: Heard } | null>(null)
  const hear = (what: Hearing, heard: Heard) => {
    setAssisting(false)
    setHearing({ what, heard })
  }
  const composer = useRef<ComposerHandle>(null)

  const choose = useCallback((id: string) => go({ c: id }), [go])
  const chooseCall = useCallback((id: string) => go({ call: id }), [go])
  const step = (by: 1 | -1) => {
    const all = [...calls.map(one => ({ call: one.id, id: one.id })), ...rows.map(one => ({ c: one.id, id: one.id }))]
    const at = all.findIndex(one => one.id === open)
    const { id, ...next } = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))] ?? { id: null }
    if (id) go(next)
  }
  useHotkey('j', () => step(1))
  useHotkey('k', () => step(-1))
  useHotkey('c', openTicket, (c !== undefined || call !== undefined) && may('ticket:open') && ticketing === null)
  useCommands(
    [
      { id: 'desk.next', name: w.nextCommand, key: 'J', run: () => step(1) },
      { id: 'desk.before', name: w.beforeCommand, key: 'K', run: () => step(-1) },
      ...((c || call) && may('ticket:open') ? [{ id: 'desk.ticket', name: w.newTicket, key: 'C', run: openTicket }] : []),
    ],
    `${open}|${rows.length}|${calls.length}`,
  )

  // Coming to the desk shows what must be done first; on a phone the list comes first.
  const first = rows.find(r => r.agentId === me.user.id)?.id
  const firstCall = calls[0]?.id
  const known = phoneOf !== undefined || !may('voice:call')
  useEffect(() => {
    if (open !== undefined || box !== 'mine' || phone || !known) return
    if (firstCall) go({ call: firstCall }, true)
    else if (first) go({ c: first }, true)
  }, [open, first, firstCall, known, box, phone, go])
  useEffect(() => {
    document.querySelector(`.inbox [data-id="${open}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [open])
  // Whoever is still writing down the last call talks on the next one: that is what is looked at.
  const running = calls.find(isRunning)?.id
  const wrapping = call !== undefined && !isRunning(call)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it begins; going back to the other is free
  useEffect(() => {
    if (running && wrapping) go({ call: running }, true)
  }, [running])
  // A call that is over and written down, or with somebody else now, leaves the desk.
  const gone = callId !== undefined && known && call === undefined
  useEffect(() => {
    if (gone) go({ call: undefined }, true)
  }, [gone, go])

  const finished = (id: string) => {
    const nextCall = calls.find(one => one.id !== id)
    const next = rows.find(r => r.id !== id && r.agentId === me.user.id)
    go(nextCall ? { call: nextCall.id } : { c: next?.id })
  }
  const back = () => go({ c: undefined })
  const side = call ? (
    <CallAssistance call={call} finished={() => finished(call.id)} openTicket={openTicket} hear={hear} />
  ) : c ? (
    <Assistance id={c} openTicket={openTicket} hear={hear} />
  ) : null
  return (
    <div className={`desk ${open ? 'open' : ''}`}>
      {(!phone || !open) && (
        <Inbox
          {...inbox}
          box={box}
          setBox={next => go(phone ? { box: next, c: undefined } : { box: next })}
          chosen={open}
          choose={choose}
          chooseCall={chooseCall}
          meId={me.user.id}
        />
      )}
      {call ? (
        <Suspense fallback={<section className="conv" />}>
          <CallPane call={call} back={phone ? back : null} assist={narrow ? () => setAssisting(true) : null} />
        </Suspense>
      ) : c ? (
        <ConversationPane
          id={c}
          me={me}
          back={phone ? back : null}
          assist={narrow ? () => setAssisting(true) : null}
          finished={finished}
          composer={composer}
        />
      ) : (
        !phone && (
          <section className="conv">
            <Empty title={w.choose} hint={w.chooseHint} />
          </section>
        )
      )}
      {!narrow && side && (
        <aside className="side" aria-label={w.assistance}>
          {side}
        </aside>
      )}
      {narrow && assisting && side && (
        <Suspense>
          <Sheet
            title={w.assistance}
            open
            onClose={() => setAssisting(false)}
            size={Math.min(400, innerWidth)}
            styles={{ body: { padding: 0 } }}
            destroyOnHidden
          >
            {side}
          </Sheet>
        </Suspense>
      )}
      {hearing && (
        <Suspense>
          {hearing.what === 'need' ? (
            <CaptureNeed heard={hearing.heard} close={() => setHearing(null)} />
          ) : (
            <OpportunityForm customer={hearing.heard.customer} interactionId={hearing.heard.interactionId} close={() => setHearing(null)} />
          )}
        </Suspense>
      )}
      {ticketing && 'call' in ticketing && (
        <Suspense>
          <NewTicketOfCall
            call={phoneOf?.calls.find(one => one.id === ticketing.call.id) ?? ticketing.call}
            close={() => setTicketing(null)}
          />
        </Suspense>
      )}
      {ticketing && 'c' in ticketing && (
        <Suspense>
          <NewTicket
            conversationId={ticketing.c}
            close={() => {
              setTicketing(null)
              setTimeout(() => composer.current?.focus(), 200)
            }}
          />
        </Suspense>
      )}
    </div>
  )
}
