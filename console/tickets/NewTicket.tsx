import { Form } from 'antd'
import { useState } from 'react'
import type { Ticket } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { CustomerSelect } from '../customers/finding/Found.tsx'
import { tell } from '../kit/tell.tsx'
import { placeOf } from './place.ts'
import { TicketForm, type TicketSeed } from './TicketForm.tsx'
import { w } from './words.ts'

/** A new ticket from a list or a customer's page; it is opened and shown. */
export default function NewTicket({ seed, close, opened }: { seed?: TicketSeed; close: () => void; opened: (id: string) => void }) {
  const may = useMay()
  const [customerId, setCustomerId] = useState<string | null>(null)
  return (
    <TicketForm
      open
      seed={seed ?? { customerId }}
      close={close}
      head={seed || !may('customer:read') ? null : <ForWhom choose={setCustomerId} />}
      opened={(ticket: Ticket) => {
        tell(w.opened(ticket.number))
        opened(ticket.id)
      }}
    />
  )
}

/** Finds the customer by anything they say; their address becomes the place. */
function ForWhom({ choose }: { choose: (id: string | null) => void }) {
  const form = Form.useFormInstance()
  const [customerId, setCustomerId] = useState<string>()
  return (
    <Form.Item label={w.customer}>
      <CustomerSelect
        allowClear
        value={customerId}
        placeholder={w.forCustomerHint}
        aria-label={w.forCustomer}
        onChange={(id, chosen) => {
          setCustomerId(id)
          choose(id ?? null)
          if (chosen && !form.getFieldValue('place')) form.setFieldValue('place', placeOf(chosen))
        }}
      />
    </Form.Item>
  )
}
