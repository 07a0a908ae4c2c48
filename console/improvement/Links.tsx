import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import { documents } from '#contract/documents.ts'
import { LinkNoun, type Round } from '#contract/improvement.ts'
import { standards } from '#contract/standards.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { useRested } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { IconFileText, IconTargetArrow, IconTicket } from '../kit/icons.ts'
import { nameOf } from '../kit/words.ts'
import { w } from './words.ts'

type Linked = Round['links'][number]
const kinds = {
  standard: { name: () => w.fromStandard, icon: IconTargetArrow, to: (id: string) => `/improvements/standards/${id}` },
  document: { name: () => w.document, icon: IconFileText, to: (id: string) => `/documents/${id}` },
  ticket: { name: () => w.fromTicket, icon: IconTicket, to: (id: string) => `/tickets/${id}` },
}

/** What shows that it has become the rule; each opens where it is. */
export function Links({ links }: { links: readonly Linked[] }) {
  return (
    <ul className="links">
      {links.map(({ noun, id, name }) => {
        const { icon: Icon, name: kind, to } = kinds[noun]
        return (
          <li key={id} className="row">
            <Icon size={16} />
            <Link className="cut" to={to(id)}>
              {name}
            </Link>
            <span className="t3 f12 nowrap">{kind()}</span>
          </li>
        )
      })}
    </ul>
  )
}

type Option = { value: string; label: string }
type Field = { id?: string; value?: Linked[]; onChange?: (links: Linked[]) => void }
/** Standards, documents and tickets by their names, as far as one may see them; its name, value and change come from the form. */
export function LinkPick({ id, value = [], onChange }: Field) {
  const may = useMay()
  const [typed, setTyped] = useState('')
  const q = useRested(typed.trim())
  const asks = q.length > 1
  const rules = useFetch(standards.list, { query: { size: 200 } }, { staleTime: 60_000 }).data?.rows ?? []
  const letters =
    useFetch(documents.list, { query: { ...(asks ? { q } : {}), size: 8 } }, { enabled: may('document:read') }).data?.rows ?? []
  const found = useFetch(tickets.list, { query: { box: 'all', q, size: 8 } }, { enabled: asks && may('ticket:read') }).data?.rows ?? []
  const fits = (name: string) => name.toLowerCase().includes(typed.trim().toLowerCase())
  const option = (noun: LinkNoun, id: string, label: string): Option => ({ value: `${noun} ${id}`, label: label.slice(0, 200) })
  const groups = [
    { noun: 'standard' as const, options: rules.map(r => option('standard', r.id, nameOf(r))).filter(o => fits(o.label)) },
    { noun: 'document' as const, options: letters.map(d => option('document', d.id, d.title)) },
    { noun: 'ticket' as const, options: found.map(t => option('ticket', t.id, `${t.number} ${t.title}`)) },
  ]
  return (
    <Select<Option[]>
      {...(id ? { id } : {})}
      mode="multiple"
      labelInValue
      maxCount={20}
      placeholder={w.linksHint}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={asks ? w.linksNone : null}
      value={value.map(l => option(l.noun, l.id, l.name))}
      onChange={chosen =>
        onChange?.(
          chosen.map(({ value: key, label }) => {
            const [noun, id = ''] = key.split(' ')
            return { noun: LinkNoun.parse(noun), id, name: label }
          }),
        )
      }
      options={groups.filter(g => g.options.length > 0).map(g => ({ label: kinds[g.noun].name(), options: g.options }))}
    />
  )
}
