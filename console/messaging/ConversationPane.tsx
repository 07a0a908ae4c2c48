import { Button } from 'antd'
import { lazy, type Ref, Suspense, useEffect, useRef, useState } from 'react'
import type { Me } from '#contract/identity.ts'
import { type Conversation, conversationCan } from '#contract/messaging.ts'
import { useMay } from '../app/me.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { ringsNow } from '../routing/presence.ts'
import { useAttachments } from './attach.ts'
import { Composer, type ComposerHandle } from './Composer.tsx'
import { Header } from './Header.tsx'
import { useConversation } from './inbox.ts'
import { Messages } from './Messages.tsx'
import { useHeld } from './threads.ts'
import './messaging.css'
import { w } from './words.ts'

const Closing = lazy(() => import('./Closing.tsx'))

type Props = {
  id: string
  me: Me
  back: (() => void) | null
  assist: (() => void) | null
  finished: (id: string) => void
  composer: Ref<ComposerHandle>
}

export function ConversationPane(props: Props) {
  const { data: c, error, refetch } = useConversation(props.id)
  if (!c)
    return (
      <section className="conv">
        {error ? (
          <div style={{ padding: 20 }}>
            <Failure
              error={error}
              retry={() => {
                void refetch()
              }}
            />
          </div>
        ) : (
          <Waiting rows={8} />
        )}
      </section>
    )
  return <Talk key={c.id} c={c} {...props} />
}

function Talk({ c, me, back, assist, finished, composer }: Props & { c: Conversation }) {
  const may = useMay()
  const files = useAttachments(`${me.user.id}.${c.id}`)
  const [closing, setClosing] = useState(false)
  const [over, setOver] = useState(false)
  const lifted = useRef(0)
  const mine = c.agentId === me.user.id
  const wrap = mine && conversationCan.wrapUp(c)
  const mayClose = mine && (conversationCan.end(c) || wrap)
  const writes = mine && conversationCan.write(c)
  const mayNote = may('conversation:write') && c.state !== 'done' && c.state !== 'abandoned'
  useHotkey(
    'mod+enter',
    () => {
      if (!ringsNow()) setClosing(true)
    },
    mayClose && !closing,
  )
  // When the talk is over wrap-up is what is left to do: it opens by itself; put away, it waits behind its key.
  const before = useRef<Conversation['state'] | null>(null)
  useEffect(() => {
    if (before.current !== 'wrap' && wrap) setClosing(true)
    before.current = c.state
  }, [c.state, wrap])
  const { run } = useHeld(c.id)
  const ticketOpened = run.some(m => m.kind === 'card' && m.code === 'ticket.opened')
  return (
    <section
      className="conv"
      aria-label={c.customerName || w.visitor}
      onDragEnter={event => {
        if (event.dataTransfer.types.includes('Files')) {
          lifted.current++
          setOver(true)
        }
      }}
      onDragLeave={() => {
        lifted.current = Math.max(0, lifted.current - 1)
        if (lifted.current === 0) setOver(false)
      }}
      onDragOver={event => event.preventDefault()}
      onDrop={event => {
        event.preventDefault()
        lifted.current = 0
        setOver(false)
        if (mayNote) files.add(event.dataTransfer.files)
      }}
    >
      <Header c={c} mine={mine} close={() => setClosing(true)} back={back} assist={assist} />
      <Messages c={c} meId={me.user.id} meName={me.user.name} />
      {closing && mayClose ? (
        <Suspense fallback={<Waiting rows={3} />}>
          <Closing
            later={() => {
              before.current = 'wrap'
              setClosing(false)
            }}
            c={c}
            ticketOpened={ticketOpened}
            cancel={() => setClosing(false)}
            done={() => {
              setClosing(false)
              finished(c.id)
            }}
          />
        </Suspense>
      ) : (
        <>
          <Standing c={c} mine={mine} open={() => setClosing(true)} />
          {mayNote && <Composer c={c} answers={writes} files={files} ref={composer} />}
        </>
      )}
      {over && mayNote && <div className="dropzone">{w.drop}</div>}
    </section>
  )
}

/** Why one cannot simply write here. */
function Standing({ c, mine, open }: { c: Conversation; mine: boolean; open: () => void }) {
  const text =
    c.state === 'waiting'
      ? w.waitingHint
      : c.state === 'left'
        ? w.leftHint
        : c.state === 'done'
          ? c.rating === null
            ? w.doneHint
            : w.doneRated(c.rating)
          : c.state === 'abandoned'
            ? w.abandoned
            : mine
              ? ''
              : w.readOnly(c.agentName ?? '')
  if (mine && c.state === 'wrap')
    return (
      <div className="standing row">
        <i className="dot wr" />
        {w.nextWrap}
        <Button size="small" className="end" onClick={open}>
          {w.wrap}
        </Button>
      </div>
    )
  return text ? <div className="standing row t2">{text}</div> : null
}
