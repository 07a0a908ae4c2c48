import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { accounts } from '#contract/people.ts'
import { useFetch } from '../kit/data.ts'

const slow = { staleTime: 300_000 }

/** The names of these people, also of who is retired; empty while they are asked for. */
export function useNames(ids: readonly (string | null | undefined)[]): (id: string | null | undefined) => string {
  const wanted = [...new Set(ids.filter(id => typeof id === 'string'))].sort().slice(0, 100)
  const { data } = useFetch(accounts.people, { query: { ids: wanted, size: 100 } }, { ...slow, enabled: wanted.length > 0 })
  const names = new Map(data?.rows.map(p => [p.id, p.name]))
  return id => names.get(id ?? '') ?? ''
}

type Props = {
  value?: string | null
  onChange?: (id: string | null) => void
  /** Only these; an empty department or team waits until one is chosen. */
  among?: { departmentId?: string | undefined; teamId?: string | undefined }
  retired?: boolean
  id?: string
  'aria-label'?: string
  placeholder?: string
  allowClear?: boolean
  disabled?: boolean
  size?: 'small' | 'middle' | 'large'
  width?: number
}

/** Chooses a colleague: the first by name, and whoever is typed for. */
export function PersonSelect({ value = null, onChange, among = {}, retired = false, allowClear = true, width, ...rest }: Props) {
  const [typed, setTyped] = useState('')
  const q = useRested(typed.trim())
  const { data } = useFetch(
    accounts.people,
    { query: { ...among, ...(q ? { q } : {}), state: retired ? 'all' : 'active', size: 50 } },
    { staleTime: 60_000 },
  )
  const name = useNames([value])(value)
  const rows = data?.rows ?? []
  const chosen = value !== null && !rows.some(p => p.id === value) ? [{ value, label: name }] : []
  return (
    <Select<string>
      {...rest}
      {...(width ? { style: { width } } : {})}
      allowClear={allowClear}
      value={value}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onChange={next => onChange?.(next ?? null)}
      options={[...rows.map(p => ({ value: p.id, label: p.name })), ...(typed ? [] : chosen)]}
    />
  )
}

/** Chooses several of them. */
export function PeopleSelect({ value = [], onChange, id }: { value?: string[]; onChange?: (ids: string[]) => void; id?: string }) {
  const [q, setQ] = useState('')
  const name = useNames(value)
  const found =
    useFetch(accounts.people, { query: { ...(q ? { q } : {}), state: 'active', size: 50 } }, { staleTime: 60_000 }).data?.rows ?? []
  const others = value.filter(one => !found.some(p => p.id === one))
  return (
    <Select<string[]>
      {...(id ? { id } : {})}
      mode="multiple"
      value={value}
      showSearch={{ filterOption: false, onSearch: setQ }}
      onChange={ids => onChange?.(ids)}
      options={[...found.map(p => ({ value: p.id, label: p.name })), ...others.map(one => ({ value: one, label: name(one) || '…' }))]}
    />
  )
}

/** What was typed, once the typing rests. */
export function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), 250)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}
