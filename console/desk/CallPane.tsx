import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { interactions } from '#contract/interactions.ts'
import { tickets } from '#contract/tickets.ts'
import { calls, type MyCall } from '#contract/voice.ts'
import { useMay, useMe } from '../app/me.ts'
import { keyOf, useFetch } from '../kit/data.ts'
import { IconChevronLeft, IconClock, IconPhone, IconPhoneOutgoing, IconRepeat, IconTransfer, IconUser } from '../kit/icons.ts'
import { Avatar, ChannelGlyph, Sep } from '../kit/parts.tsx'
import { ago, clockText, clockTime, useNow } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { useQueueName } from '../routing/presence.ts'
import { isRunning, repeated } from '../voice/rules.ts'
import { nameOfCall, numberOfCall, stateOfCall } from '../voice/useCall.ts'
import { OnTheLine } from './OnTheLine.tsx'
import { Recent } from './Recent.tsx'
import '../messaging/messaging.css'
import { w } from './words.ts'

const BlockCaller = lazy(() => import('../messaging/Block.tsx').then(m => ({ default: m.BlockCaller })))

type Props = { call: MyCall; back: (() => void) | null; assist: (() => void) | null }

/** A call in the middle of the desk: who it is, how it came here, and what was before. */
export default function CallPane({ call, back, assist }: Props) {
  const whole = useWhole(call)
  return (
    <section className="conv callpane" aria-label={nameOfCall(call)}>
      <Head call={call} back={back} assist={assist} />
      <div className="callbody">
        <section className="card callcard">
          <div className="who">
            <Avatar name={nameOfCall(call)} size={52} />
            <div className="grow">
              <h2 className="cut">{nameOfCall(call)}</h2>
              <Facts call={call} path={whole?.path ?? []} />
            </div>
          </div>
          {call.customerId && <Again call={call} customerId={call.customerId} />}
        </section>
        {call.customerId && <Recent card customerId={call.customerId} interactionId={call.interactionId} />}
        {whole && whole.legs.length > 1 && <OnTheLine call={call} legs={whole.legs} />}
      </div>
    </section>
  )
}

/** Its legs and its way, as they are now: what is told of my calls says when they are others. */
function useWhole(call: MyCall) {
  const may = useMay()
  const client = useQueryClient()
  const { id, stage, legState, agentId, other, heardBy } = call
  const stamp = [stage, legState, agentId, other?.name, other?.state, heardBy].join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp is when, not what.
  useEffect(() => void client.invalidateQueries({ queryKey: keyOf(calls.one, { id }) }), [client, id, stamp])
  return useFetch(calls.one, { id }, { enabled: may('voice:read'), staleTime: 5_000, keep: false }).data
}

function Head({ call, back, assist }: Props) {
  const now = useNow()
  const meId = useMe()?.user.id ?? ''
  const state = stateOfCall(call, meId)
  const running = isRunning(call)
  const from = running ? (call.talkingSince ?? call.startedAt) : call.endedAt
  return (
    <header className="chead">
      {back && <Button type="text" size="small" aria-label={w.backToInbox} icon={<IconChevronLeft size={20} />} onClick={back} />}
      <ChannelGlyph channel="phone" />
      <div className="grow">
        <div className="row">
          <h2 className="cut">{nameOfCall(call)}</h2>
          {state.word && <span className={`tag ${state.tone}`}>{state.word}</span>}
        </div>
        <div className="row f12 t2">
          {from && (
            <>
              <span className="row nowrap" style={{ gap: 4 }}>
                <IconClock size={14} stroke={1.75} />
                <b className="m6" style={{ color: running ? 'var(--t1)' : 'var(--wr)' }}>
                  {clockText(now - from.getTime())}
                </b>
              </span>
              <Sep />
            </>
          )}
          <span className="t3 cut">{running ? (call.customerId === null ? w.nextIdentifyCaller : w.nextSummary) : w.nextWrapCall}</span>
        </div>
      </div>
      {assist && !running && (
        <Button id="summary-open" size="small" type="primary" onClick={assist}>
          {w.summary}
        </Button>
      )}
      {call.direction === 'in' && call.agentId === meId && (
        <Suspense>
          <BlockCaller callId={call.id} />
        </Suspense>
      )}
      {assist && <Button size="small" aria-label={w.assistance} icon={<IconUser size={16} stroke={1.75} />} onClick={assist} />}
    </header>
  )
}

