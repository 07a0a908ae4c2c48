import { lazy, Suspense } from 'react'
import type { MyCall } from '#contract/voice.ts'
import { useMe } from '../app/me.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { useConversation } from '../messaging/inbox.ts'
import { isToWrap } from '../voice/rules.ts'
import { CustomerCard } from './CustomerCard.tsx'
import { Recent } from './Recent.tsx'
import { RelatedTickets } from './RelatedTickets.tsx'
import { type Talk, talkOf, talkOfCall } from './talk.ts'

const Identify = lazy(() => import('./Identify.tsx'))
const Summary = lazy(() => import('./Summary.tsx'))

type Props = { openTicket: () => void }

/** Beside a conversation. */
export function Assistance({ id, openTicket }: Props & { id: string }) {
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
  return <About talk={talkOf(c)} openTicket={openTicket} />
}

/** Beside a call: the summary first, which is written while one talks. */
export function CallAssistance({ call, openTicket, finished }: Props & { call: MyCall; finished: () => void }) {
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
      <About talk={talkOfCall(call)} openTicket={openTicket} recent={false} />
    </>
  )
}

/** Who it is, what is open with them, what was before. */
function About({ talk, openTicket, recent = true }: Props & { talk: Talk; recent?: boolean }) {
  return (
    <>
      {talk.customerId ? (
        <CustomerCard key={talk.customerId} customerId={talk.customerId} talk={talk} />
      ) : (
        <section className="sec">
          <Suspense>
            <Identify talk={talk} />
          </Suspense>
        </section>
      )}
      <RelatedTickets talk={talk} openTicket={openTicket} />
      {recent && talk.customerId && <Recent customerId={talk.customerId} interactionId={talk.interactionId} />}
    </>
  )
}
