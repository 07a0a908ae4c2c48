import { Input, Select } from 'antd'
import { useState } from 'react'
import type * as z from 'zod'
import type { SourceParam } from '#contract/documents.ts'
import { improvements } from '#contract/improvement.ts'
import { tickets } from '#contract/tickets.ts'
import { useRested } from '../app/people.tsx'
import { CustomerSelect } from '../customers/finding/Found.tsx'
import { useFetch } from '../kit/data.ts'
import { said } from './naming.ts'
import { w } from './words.ts'

type Field = { value?: string | undefined; onChange?: (value: string) => void; id?: string; 'aria-label'?: string }

/** What the data of a document is asked by. */
export function ParamField({ of, ...field }: Field & { of: z.output<typeof SourceParam> }) {
  if (of.kind === 'ticket') return <TicketSelect {...field} />
  if (of.kind === 'finding') return <FindingSelect {...field} />
  if (of.kind === 'customer')
    return <CustomerSelect {...field} width={280} placeholder={w.pickCustomer} onChange={id => id && field.onChange?.(id)} />
  if (of.kind === 'date') return <Input {...field} type="date" style={{ width: 176 }} onChange={e => field.onChange?.(e.target.value)} />
  return <Select {...field} style={{ minWidth: 96 }} options={of.options.map(o => ({ value: o.value, label: said(o) }))} />
}

function TicketSelect(field: Field) {
  const [typed, setTyped] = useState('')
  const q = useRested(typed.trim())
  const found = useFetch(tickets.list, { query: { box: 'all', size: 20, ...(q ? { q } : {}) } }).data?.rows ?? []
  return (
    <Select
      {...field}
      style={{ minWidth: 208 }}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={w.pickTicket}
      options={found.map(t => ({ value: t.id, label: `${t.number} ${t.title}` }))}
    />
  )
}

function FindingSelect(field: Field) {
  const open = useFetch(improvements.list, { query: { size: 100 } }).data?.rows ?? []
  const closed = useFetch(improvements.list, { query: { board: 'closed', size: 100 } }).data?.rows ?? []
  return (
    <Select
      {...field}
      style={{ minWidth: 208 }}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={w.pickFinding}
      options={[...open, ...closed].map(one => ({ value: one.id, label: one.title }))}
    />
  )
}
