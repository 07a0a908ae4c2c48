import { lazy, Suspense } from 'react'
import type { MyCall } from '#contract/voice.ts'
import { useMe } from '../app/me.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { useConversation } from '../messaging/inbox.ts'
import type { Heard } from '../needs/hearing.ts'
import { isToWrap } from '../voice/rules.ts'
import { type Talk, talkOf, talkOfCall } from './talk.ts'

const CustomerCard = lazy(() => import('./CustomerCard.tsx'))
const Identify = lazy(() => import('./Identify.tsx'))
const Summary = lazy(() => import('./Summary.tsx'))

const RelatedTickets = lazy(() => import('./RelatedTickets.tsx').then(m => ({ default: m.RelatedTickets })))
const Recent = lazy(() => import('./Recent.tsx').then(m => ({ default: m.Recent })))
const NeedsOf = lazy(() => import('../needs/NeedsOf.tsx'))
const OpportunitiesOf = lazy(() => import('../sales/OpportunitiesOf.tsx'))

/** What one writes down while one talks. */
export type Hearing = 'need' | 'opportunity'
type Props = { openTicket: () => void; hear: (what: Hearing, heard: Heard) => void }

/** Beside a conversation. */
export function Assistance({ id, ...props }: Props & { id: string }) {
  const { data: c, error, refetch } = useConversation(id)
  if (!c)
    return error ? (
      <div className="sec">
        <Failure
          error={error}
          retry={() => {
            void refetch()
          }}
        />
      </div>
    ) : (
      <Waiting rows={6} />
    )
  // What was begun about somebody stays with their talk.
  return <About key={id} talk={talkOf(c)} {...props} />
}

/** Beside a call: the summary first, which is written while one talks. */
export function CallAssistance({ call, finished, ...props }: Props & { call: MyCall; finished: () => void }) {
  const meId = useMe()?.user.id
  // Whoever helps or hears along has nothing to write: it is a colleague's.
  const mine = call.agentId === meId || isToWrap(call)
  return (
    <>
      {mine && (
        <Suspense>
          <Summary key={call.id} call={call} finished={finished} />
        </Suspense>
      )}
      <About key={call.id} talk={talkOfCall(call)} {...props} recent={false} />
    </>
  )
}

const heardIn = ({ interactionId, customerId, customerName }: Talk): Heard => ({
  interactionId: interactionId ?? undefined,
  customer: customerId ? { id: customerId, name: customerName } : undefined,
})

/** Who it is, what is open with them, what was before. */
function About({ talk, openTicket, hear, recent = true }: Props & { talk: Talk; recent?: boolean }) {
  return (
    <>
      {talk.customerId ? (
        <Suspense fallback={<Waiting rows={6} />}>
          <CustomerCard key={talk.customerId} customerId={talk.customerId} talk={talk} />
        </Suspense>
      ) : (
        <section className="sec">
          <Suspense>
            <Identify talk={talk} />
          </Suspense>
        </section>
      )}
      <Suspense>
        <RelatedTickets talk={talk} openTicket={openTicket} />
        {talk.interactionId && (
          <>
            <NeedsOf look="sec" heard={heardIn(talk)} capture={heard => hear('need', heard)} />
            <OpportunitiesOf look="sec" heard={heardIn(talk)} capture={heard => hear('opportunity', heard)} />
          </>
        )}
        {recent && talk.customerId && <Recent customerId={talk.customerId} interactionId={talk.interactionId} />}
      </Suspense>
    </>
  )
}
