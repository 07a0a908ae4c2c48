import { Button, Form, Input, InputNumber, Select, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { calendars } from '#contract/calendars.ts'
import { contactReasons } from '#contract/interactions.ts'
import { departments, teams } from '#contract/people.ts'
import { queues, skills } from '#contract/routing.ts'
import { ticketCategories, ticketKinds } from '#contract/tickets.ts'
import { PersonSelect } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { IconPlus, IconX } from '../kit/icons.ts'
import { nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { UpDown } from './Moves.tsx'
import { w } from './words.ts'

type Named = { id: string; name: string; nameEn?: string | undefined }
const optionsOf = (rows: readonly Named[] | undefined) => (rows ?? []).map(row => ({ value: row.id, label: nameOf(row) }))

export const useQueues = () => useFetch(queues.list, { query: {} }).data ?? []
export const useSkills = () => useFetch(skills.list, { query: {} }).data ?? []
export const useDepartments = () => useFetch(departments.list, { query: {} }).data ?? []
export const useKinds = () => useFetch(ticketKinds.list, { query: {} }).data ?? []
export const useCalendars = () => useFetch(calendars.list, { query: {} }).data ?? []
export const useTeams = () => useFetch(teams.list, { query: {} }).data ?? []
export const useCategories = () => useFetch(ticketCategories.list, { query: {} }).data ?? []
/** Reasons with their whole path: 报修 › 无水. */
export function useReasons(): { id: string; name: string; depth: number }[] {
  const rows = useFetch(contactReasons.list, { query: {} }).data ?? []
  const below = (parentId: string | null, path: string, depth: number): { id: string; name: string; depth: number }[] =>
    rows
      .filter(r => r.parentId === parentId)
      .sort((a, b) => a.position - b.position)
      .flatMap(r => {
        const name = path ? `${path} › ${nameOf(r)}` : nameOf(r)
        return [{ id: r.id, name, depth }, ...below(r.id, name, depth + 1)]
      })
  return below(null, '', 0)
}

/** Queues by name; none: all of them. */
export function QueueNames({ ids }: { ids: readonly string[] }) {
  const rows = useQueues()
  if (ids.length === 0) return <span className="t3">{b.everyQueue}</span>
  return <span className="t2">{ids.map(id => nameOf(rows.find(q => q.id === id) ?? { name: '' })).join(', ')}</span>
}

const required = () => [{ required: true, message: w.required }]
export const NameField = ({ max = 60, only = false }: { max?: number; only?: boolean }) => (
  <>
    <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.required }]}>
      <Input maxLength={max} autoFocus />
    </Form.Item>
    {!only && (
      <Form.Item name="nameEn" label={w.nameEn} extra={w.nameEnHint}>
        <Input maxLength={max} lang="en" />
      </Form.Item>
    )}
  </>
)

type Place = string | (string | number)[]
type NumberProps = { name: Place; label?: ReactNode; min?: number; max?: number; unit?: string; extra?: ReactNode; optional?: boolean }
export const NumberField = ({ name, label, min = 0, max, unit, extra, optional }: NumberProps) => (
  <Form.Item name={name} label={label} extra={extra} rules={optional ? [] : required()}>
    <InputNumber min={min} {...(max === undefined ? {} : { max })} precision={0} suffix={unit} style={{ width: 128 }} />
  </Form.Item>
)
export const PositionField = () => <NumberField name="position" label={w.position} extra={w.positionHint} optional />

