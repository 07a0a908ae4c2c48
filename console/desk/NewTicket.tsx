import { customers } from '#contract/customers.ts'
import { useFetch } from '../kit/data.ts'
import { tell } from '../kit/tell.tsx'
import { useConversation } from '../messaging/inbox.ts'
import { catchUp, wordsOfCustomer } from '../messaging/threads.ts'
import { TicketForm } from '../tickets/TicketForm.tsx'
import { w } from './words.ts'

/** A ticket out of this conversation: what was said, who says it and where they live are there already. */
export default function NewTicket({ conversationId, close }: { conversationId: string; close: () => void }) {
  const c = useConversation(conversationId).data
  const customer = useFetch(customers.one, { id: c?.customerId ?? '' }, { enabled: c?.customerId != null, keep: false })
  if (!c || (c.customerId !== null && customer.isPending)) return null
  const place = customer.data ? `${customer.data.district} ${customer.data.address}`.trim() : ''
  return (
    <TicketForm
      open
      close={close}
      seed={{
        conversationId,
        customerId: c.customerId,
        customerName: c.customerName,
        place,
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
