import { Button } from 'antd'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type Conversation, conversations, type Message } from '#contract/messaging.ts'
import { call } from '../kit/call.ts'
import { IconArrowDown } from '../kit/icons.ts'
import { Avatar, Empty, Failure, Waiting } from '../kit/parts.tsx'
import { day, useNow } from '../kit/time.ts'
import { Bubble, Pending } from './Bubble.tsx'
import { DayLine } from './DayLine.tsx'
import { patchConversation } from './inbox.ts'
import { useIsWaiting, useOutgoing } from './outbox.ts'
import { catchUp, loadEarlier, useThread } from './threads.ts'
import { w } from './words.ts'

const close = 5 * 60_000
const follows = (m: Message, before: Message | undefined) =>
  before !== undefined &&
  before.author === m.author &&
  before.authorId === m.authorId &&
  (before.kind === 'text' || before.kind === 'file') &&
  (m.kind === 'text' || m.kind === 'file') &&
  m.sentAt.getTime() - before.sentAt.getTime() < close &&
  sameDay(m.sentAt, before.sentAt)
const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()
function dayText(at: Date): string {
  if (sameDay(at, new Date())) return w.today
  return sameDay(at, new Date(Date.now() - 86_400_000)) ? w.yesterday : day(at)
}

/** The words of a conversation. It stays at the end while one is there, and stays put while one reads above. */
export function Messages({ c, meId, meName }: { c: Conversation; meId: string; meName: string }) {
  const thread = useThread(c.id)
  const outgoing = useOutgoing(c.id)
  const waits = useIsWaiting(c.id)
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const before = useRef<{ first: number | undefined; height: number }>({ first: undefined, height: 0 })
  const [below, setBelow] = useState(false)
  const { run } = thread
  const first = run[0]?.seq
  const last = run.at(-1)?.seq ?? 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: measured when what is shown has changed
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const was = before.current
    if (was.first !== undefined && first !== undefined && first < was.first) el.scrollTop += el.scrollHeight - was.height
    else if (atEnd.current) el.scrollTop = el.scrollHeight
    else setBelow(true)
    before.current = { first, height: el.scrollHeight }
  }, [first, last, outgoing.length, thread.state, thread.typingUntil])

  // The wrap-up form is taller than the reply box: what was last in sight stays so.
  const shown = run.length > 0
  useEffect(() => {
    const el = box.current
    if (!el || !shown) return
    const grown = new ResizeObserver(() => {
      if (atEnd.current) el.scrollTop = el.scrollHeight
    })
    grown.observe(el)
    return () => grown.disconnect()
  }, [shown])

  const look = () => {
    const el = box.current
    if (!el) return
    atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 48
    if (atEnd.current && below) setBelow(false)
    if (el.scrollTop < 120) void loadEarlier(c.id)
  }
  const toEnd = () => {
    const el = box.current
    if (el) {
      atEnd.current = true
      el.scrollTop = el.scrollHeight
      setBelow(false)
    }
  }
  useMarkRead(c, meId, last, run.findLast(m => m.author === 'customer')?.seq ?? 0)

  if (thread.state === 'loading' && run.length === 0)
    return (
      <div className="thread">
        <Waiting rows={6} />
      </div>
    )
  if (thread.state === 'failed' && thread.error && run.length === 0)
    return (
      <div className="thread">
        <Failure error={thread.error} retry={() => void catchUp(c.id)} />
      </div>
    )
  return (
    <div className="threadbox">
      <div className="thread" ref={box} onScroll={look} role="log" aria-live="off">
        {thread.earlier ? (
          <div className="sys">
            <Button size="small" type="text" loading={thread.asking} onClick={() => void loadEarlier(c.id)}>
              {w.earlier}
            </Button>
          </div>
        ) : null}
        {run.length === 0 && outgoing.length === 0 && <Empty title={w.noMessages} />}
        <ol>
          {run.map((m, n) => {
            const prior = run[n - 1]
            const newDay = !prior || !sameDay(prior.sentAt, m.sentAt)
            return [
              newDay && <DayLine key={`day-${m.seq}`}>{dayText(m.sentAt)}</DayLine>,
              <Bubble
                key={m.id}
                message={m}
                customer={c.customerName}
                mine={m.author === 'agent'}
                read={m.seq <= c.customerRead}
                follows={!newDay && follows(m, prior)}
              />,
            ]
          })}
          {outgoing.map(out => (
            <Pending key={out.clientId} out={out} waits={waits} me={meName} />
          ))}
          <Typing until={thread.typingUntil} name={c.customerName || w.visitor} />
        </ol>
      </div>
      {below && (
        <Button className="tobottom" size="small" icon={<IconArrowDown size={14} />} onClick={toEnd}>
          {w.newBelow}
        </Button>
      )}
    </div>
  )
}

function Typing({ until, name }: { until: number; name: string }) {
  const now = useNow()
  if (until <= now && until <= Date.now()) return null
  return (
    <li className="sys typing" aria-live="polite">
      <Avatar name={name} />
      {name} {w.typing}
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
    </li>
  )
}

/** Read is what the customer said and what stood before open eyes: only for whoever answers, only while the page is seen. */
function useMarkRead(c: Conversation, meId: string, last: number, said: number): void {
  const [seen, setSeen] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setSeen(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  const due = seen && c.agentId === meId && last > 0 && (c.unread > 0 || said > c.agentRead)
  useEffect(() => {
    if (!due) return
    const timer = setTimeout(() => {
      call(conversations.read, { id: c.id, body: { seq: last } }).then(
        () =>
          patchConversation(c.id, now => ({
            ...now,
            agentRead: Math.max(now.agentRead, last),
            unread: now.lastSeq > last ? now.unread : 0,
          })),
        () => undefined,
      )
    }, 250)
    return () => clearTimeout(timer)
  }, [due, c.id, last])
}
