import { Drawer } from 'antd'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { Me } from '#contract/identity.ts'
import { useCommands } from '../app/commands.ts'
import { useMay, useMe } from '../app/me.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { Empty, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { useMedia } from '../kit/useMedia.ts'
import type { ComposerHandle } from '../messaging/Composer.tsx'
import { ConversationPane } from '../messaging/ConversationPane.tsx'
import { useInboxLive, useLost } from '../messaging/inbox.ts'
import { Assistance } from './Assistance.tsx'
import { Inbox, useInboxRows } from './Inbox.tsx'
import './desk.css'
import { usePlace } from './useDesk.ts'
import { w } from './words.ts'

const NewTicket = lazy(() => import('./NewTicket.tsx'))

export default function DeskPage() {
  const me = useMe()
  return me ? <Desk me={me} /> : <Waiting rows={8} />
}

/** Inbox, conversation, assistance: side by side where there is room, one after the other where there is not. */
function Desk({ me }: { me: Me }) {
  useInboxLive(me.user.id)
  const may = useMay()
  const { c, box, go } = usePlace()
  useLost(lost => {
    tell(w.lost(lost.customerName || w.visitor))
    if (lost.id === c) go({ c: undefined }, true)
  })
  const inbox = useInboxRows(box)
  const { rows } = inbox
  const narrow = useMedia('(max-width: 1023px)')
  const phone = useMedia('(max-width: 640px)')
  const [assisting, setAssisting] = useState(false)
  const [ticketing, setTicketing] = useState(false)
  const composer = useRef<ComposerHandle>(null)

  const choose = useCallback((id: string) => go({ c: id }), [go])
  const step = (by: 1 | -1) => {
    const at = rows.findIndex(r => r.id === c)
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]
    if (next) choose(next.id)
  }
  useHotkey('j', () => step(1))
  useHotkey('k', () => step(-1))
  useHotkey('c', () => setTicketing(true), c !== undefined && may('ticket:open') && !ticketing)
  useCommands(
    [
      { id: 'desk.next', name: w.nextCommand, key: 'J', run: () => step(1) },
      { id: 'desk.before', name: w.beforeCommand, key: 'K', run: () => step(-1) },
      ...(c && may('ticket:open') ? [{ id: 'desk.ticket', name: w.newTicket, key: 'C', run: () => setTicketing(true) }] : []),
    ],
    `${c}|${rows.length}`,
  )

  // Coming to the desk shows what must be done first; on a phone the list comes first.
  const first = rows.find(r => r.agentId === me.user.id)?.id
  useEffect(() => {
    if (c === undefined && first && box === 'mine' && !phone) go({ c: first }, true)
  }, [c, first, box, phone, go])
  useEffect(() => {
    document.querySelector(`.inbox [data-id="${c}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [c])

  const finished = (id: string) => {
    const next = rows.find(r => r.id !== id && r.agentId === me.user.id)
    go({ c: next?.id })
  }
  const back = () => go({ c: undefined })
  const side = c ? (
    <Assistance
      id={c}
      openTicket={() => {
        setAssisting(false)
        setTicketing(true)
      }}
    />
  ) : null
  return (
    <div className={`desk ${c ? 'open' : ''}`}>
      {(!phone || !c) && (
        <Inbox
          {...inbox}
          box={box}
          setBox={next => go({ box: next, c: phone ? undefined : c })}
          chosen={c}
          choose={choose}
          meId={me.user.id}
        />
      )}
      {c ? (
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
      {!narrow && c && (
        <aside className="side" aria-label={w.assistance}>
          {side}
        </aside>
      )}
      {narrow && (
        <Drawer
          title={w.assistance}
          open={assisting && c !== undefined}
          onClose={() => setAssisting(false)}
          size={Math.min(400, innerWidth)}
          styles={{ body: { padding: 0 } }}
          destroyOnHidden
        >
          {side}
        </Drawer>
      )}
      {c && ticketing && (
        <Suspense>
          <NewTicket
            conversationId={c}
            close={() => {
              setTicketing(false)
              setTimeout(() => composer.current?.focus(), 200)
            }}
          />
        </Suspense>
      )}
    </div>
  )
}