/** What was pressed where; what the flow found out by itself only where it matters. */
function said(step: { name: string; nameEn: string; out: string }): string {
  if (/^[0-9*#]$/.test(step.out)) return `${nameOf(step)} ${step.out}`
  if (step.out === 'closed') return w.afterHours
  return ['open', 'yes', 'no', 'zh', 'en'].includes(step.out) ? '' : nameOf(step)
}

/** Number, way, wait. */
function Facts({ call, path }: { call: MyCall; path: readonly { name: string; nameEn: string; out: string }[] }) {
  const queueName = useQueueName()
  const way = path.map(said).filter(text => text !== '')
  const line = call.line === 'practice' ? w.practiceLine : ''
  return (
    <div className="t2 row wrap callfacts">
      {numberOfCall(call) !== nameOfCall(call) && (
        <Fact icon={<IconPhone size={14} stroke={1.75} />}>
          <span className="num">{numberOfCall(call)}</span>
        </Fact>
      )}
      <Fact icon={<IconTransfer size={14} stroke={1.75} />}>
        {[
          nameOf({ name: call.numberName, nameEn: call.numberNameEn }) || (call.direction === 'in' ? call.called : call.caller),
          ...way.slice(-4),
          queueName(call.queueId),
        ]
          .filter(text => text !== '')
          .join(' › ')}
      </Fact>
      {call.callBack && (
        <Fact icon={<IconPhoneOutgoing size={14} stroke={1.75} />}>
          {[w.askedBack(clockTime(call.callBack.since)), call.callBack.tries > 0 ? w.triedBack(call.callBack.tries) : '']
            .filter(text => text !== '')
            .join(' ')}
        </Fact>
      )}
      {call.direction === 'in' && call.answeredAt && !call.callBack && (
        <Fact icon={<IconClock size={14} stroke={1.75} />}>
          {w.waitedFor(clockText(call.answeredAt.getTime() - call.startedAt.getTime()))}
        </Fact>
      )}
      {line && <span className="tag">{line}</span>}
    </div>
  )
}
const Fact = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <span className="row" style={{ gap: 4 }}>
    {icon}
    {children}
  </span>
)

/** They were here before, lately: what they were told then is not to be told again unread. */
function Again({ call, customerId }: { call: MyCall; customerId: string }) {
  const may = useMay()
  const contacts = useFetch(
    interactions.list,
    { query: { customerId, size: 50 } },
    { enabled: may('interaction:read'), staleTime: 30_000, keep: false },
  ).data?.rows
  const open = useFetch(
    tickets.list,
    { query: { box: 'all', customerId, open: true, size: 5 } },
    { enabled: may('ticket:read'), keep: false },
  ).data?.rows
  const mine = contacts?.find(c => c.id === call.interactionId)
  const again =
    contacts && repeated(contacts, { interactionId: call.interactionId, startedAt: call.startedAt, reasonId: mine?.reasonId ?? null })
  const last = again && contacts.find(c => c.id === again.last)
  if (!again || !last) return null
  const [ticket] = open ?? []
  return (
    <div className="again" role="note">
      <IconRepeat size={20} stroke={1.75} className="wac" />
      <div className="grow">
        <b>{again.within === 'day' ? w.againToday(again.count) : w.againWeek(again.count)}</b>
        <div className="t2">
          {ago(last.startedAt)} {last.subject || last.source}
          {last.note && (
            <>
              <Sep />
              {last.note}
            </>
          )}
          {last.rating !== null && (
            <>
              <Sep />
              {w.ratedN(last.rating)}
            </>
          )}
        </div>
        {ticket && (
          <div className="t2 cut">
            {ticket.number} {ticket.title}
          </div>
        )}
      </div>
    </div>
  )
}
