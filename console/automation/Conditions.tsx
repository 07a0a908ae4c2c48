import { Button, InputNumber, Select } from 'antd'
import type { Field } from '#contract/automation.ts'
import { type Group, isGiven, type Leaf, type Op, operators, periodOf, takenBy } from '#contract/conditions.ts'
import { IconPlus, IconX } from '../kit/icons.ts'
import { nameOf } from '../kit/words.ts'
import { Given, thirtyDays } from './Given.tsx'
import { isOp, opWord } from './offered.ts'
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
  marked = false,
  depth = 1,
}: {
  group: Group
  fields: readonly Field[]
  change: (next: Group) => void
  /** Whether what is still to be filled in is shown. */
  marked?: boolean
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
          <One key={n} leaf={node} fields={fields} marked={marked} change={next => put(n, next)} remove={() => put(n, null)} />
        ) : (
          <Conditions
            // biome-ignore lint/suspicious/noArrayIndexKey: so has a group
            key={n}
            group={node}
            fields={fields}
            marked={marked}
            depth={depth + 1}
            // A group of nothing asks nothing.
            change={next => put(n, next.of.length > 0 ? next : null)}
            remove={() => put(n, null)}
          />
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
/** What is given stays when it still means something. */
const fitting = (op: Op, before: Leaf, inDays: boolean): Leaf['value'] => {
  if (takenBy(op) === takenBy(before.op)) return before.value
  if (takenBy(op) === 'span') return inDays ? thirtyDays : { minutes: 30, working: true, calendarId: null }
  return takenBy(op) === 'hours' ? { calendarId: null } : null
}

type OneProps = { leaf: Leaf; fields: readonly Field[]; marked: boolean; change: (next: Leaf) => void; remove: () => void }
function One({ leaf, fields, marked, change, remove }: OneProps) {
  const { base, days } = periodOf(leaf.field)
  const field = fields.find(f => f.key === base)
  const ops = opsOf(field)
  const wrong = marked && !isGiven(leaf.op, leaf.value)
  return (
    <div className={wrong ? 'ruleline gap' : 'ruleline'}>
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
      <span className="given">
        <Given leaf={leaf} field={field} wrong={wrong} change={value => change({ ...leaf, value })} />
      </span>
      <Away act={remove} />
      {wrong && (
        <span className="bac f12 why" role="alert">
          {w.notGiven(field ? nameOf(field) : base)}
        </span>
      )}
    </div>
  )
}

/** Leads to the first condition that is still to be filled in, once it is marked. */
export const toTheGap = (within: Element | null): void => {
  requestAnimationFrame(() => {
    const field = within?.querySelector<HTMLElement>('.ruleline.gap .given input')
    field?.scrollIntoView({ block: 'center' })
    field?.focus({ preventScroll: true })
  })
}