type PickProps = {
  name: Place
  label?: ReactNode
  extra?: ReactNode
  required?: boolean
  placeholder?: string
  many?: boolean
  without?: string | undefined
}
function Pick({ options, ...p }: PickProps & { options: { value: string; label: string }[] }) {
  return (
    <Form.Item name={p.name} label={p.label} extra={p.extra} rules={p.required ? required() : []}>
      <Select
        {...(p.many ? { mode: 'multiple' as const } : {})}
        showSearch={{ optionFilterProp: 'label' }}
        allowClear={!p.required && !p.many}
        placeholder={p.placeholder}
        {...(p.label === undefined && p.placeholder ? { 'aria-label': p.placeholder } : {})}
        options={options.filter(o => o.value !== p.without)}
      />
    </Form.Item>
  )
}
export const QueuePick = (p: PickProps) => <Pick {...p} options={optionsOf(useQueues())} />
export const CalendarPick = (p: PickProps) => <Pick {...p} options={optionsOf(useCalendars())} />
export const DepartmentPick = (p: PickProps) => <Pick {...p} options={optionsOf(useDepartments())} />
export const KindPick = (p: PickProps) => <Pick {...p} options={optionsOf(useKinds())} />
export const SkillPick = (p: PickProps) => <Pick {...p} options={optionsOf(useSkills())} />
export const ReasonPick = (p: PickProps) => <Pick {...p} options={optionsOf(useReasons())} />
export const TeamPick = (p: PickProps) => <Pick {...p} options={optionsOf(useTeams())} />
export const CategoryPick = ({ kindId, ...p }: PickProps & { kindId: unknown }) => (
  <Pick {...p} options={optionsOf(useCategories().filter(c => c.kindId === kindId))} />
)
export const PersonPick = (p: Omit<PickProps, 'many' | 'without'>) => (
  <Form.Item name={p.name} label={p.label} extra={p.extra} rules={p.required ? required() : []}>
    <PersonSelect allowClear={!p.required} {...(p.placeholder ? { placeholder: p.placeholder } : {})} />
  </Form.Item>
)

/** Minutes, written in hours when they are whole hours. */
type MinutesProps = { name: Place; label: ReactNode; extra?: ReactNode; optional?: boolean; least?: number }
export function MinutesField({ name, label, extra, optional, least = 1 }: MinutesProps) {
  return (
    <Form.Item name={name} label={label} extra={extra} rules={optional ? [] : required()}>
      <Minutes least={least} />
    </Form.Item>
  )
}
type Minute = { value?: number | null; onChange?: (value: number | null) => void; id?: string; least: number }
function Minutes({ value, onChange, id, least }: Minute) {
  const [chosen, setChosen] = useState<number | null>(null)
  const unit = chosen ?? (typeof value === 'number' && value > 0 && value % 60 === 0 ? 60 : 1)
  const shown = typeof value === 'number' ? value / unit : null
  return (
    <Space.Compact>
      <InputNumber
        {...(id ? { id } : {})}
        min={least}
        precision={0}
        style={{ width: 112 }}
        value={shown}
        onChange={n => {
          setChosen(unit)
          onChange?.(n === null ? null : n * unit)
        }}
      />
      <Select
        style={{ width: 96 }}
        value={unit}
        aria-label={w.minutes}
        options={[
          { value: 1, label: w.minutes },
          { value: 60, label: w.hours },
        ]}
        onChange={next => {
          setChosen(next)
          if (shown !== null) onChange?.(Math.round(shown) * next)
        }}
      />
    </Space.Compact>
  )
}
export function minutesText(minutes: number): string {
  return minutes >= 60 && minutes % 30 === 0 ? `${minutes / 60} ${w.hours}` : `${minutes} ${w.minutes}`
}

/** Rows of a form that can be added and taken away. */
export function Rows({
  name,
  label,
  extra,
  add,
  fresh,
  max = 30,
  ordered = false,
  children,
}: {
  name: Place
  label?: ReactNode
  extra?: ReactNode
  add: string
  /** A new row, made anew for each. */
  fresh: () => unknown
  max?: number
  /** Their order means something. */
  ordered?: boolean
  children: (row: number) => ReactNode
}) {
  return (
    <Form.Item label={label} extra={extra}>
      <Form.List name={name}>
        {(rows, { add: append, remove, move }) => (
          <div className="formrows">
            {rows.map(row => (
              <div key={row.key} className="formrow">
                <div className="grow">{children(row.name)}</div>
                {ordered && (
                  <UpDown first={row.name === 0} last={row.name === rows.length - 1} move={by => move(row.name, row.name + by)} />
                )}
                <Button
                  type="text"
                  size="small"
                  icon={<IconX size={16} />}
                  aria-label={w.remove}
                  title={w.remove}
                  onClick={() => remove(row.name)}
                />
              </div>
            ))}
            <Button type="dashed" size="small" icon={<IconPlus size={14} />} disabled={rows.length >= max} onClick={() => append(fresh())}>
              {add}
            </Button>
          </div>
        )}
      </Form.List>
    </Form.Item>
  )
}
