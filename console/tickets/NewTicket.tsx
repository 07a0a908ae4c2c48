import type { Ticket } from '#contract/tickets.ts'
import { tell } from '../kit/tell.tsx'
import { TicketForm, type TicketSeed } from './TicketForm.tsx'
import { w } from './words.ts'

/** A new ticket from a list or a customer's page; it is opened and shown. */
export default function NewTicket({ seed = {}, close, opened }: { seed?: TicketSeed; close: () => void; opened: (id: string) => void }) {
  return (
    <TicketForm
      open
      seed={seed}
      close={close}
      opened={(ticket: Ticket) => {
        tell(w.opened(ticket.number))
        opened(ticket.id)
      }}
    />
  )
}
