import { Failure, Waiting } from '../kit/parts.tsx'
import { useConversation } from '../messaging/inbox.ts'
import { CustomerCard } from './CustomerCard.tsx'
import { Identify } from './Identify.tsx'
import { Recent } from './Recent.tsx'
import { RelatedTickets } from './RelatedTickets.tsx'

/** Who it is, what is open with them, what was before. */
export function Assistance({ id, openTicket }: { id: string; openTicket: () => void }) {
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
  return (
    <>
      {c.customerId ? (
        <CustomerCard key={c.customerId} customerId={c.customerId} conversation={c} />
      ) : (
        <section className="sec">
          <Identify conversation={c} />
        </section>
      )}
      <RelatedTickets conversation={c} openTicket={openTicket} />
      {c.customerId && <Recent customerId={c.customerId} interactionId={c.interactionId} />}
    </>
  )
}
