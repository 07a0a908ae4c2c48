import { Form, Select } from 'antd'
import { useEffect, useState } from 'react'
import { customers } from '#contract/customers.ts'
import type { Ticket } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { TierTag } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
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
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 250)
    return () => clearTimeout(timer)
  }, [typed])
  const { data, isFetching } = useFetch(customers.list, { query: { q, size: 8 } }, { enabled: q !== '' })
  const rows = q === '' ? [] : (data?.rows ?? [])
  return (
    <Form.Item label={w.customer}>
      <Select
        allowClear
        showSearch={{ filterOption: false, onSearch: setTyped }}
        placeholder={w.forCustomerHint}
        aria-label={w.forCustomer}
        loading={isFetching}
        notFoundContent={q && !isFetching ? w.nobody : null}
        options={rows.map(c => ({
          value: c.id,
          name: c.name,
          label: (
            <span className="row">
              <b className="m5">{c.name}</b>
              <TierTag tier={c.tier} />
              <span className="t3 cut">
                {c.number} {c.phone} {c.district} {c.address}
              </span>
            </span>
          ),
        }))}
        onChange={(id: string | undefined) => {
          choose(id ?? null)
          const chosen = rows.find(c => c.id === id)
          if (chosen && !form.getFieldValue('place')) form.setFieldValue('place', `${chosen.district} ${chosen.address}`.trim())
        }}
      />
    </Form.Item>
  )
}
