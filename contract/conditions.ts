import * as z from 'zod'
import { Id, type Schema } from './endpoint.ts'

/** The one language of conditions: of automation rules, and beneath the rules that choose a queue. No patterns: words are found as they stand, whatever their case or width. */
export const FieldKind = z.enum(['choice', 'person', 'department', 'queue', 'text', 'number', 'time', 'tags', 'yesno'])
export type FieldKind = z.output<typeof FieldKind>

const ofOne = ['is', 'isNot', 'changed', 'changedTo', 'changedFrom', 'empty', 'filled'] as const
/** What may be asked of a field, by its kind. */
export const operators = {
  choice: ofOne,
  person: ofOne,
  department: ofOne,
  queue: ofOne,
  text: ['contains', 'lacks', 'equals', 'starts', 'empty', 'filled'],
  number: ['atLeast', 'atMost', 'empty', 'filled'],
  time: ['olderThan', 'newerThan', 'dueWithin', 'before', 'after', 'inHours', 'outOfHours', 'empty', 'filled'],
  tags: ['hasAny', 'hasAll', 'hasNone', 'empty', 'filled'],
  yesno: ['yes', 'no'],
} as const satisfies Record<FieldKind, readonly string[]>
export type Op = (typeof operators)[FieldKind][number]
const everyOp = [...new Set(Object.values(operators).flat())]

/** What an operator is given beside the field: any of several words, a number, an instant, a span, whose hours, or nothing. */
const takes = {
  is: 'words', isNot: 'words', changedTo: 'words', changedFrom: 'words', contains: 'words', lacks: 'words', equals: 'words', starts: 'words',
  hasAny: 'words', hasAll: 'words', hasNone: 'words', atLeast: 'number', atMost: 'number', before: 'instant', after: 'instant',
  olderThan: 'span', newerThan: 'span', dueWithin: 'span', inHours: 'hours', outOfHours: 'hours',
  changed: 'nothing', empty: 'nothing', filled: 'nothing', yes: 'nothing', no: 'nothing',
} as const satisfies Record<Op, string> // biome-ignore format: a table
export const takenBy = (op: Op) => takes[op]

/** Minutes by the clock, or of working time: the organisation's own (`calendarId` null) or a calendar's. */
const Span = z.object({ minutes: z.int().min(0).max(527_040), working: z.boolean().default(true), calendarId: Id.nullable().default(null) })
const Hours = z.object({ calendarId: Id.nullable() })
export const Leaf = z.object({
  field: z.string().min(1).max(80),
  op: z.enum(everyOp),
  value: z.union([z.array(z.string().max(200)).max(50), z.number(), Span, Hours, z.null()]).default(null),
})
export type Leaf = z.output<typeof Leaf>

export const Match = z.enum(['all', 'any', 'none'])
const group = <N extends Schema>(node: N) => z.object({ match: Match, of: z.array(node).min(1).max(20) })
const Inner = z.union([Leaf, group(Leaf)])
/** Groups within groups, three deep and no deeper. An empty whole asks nothing. */
export const Condition = z.object({ match: Match.default('all'), of: z.array(z.union([Leaf, group(Inner)])).max(20).default([]) }) // biome-ignore format: one line reads better
export type Group = { match: z.output<typeof Match>; of: (Leaf | Group)[] }
export const mostLeaves = 40

export type Value = string | number | boolean | Date | readonly string[] | null | undefined
/** The fields as they are, and as they were where they have just changed. */
export type Seen = { is: Readonly<Record<string, Value>>; was?: Readonly<Record<string, Value>> | undefined }
/** What a condition asks of the world beside the fields. */
export type Around = {
  now: Date
  isOpen: (calendarId: string | null, at: Date) => boolean
  workedMinutes: (calendarId: string | null, from: Date, to: Date) => number
}

/** Full and half width, capitals and small letters are one. */
export const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

const isEmpty = (value: Value): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'number' && Number.isNaN(value)) ||
  (value instanceof Date && Number.isNaN(value.getTime()))
const textOf = (value: Value): string =>
  isEmpty(value) ? '' : value instanceof Date ? value.toISOString() : Array.isArray(value) ? value.join(' ') : String(value)
const listOf = (value: Value): string[] => (Array.isArray(value) ? value : isEmpty(value) ? [] : [textOf(value)]).map(plain)
const dateOf = (value: Value): Date | null => (value instanceof Date && !isEmpty(value) ? value : null)
const same = (a: Value, b: Value): boolean => textOf(a) === textOf(b)

