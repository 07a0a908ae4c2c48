import { Button, DatePicker, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import type { Field } from '#contract/automation.ts'
import { type Group, type Leaf, type Op, operators, periodOf, takenBy } from '#contract/conditions.ts'
import { PersonSelect } from '../app/people.tsx'
import { IconPlus, IconX } from '../kit/icons.ts'
import { nameOf } from '../kit/words.ts'
import { isOp, opWord, useCalendars } from './offered.ts'
import { w } from './words.ts'

type Node = Leaf | Group
const isLeaf = (node: Node): node is Leaf => 'field' in node
const matches = () => [
  { value: 'all' as const, label: w.matchAll },
  { value: 'any' as const, label: w.matchAny },
  { value: 'none' as const, label: w.matchNone },
]

/** What must be so: conditions and groups of them, three deep. */
export function Conditions({
  group,
  fields,
  change,
  remove,
  depth = 1,
}: {
  group: Group
  fields: readonly Field[]
  change: (next: Group) => void
  remove?: () => void
  depth?: number
}) {
  const put = (n: number, node: Node | null) =>
    change({ ...group, of: node === null ? group.of.filter((_, at) => at !== n) : group.of.map((was, at) => (at === n ? node : was)) })
  const [first] = fields
  const fresh = (): Leaf => ({ field: first ? keyOf(first) : '', op: first ? firstOp(first) : 'contains', value: null })
  return (
    <fieldset className={depth === 1 ? 'rulegroup' : 'rulegroup inner'} aria-label={w.and}>
      {(group.of.length > 1 || depth > 1 || group.match !== 'all') && (
        <div className="row">
          <Select
            size="small"
            value={group.match}
            options={matches()}
            aria-label={w.and}
            onChange={match => change({ ...group, match })}
            style={{ width: 112 }}
          />
          {remove && <Away act={remove} />}
        </div>
      )}
      {group.of.map((node, n) =>
        isLeaf(node) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no other name than its place
          <One key={n} leaf={node} fields={fields} change={next => put(n, next)} remove={() => put(n, null)} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: so has a group
          <Conditions key={n} group={node} fields={fields} depth={depth + 1} change={next => put(n, next)} remove={() => put(n, null)} />
        ),
      )}
      <div className="row">
        <Button size="small" type="dashed" icon={<IconPlus size={14} />} onClick={() => change({ ...group, of: [...group.of, fresh()] })}>
          {w.addCondition}
        </Button>
        {depth < 3 && (
          <Button
            size="small"
            type="text"
            onClick={() => change({ ...group, of: [...group.of, { match: group.match === 'any' ? 'all' : 'any', of: [fresh()] }] })}
          >
            {w.addGroup}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

export const Away = ({ act }: { act: () => void }) => (
  <Button type="text" size="small" icon={<IconX size={14} />} aria-label={w.remove} title={w.remove} onClick={act} />
)

/** A field asked about a period begins with the last thirty days. */
const keyOf = ({ key, period }: Field) => (period ? `${key}@30` : key)
const opsOf = (field: Field | undefined): Op[] => {
  const all: readonly string[] = field?.ops ?? operators[field?.kind ?? 'text']
  return all.filter(isOp)
}
const firstOp = (field: Field | undefined): Op => opsOf(field)[0] ?? 'empty'
const thirtyDays = { minutes: 30 * 1440, working: false, calendarId: null }
/** What is given stays when it still means something. */
const fitting = (op: Op, before: Leaf, inDays: boolean): Leaf['value'] => {
  if (takenBy(op) === takenBy(before.op)) return before.value
  if (takenBy(op) === 'span') return inDays ? thirtyDays : { minutes: 30, working: true, calendarId: null }
  return takenBy(op) === 'hours' ? { calendarId: null } : null
}

function One({ leaf, fields, change, remove }: { leaf: Leaf; fields: readonly Field[]; change: (next: Leaf) => void; remove: () => void }) {
  const { base, days } = periodOf(leaf.field)
  const field = fields.find(f => f.key === base)
  const ops = opsOf(field)
  return (
    <div className="ruleline">
      <Select
        value={base || null}
        showSearch={{ optionFilterProp: 'label' }}
        options={fields.map(f => ({ value: f.key, label: nameOf(f) }))}
        aria-label={w.chooseField}
        placeholder={w.chooseField}
        onChange={key => {
          const next = fields.find(f => f.key === key)
          const op = firstOp(next)
          change({ field: next ? keyOf(next) : key, op, value: takenBy(op) === 'span' ? thirtyDays : null })
        }}
        style={{ width: 144 }}
      />
      {field?.period && (
        <InputNumber
          min={1}
          max={1096}
          precision={0}
          value={days ?? 30}
          prefix={w.lastDays}
          suffix={w.days}
          aria-label={w.lastDays}
          onChange={n => change({ ...leaf, field: `${base}@${n ?? 30}` })}
          style={{ width: 128 }}
        />
      )}
      <Select
        value={leaf.op}
        options={ops.map(op => ({ value: op, label: opWord(op) }))}
        aria-label={opWord(leaf.op)}
        onChange={op => change({ ...leaf, op, value: fitting(op, leaf, field?.ops !== undefined) })}
        style={{ width: 128 }}
      />
      <Given leaf={leaf} field={field} change={value => change({ ...leaf, value })} />
      <Away act={remove} />
    </div>
  )
}

function Given({ leaf: { op, value }, field, change }: { leaf: Leaf; field: Field | undefined; change: (value: Leaf['value']) => void }) {
  const words = Array.isArray(value) ? value : []
  const label = field ? nameOf(field) : w.choose
  switch (takenBy(op)) {
    case 'nothing':
      return null
    case 'number':
      return (
        <InputNumber value={typeof value === 'number' ? value : null} aria-label={label} onChange={n => change(n)} style={{ width: 112 }} />
      )
    case 'instant':
      return (
        <DatePicker
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
        return <PersonSelect value={words[0] ?? null} aria-label={label} width={176} onChange={id => change(id ? [id] : null)} />
      return (
        <Select
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
