import { customers } from '#contract/customers.ts'
import type { MyCall } from '#contract/voice.ts'
import { useMe } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { tell } from '../kit/tell.tsx'
import { clockTime } from '../kit/time.ts'
import { useConversation } from '../messaging/inbox.ts'
import { catchUp, wordsOfCustomer } from '../messaging/threads.ts'
import { placeOf } from '../tickets/place.ts'
import { TicketForm } from '../tickets/TicketForm.tsx'
import { numberOfCall } from '../voice/useCall.ts'
import { w } from './words.ts'

/** A ticket out of this conversation: what was said, who says it and where they live are there already. */
export default function NewTicket({ conversationId, close }: { conversationId: string; close: () => void }) {
  const c = useConversation(conversationId).data
  const where = usePlaceOf(c?.customerId ?? null)
  if (!c || where === undefined) return null
  return (
    <TicketForm
      open
      close={close}
      seed={{
        conversationId,
        customerId: c.customerId,
        customerName: c.customerName,
        place: where,
        said: wordsOfCustomer(conversationId),
        subject: c.subject,
      }}
      opened={ticket => {
        tell(w.opened(ticket.number))
        setTimeout(() => void catchUp(conversationId), 600)
      }}
    />
  )
}

/** A ticket out of a call: who calls and where they live are there already. */
export function NewTicketOfCall({ call, close }: { call: MyCall; close: () => void }) {
  const where = usePlaceOf(call.customerId)
  const meId = useMe()?.user.id
  if (where === undefined) return null
  const { customerId, customerName } = call
  // A colleague's call is the colleague's contact: whoever helps opens a ticket for the customer.
  const interactionId = call.agentId === meId ? call.interactionId : null
  const said = [call.direction === 'in' ? w.calledIn : w.calledOut, clockTime(call.startedAt), numberOfCall(call)].join(' ')
  return (
    <TicketForm
      open
      close={close}
      seed={{ customerId, customerName, interactionId, place: where, ...(interactionId ? { call: said } : {}) }}
      opened={ticket => tell(w.opened(ticket.number))}
    />
  )
}

/** Where the customer lives; undefined while it is asked for. */
function usePlaceOf(customerId: string | null): string | undefined {
  const { data, isPending } = useFetch(customers.one, { id: customerId ?? '' }, { enabled: customerId !== null, keep: false })
  if (customerId !== null && isPending) return undefined
  return data ? placeOf(data) : ''
}
