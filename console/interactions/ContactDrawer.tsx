import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import type { Interaction } from '#contract/interactions.ts'
import { ChannelGlyph, channelWord } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import '../kit/page.css'
import { TalkOfContact } from '../messaging/TalkOfContact.tsx'
import type { Heard } from '../needs/hearing.ts'
import NeedsOf from '../needs/NeedsOf.tsx'
import OpportunitiesOf from '../sales/OpportunitiesOf.tsx'
import { Asked } from '../surveys/Asked.tsx'
import { TicketsOfContact } from '../tickets/TicketsOfContact.tsx'
import { CallButton } from '../voice/CallButton.tsx'
import { CallOfContact } from '../voice/records/CallParts.tsx'
import type { Names } from './names.ts'
import { lengthOf, waitOf } from './times.ts'
import { stateTone, stateWord, w } from './words.ts'

type Props = { contact: Interaction; names: Names; find?: string | undefined; close: () => void }
/** One contact, with its marks of time, what the agent noted and what was said. */
export function ContactDrawer({ contact: i, names, find, close }: Props) {
  const heard: Heard = { interactionId: i.id, ...(i.customerId ? { customer: { id: i.customerId, name: i.customerName ?? '' } } : {}) }
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      w.state,
      <span key="state" className={`tag ${stateTone[i.state]}`}>
        {stateWord(i.state)}
      </span>,
    ],
    [w.direction, w[i.direction]],
    [w.queue, names.queue(i.queueId)],
    [w.agent, names.agent(i.agentId)],
    [w.startedAt, full(i.startedAt)],
    [w.queuedAt, i.queuedAt && full(i.queuedAt)],
    [w.answeredAt, i.answeredAt && full(i.answeredAt)],
    [w.endedAt, i.endedAt && full(i.endedAt)],
    [w.wrappedAt, i.wrappedAt && full(i.wrappedAt)],
    [w.wait, waitOf(i)],
    [w.duration, lengthOf(i)],
    [w.reason, names.reason(i.reasonId)],
    [w.outcome, names.outcome(i.outcomeId)],
    [w.rating, i.rating],
  ]
  return (
    <Drawer
      open
      onClose={close}
      size={520}
      title={
        <span className="row">
          <ChannelGlyph channel={i.channel} />
          <span className="cut">{i.subject || channelWord(i.channel)}</span>
        </span>
      }
    >
      <div className="col" style={{ gap: 16 }}>
        {i.customerId && (
          <div className="row">
            <Link className="m5" to={`/customers/${i.customerId}`}>
              {i.customerName ?? w.seeCustomer}
            </Link>
            {i.channel !== 'phone' && i.customerName && <CallButton who={i.customerName} customerId={i.customerId} />}
          </div>
        )}
        <dl className="facts" style={{ gridTemplateColumns: '1fr' }}>
          {facts.map(([name, value]) =>
            value === null || value === '' ? null : (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
        <TicketsOfContact interactionId={i.id} />
        <NeedsOf heard={heard} />
        <OpportunitiesOf heard={heard} />
        {i.channel === 'phone' && <CallOfContact id={i.id} />}
        <Asked noun="interaction" id={i.id} />
        {i.note && (
          <section>
            <h3>{w.note}</h3>
            <p className="prose">{i.note}</p>
          </section>
        )}
        {i.channel !== 'phone' && <TalkOfContact id={i.id} find={find} />}
      </div>
    </Drawer>
  )
}