/** Whether one condition holds. Total: any field, any value, no throw; what is not known counts as empty. */
export function holds({ field, op, value }: Leaf, { is, was }: Seen, around: Around): boolean {
  const seen = is[field]
  const words = (Array.isArray(value) ? value : []).map(plain)
  const number = typeof value === 'number' ? value : null
  const changed = was !== undefined && field in was && !same(was[field], seen)
  const oneOf = (one: Value) => !isEmpty(one) && words.includes(plain(textOf(one)))
  const said = plain(textOf(seen))
  const hour = dateOf(seen)
  switch (op) {
    case 'is':
    case 'equals':
      return oneOf(seen)
    case 'isNot':
      return !oneOf(seen)
    case 'changed':
      return changed
    case 'changedTo':
      return changed && oneOf(seen)
    case 'changedFrom':
      return changed && oneOf(was[field])
    case 'empty':
      return isEmpty(seen)
    case 'filled':
      return !isEmpty(seen)
    case 'contains':
      return words.some(word => word !== '' && said.includes(word))
    case 'lacks':
      return !words.some(word => word !== '' && said.includes(word))
    case 'starts':
      return words.some(word => word !== '' && said.startsWith(word))
    case 'atLeast':
      return typeof seen === 'number' && number !== null && seen >= number
    case 'atMost':
      return typeof seen === 'number' && number !== null && seen <= number
    case 'hasAny':
      return words.some(word => listOf(seen).includes(word))
    case 'hasAll':
      return words.length > 0 && words.every(word => listOf(seen).includes(word))
    case 'hasNone':
      return !words.some(word => listOf(seen).includes(word))
    case 'before':
    case 'after': {
      const at = Date.parse(Array.isArray(value) ? (value[0] ?? '') : '')
      if (hour === null || Number.isNaN(at)) return false
      return op === 'before' ? hour.getTime() < at : hour.getTime() > at
    }
    case 'olderThan':
    case 'newerThan':
    case 'dueWithin': {
      if (hour === null || !isSpan(value)) return false
      const from = op === 'dueWithin' ? around.now : hour
      const to = op === 'dueWithin' ? hour : around.now
      const passed = value.working ? around.workedMinutes(value.calendarId, from, to) : (to.getTime() - from.getTime()) / 60_000
      return op === 'olderThan' ? passed > value.minutes : passed <= value.minutes
    }
    case 'inHours':
    case 'outOfHours':
      return hour !== null && around.isOpen(isHours(value) ? value.calendarId : null, hour) === (op === 'inHours')
    case 'yes':
      return seen === true
    case 'no':
      return seen !== true
  }
}
const isSpan = (value: Leaf['value']): value is z.output<typeof Span> => typeof value === 'object' && value !== null && 'minutes' in value
const isHours = (value: Leaf['value']): value is z.output<typeof Hours> =>
  typeof value === 'object' && value !== null && 'calendarId' in value

const isLeaf = (node: Leaf | Group): node is Leaf => 'field' in node
export type Step = Leaf & { seen: Value; was?: Value; holds: boolean }

/** The whole, with every condition's answer: also those that no longer decide it, because they say why. */
export function judge(root: Group, seen: Seen, around: Around): { holds: boolean; steps: Step[] } {
  const steps: Step[] = []
  const ask = (node: Leaf | Group): boolean => {
    if (!isLeaf(node)) return joined(node.match, node.of.map(ask))
    const held = holds(node, seen, around)
    const was = seen.was && node.field in seen.was ? { was: seen.was[node.field] } : {}
    steps.push({ ...node, seen: seen.is[node.field], ...was, holds: held })
    return held
  }
  return { holds: ask(root), steps }
}
const joined = (match: Group['match'], parts: readonly boolean[]): boolean =>
  match === 'all' ? parts.every(Boolean) : match === 'any' ? parts.some(Boolean) : !parts.some(Boolean)

/** `contacts@30` asks about the last thirty days; a field that knows no period has none. */
export function periodOf(field: string): { base: string; days: number | null } {
  const [, base, days] = /^(.+)@(\d{1,4})$/.exec(field) ?? []
  return base === undefined ? { base: field, days: null } : { base, days: Number(days) }
}

export const leavesOf = (root: Group): Leaf[] => root.of.flatMap(node => (isLeaf(node) ? [node] : leavesOf(node)))

export type ConditionFault = { field: string; reason: 'unknown_field' | 'operator' | 'value' | 'too_many' | 'empty_group' }
/** What is wrong with a condition over these fields: the first fault, or null. */
export function conditionFault(root: Group, kindOf: (field: string) => FieldKind | undefined): ConditionFault | null {
  const leaves = leavesOf(root)
  if (leaves.length > mostLeaves) return { field: '', reason: 'too_many' }
  // Any of nothing never holds: a rule that never speaks is a slip.
  if (root.of.length === 0 && root.match === 'any') return { field: '', reason: 'empty_group' }
  for (const { field, op, value } of leaves) {
    const kind = kindOf(field)
    if (kind === undefined) return { field, reason: 'unknown_field' }
    if (!operators[kind].some(known => known === op)) return { field, reason: 'operator' }
    if (!isGiven(op, value)) return { field, reason: 'value' }
  }
  return null
}
/** Whether a condition says all that its operator asks for. */
export function isGiven(op: Op, value: Leaf['value']): boolean {
  switch (takes[op]) {
    case 'words':
      return Array.isArray(value) && value.some(word => word.trim() !== '')
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'instant':
      return Array.isArray(value) && value.length === 1 && !Number.isNaN(Date.parse(value[0] ?? ''))
    case 'span':
      return isSpan(value)
    case 'hours':
      return isHours(value)
    case 'nothing':
      return true
  }
}

/** Calendars a condition asks; null is the organisation's own. */
export const calendarsOf = (root: Group): (string | null)[] => [
  ...new Set(leavesOf(root).flatMap(({ value }) => (isHours(value) ? [value.calendarId] : []))),
]
