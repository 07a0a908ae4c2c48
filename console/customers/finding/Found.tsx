import { Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { type Customer, customers, type ListedCustomer } from '#contract/customers.ts'
import { type FoundCustomer, type FoundWhy, finding } from '#contract/finding.ts'
import { useMay } from '../../app/me.ts'
import { useRested } from '../../app/people.tsx'
import { useFetch } from '../../kit/data.ts'
import { IconHandStop } from '../../kit/icons.ts'
import { Sep, TierTag } from '../../kit/parts.tsx'
import { language } from '../../kit/words.ts'
import './found.css'
import { byWord, w } from './words.ts'

/** Who fits what is typed. `answered`: these are the finds of this very text, not yet those of fewer letters. */
export function useFound(typed: string, size = 10) {
  const may = useMay()
  const text = typed.trim()
  const q = useRested(text)
  const { data, error, refetch, isPlaceholderData } = useFetch(
    finding.find,
    { query: { q, size } },
    { enabled: q !== '' && may('customer:read') },
  )
  const answered = q === text && !isPlaceholderData && (q === '' || data !== undefined)
  return { rows: q === '' || text === '' ? [] : (data ?? []), answered, error, refetch }
}

/** The signs that were typed stand out. */
export function Marked({ of: { text, from, to } }: { of: Pick<FoundWhy, 'text' | 'from' | 'to'> }) {
  if (to <= from) return text
  return (
    <>
      {text.slice(0, from)}
      <mark className="hit">{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  )
}

/** Seen before one dials; the word goes where there is no room for it. */
export const AloneMark = ({ of: { leftAlone } }: { of: Pick<ListedCustomer, 'leftAlone'> }) =>
  leftAlone && (
    <span className="tag ba alonemark" role="img" title={w.leftAloneFor} aria-label={w.leftAlone}>
      <IconHandStop size={14} />
      <span className="word">{w.leftAlone}</span>
    </span>
  )

const inName = (why: FoundWhy) => why.by === 'name' || why.by === 'pinyin'

export function FoundName({ of: c }: { of: Pick<FoundCustomer, 'name' | 'why'> }) {
  return inName(c.why) && c.why.text === c.name ? <Marked of={c.why} /> : c.name
}

/** Why this one: what was typed and where it stands; of a name found as written there is nothing to explain. */
export function FoundReason({ of: { why } }: { of: Pick<FoundCustomer, 'why'> }) {
  if (why.by === 'name') return null
  const kind = why.kind ? why.kind[language() === 'zh' ? 0 : 1] : byWord(why.by)
  return (
    <span className="why">
      <span className="by">{kind}</span>
      {why.by !== 'pinyin' && (
        <span>
          <Marked of={why} />
        </span>
      )}
    </span>
  )
}

/** The second line of a find: the reason, then by what else one tells people apart. */
export function FoundLine({ of: c }: { of: FoundCustomer }) {
  const parts: [string, ReactNode][] = [
    ['why', c.why.by === 'name' ? null : <FoundReason key="why" of={c} />],
    ['number', c.why.by === 'number' ? null : c.number],
    ['phone', c.why.by === 'phone' || c.why.by === 'lastFour' ? null : c.phone],
    ['address', c.why.by === 'address' ? null : [c.district, c.address].filter(Boolean).join(' ')],
  ]
  return parts
    .filter(([, part]) => part)
    .map(([key, part], n) => (
      <span key={key}>
        {n > 0 && <Sep />}
        {part}
      </span>
    ))
}

/** One line of a list to choose from. */
export const foundOption = (c: FoundCustomer) => ({
  value: c.id,
  name: c.name,
  title: `${c.name} ${c.number}`,
  label: (
    <span className="foundoption">
      <span className="row">
        <b className="m5">
          <FoundName of={c} />
        </b>
        <TierTag tier={c.tier} />
        <AloneMark of={c} />
      </span>
      <span className="t3 f12 cut">
        <FoundLine of={c} />
      </span>
    </span>
  ),
})

const line = ({ id, name, number }: Customer) => ({ value: id, name, title: name, label: <>{`${name} ${number}`}</> })

type Picker = {
  value?: string | undefined
  onChange?: (id: string | undefined, customer: FoundCustomer | undefined) => void
  id?: string
  'aria-label'?: string
  placeholder?: string
  width?: number
  allowClear?: boolean
  autoFocus?: boolean
  /** Whom it is about is not to choose. */
  not?: string
}

/** Chooses a customer by anything they say. */
export function CustomerSelect({ value, onChange, placeholder = w.hint, width, not, ...rest }: Picker) {
  const may = useMay()
  const [typed, setTyped] = useState('')
  const [picked, setPicked] = useState<FoundCustomer | null>(null)
  const { rows: found, answered } = useFound(typed)
  const rows = found.filter(row => row.id !== not)
  const known = picked?.id === value ? picked : null
  const chosen = useFetch(
    customers.one,
    { id: value ?? '' },
    { enabled: may('customer:read') && value !== undefined && known === null, keep: false },
  ).data
  const shown = typed.trim() === '' ? (known ?? chosen) : null
  return (
    <Select
      {...rest}
      {...(width ? { style: { width } } : {})}
      value={value ?? null}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      placeholder={placeholder}
      optionLabelProp="name"
      popupMatchSelectWidth={Math.max(360, width ?? 0)}
      notFoundContent={typed.trim() === '' ? w.hint : answered ? w.nobody : null}
      options={shown ? [line(shown)] : rows.map(foundOption)}
      onChange={(id: string | null | undefined) => {
        const one = rows.find(row => row.id === id)
        setPicked(one ?? null)
        setTyped('')
        onChange?.(id ?? undefined, one)
      }}
    />
  )
}
