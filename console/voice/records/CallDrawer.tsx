import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { lazy, type ReactNode, Suspense } from 'react'
import { interactions } from '#contract/interactions.ts'
import { calls } from '#contract/voice.ts'
import { useFresh } from '../../app/live.ts'
import { useMay } from '../../app/me.ts'
import { useFetch } from '../../kit/data.ts'
import { ChannelGlyph, Failure, Waiting } from '../../kit/parts.tsx'
import { full } from '../../kit/time.ts'
import { nameOf } from '../../kit/words.ts'
import '../../kit/page.css'
import type { Heard } from '../../needs/hearing.ts'
import { TicketsOfContact } from '../../tickets/TicketsOfContact.tsx'
import { CallButton } from '../CallButton.tsx'
import { CallParts } from './CallParts.tsx'
import { between } from './times.ts'
import { useQueueName } from './useQueueName.ts'
import { causeTone, causeWord, lineWord, stageWord, w } from './words.ts'

const NeedsOf = lazy(() => import('../../needs/NeedsOf.tsx'))
const OpportunitiesOf = lazy(() => import('../../sales/OpportunitiesOf.tsx'))

type Of = { interactionId: string | null; customerId: string | null; customerName: string }
const heardIn = ({ interactionId, customerId, customerName }: Of): Heard => ({
  interactionId: interactionId ?? undefined,
  customer: customerId ? { id: customerId, name: customerName } : undefined,
})

/** One call with all that is known of it. */
export function CallDrawer({ id, close }: { id: string; close: () => void }) {
  const queueName = useQueueName()
  const { data: call, error, refetch } = useFetch(calls.one, { id }, { keep: false })
  const may = useMay()
  const contact = useFetch(
    interactions.one,
    { id: call?.interactionId ?? '' },
    { enabled: may('interaction:read') && Boolean(call?.interactionId), keep: false },
  ).data
  useFresh('call', 'calls', 'interactions')
  useFresh('recording', 'calls')
  const other = call && (call.direction === 'in' ? call.caller : call.called)
  const facts: readonly (readonly [string, ReactNode])[] = call
    ? [
        [
          w.cause,
          <span key="cause" className={`tag ${call.cause ? causeTone(call.cause) : 'ac'}`}>
            {call.cause ? causeWord(call.cause) : stageWord(call.stage)}
          </span>,
        ],
        [w.direction, w[call.direction]],
        [w.number, nameOf({ name: call.numberName, nameEn: call.numberNameEn }) || (call.direction === 'in' ? call.called : call.caller)],
        [w.line, lineWord(call.line)],
        [w.queue, queueName(call.queueId)],
        [w.agent, call.agentName],
        [w.startedAt, full(call.startedAt)],
        [w.waited, between(call.startedAt, call.answeredAt)],
        [w.talked, between(call.answeredAt, call.endedAt)],
        [w.endedAt, call.endedAt && full(call.endedAt)],
        [w.rated, contact && contact.rating !== null ? w.ratedN(contact.rating) : null],
        [w.noted, contact?.note ?? null],
      ]
    : []
  return (
    <Drawer
      open
      onClose={close}
      size={560}
      title={
        <span className="row">
          <ChannelGlyph channel="phone" />
          <span className="cut">{call ? call.customerName || other : w.calls}</span>
          {call?.customerName && <span className="t3 m5">{other}</span>}
        </span>
      }
      extra={call?.cause && other && <CallButton who={call.customerName || other} callId={call.id} />}
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!call && !error && <Waiting rows={8} />}
      {call && (
        <div className="col" style={{ gap: 20 }}>
          <div className="row wrap" style={{ gap: '4px 16px' }}>
            {call.customerId && (
              <Link className="m5" to={`/customers/${call.customerId}`}>
                {w.seeCustomer}
              </Link>
            )}
            {call.interactionId && may('interaction:read') && (
              <Link className="m5" to="/contacts" search={{ contact: call.interactionId } as never}>
                {w.seeContact}
              </Link>
            )}
          </div>
          <dl className="facts">
            {facts.map(([name, value]) =>
              value === null || value === '' ? null : (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
            )}
          </dl>
          {call.interactionId && <TicketsOfContact interactionId={call.interactionId} />}
          {call.interactionId && (
            <Suspense>
              <NeedsOf heard={heardIn(call)} />
              <OpportunitiesOf heard={heardIn(call)} />
            </Suspense>
          )}
          <CallParts call={call} />
        </div>
      )}
    </Drawer>
  )
}
