import { DatePicker, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import type { Field } from '#contract/automation.ts'
import { type Leaf, takenBy } from '#contract/conditions.ts'
import { PersonSelect } from '../app/people.tsx'
import { nameOf } from '../kit/words.ts'
import { useCalendars } from './offered.ts'
import { w } from './words.ts'

export const thirtyDays = { minutes: 30 * 1440, working: false, calendarId: null }

type GivenProps = { leaf: Leaf; field: Field | undefined; wrong: boolean; change: (value: Leaf['value']) => void }
/** What an operator is given, by what it takes. */
export function Given({ leaf: { op, value }, field, wrong, change }: GivenProps) {
  const status = wrong ? ({ status: 'error', 'aria-invalid': true } as const) : {}
  const words = Array.isArray(value) ? value : []
  const label = field ? nameOf(field) : w.choose
  switch (takenBy(op)) {
    case 'nothing':
      return null
    case 'number': {
      const known = typeof value === 'number' ? value : null
      if (field?.money)
        return (
          <InputNumber
            {...status}
            value={known === null ? null : known / 100}
            prefix="¥"
            precision={2}
            aria-label={label}
            onChange={yuan => change(yuan === null ? null : Math.round(yuan * 100))}
            style={{ width: 136 }}
          />
        )
      return <InputNumber {...status} value={known} aria-label={label} onChange={n => change(n)} style={{ width: 112 }} />
    }
    case 'instant':
      return (
        <DatePicker
          {...status}
          value={words[0] ? dayjs(words[0]) : null}
          aria-label={label}
          onChange={at => change(at ? [at.startOf('day').toISOString()] : null)}
        />
      )
    case 'hours':
      return (
        <WhoseHours
          value={typeof value === 'object' && value !== null && 'calendarId' in value ? value.calendarId : null}
          change={calendarId => change({ calendarId })}
        />
      )
    case 'span': {
      const span =
        typeof value === 'object' && value !== null && 'minutes' in value ? value : { minutes: 30, working: true, calendarId: null }
      // A list of customers is asked in days by the clock; what waits in a rule, in minutes.
      if (field?.ops)
        return (
          <InputNumber
            min={0}
            max={366}
            precision={0}
            value={Math.round(span.minutes / 1440)}
            suffix={w.days}
            aria-label={w.days}
            onChange={n => change({ ...thirtyDays, minutes: (n ?? 0) * 1440 })}
            style={{ width: 112 }}
          />
        )
      return (
        <>
          <InputNumber
            min={0}
            precision={0}
            value={span.minutes}
            suffix={w.minutes}
            aria-label={w.minutes}
            onChange={n => change({ ...span, minutes: n ?? 0 })}
            style={{ width: 128 }}
          />
          <TimeKind working={span.working} change={working => change({ ...span, working })} />
        </>
      )
    }
    case 'words':
      if (field?.kind === 'person')
        return (
          <PersonSelect {...status} value={words[0] ?? null} aria-label={label} width={176} onChange={id => change(id ? [id] : null)} />
        )
      return (
        <Select
          {...status}
          mode={field?.options ? 'multiple' : 'tags'}
          {...(field?.options ? {} : { open: false, suffixIcon: null, tokenSeparators: [',', '，', '、'] })}
          value={[...words]}
          aria-label={label}
          placeholder={field?.options ? w.choose : w.typeEnter}
          showSearch={{ optionFilterProp: 'label' }}
          options={field?.options?.map(o => ({ value: o.value, label: nameOf(o) })) ?? []}
          onChange={(next: string[]) => change(next.length > 0 ? next : null)}
          className="grow"
          style={{ minWidth: 160 }}
        />
      )
  }
}

export const TimeKind = ({ working, change }: { working: boolean; change: (working: boolean) => void }) => (
  <Select
    value={working}
    aria-label={w.workingTime}
    options={[
      { value: true, label: w.workingTime },
      { value: false, label: w.anyTime },
    ]}
    onChange={change}
    style={{ width: 112 }}
  />
)

export function WhoseHours({ value, change }: { value: string | null; change: (id: string | null) => void }) {
  const rows = useCalendars()
  return (
    <Select
      value={value ?? ''}
      aria-label={w.calendar}
      options={[{ value: '', label: w.ownCalendar }, ...rows.map(c => ({ value: c.id, label: c.name }))]}
      onChange={id => change(id === '' ? null : id)}
      style={{ width: 176 }}
    />
  )
}
