import { automation, type Field, type Offers, type RuleBody } from '#contract/automation.ts'
import { calendars } from '#contract/calendars.ts'
import { type Group, isGiven, type Leaf, type Op, periodOf, takenBy } from '#contract/conditions.ts'
import { useMay } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { day, full, yuan } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { ops, w } from './words.ts'

const slow = { staleTime: 60_000 }
export const useOffers = (): Offers | undefined => {
  const may = useMay()
  return useFetch(automation.offers, {}, { ...slow, enabled: may('rule:read') }).data
}
export const useCalendars = () => useFetch(calendars.list, { query: {} }, slow).data ?? []

export const triggerIn = (offers: Offers | undefined, key: string) => offers?.triggers.find(t => t.key === key)
export const triggerName = (offers: Offers | undefined, key: string): string => {
  const trigger = triggerIn(offers, key)
  return trigger ? nameOf(trigger) : `${key}${offers ? w.unknown : ''}`
}
/** What a rule of the trigger may ask about. */
export function fieldsOf(offers: Offers | undefined, key: string): Field[] {
  const trigger = triggerIn(offers, key)
  const own = offers?.subjects.find(s => s.noun === trigger?.subject)?.fields ?? []
  return [...(trigger?.fields ?? []), ...own.filter(field => !trigger?.fields.some(known => known.key === field.key))]
}
/** Every field, by whatever it is set off; those of one key share their choices. */
function everyField(offers: Offers | undefined): Field[] {
  const all = new Map<string, Field>()
  for (const field of [...(offers?.triggers ?? []), ...(offers?.subjects ?? [])].flatMap(o => o.fields)) {
    const known = all.get(field.key)
    all.set(field.key, known ? { ...known, options: [...(known.options ?? []), ...(field.options ?? [])] } : field)
  }
  return [...all.values()]
}
export const actionsFor = (offers: Offers | undefined, key: string) => {
  const noun = triggerIn(offers, key)?.subject
  return offers?.actions.filter(action => action.on === null || action.on === noun) ?? []
}
export const opWord = (op: string): string => {
  const said: Partial<Record<string, string>> = ops
  return said[op] ?? op
}
const daysSaid = (minutes: number): string => `${Math.round(minutes / 1440)} ${w.days}`
export const minutesSaid = (minutes: number, working: boolean): string =>
  `${!working && minutes > 0 && minutes % 1440 === 0 ? daysSaid(minutes) : `${minutes} ${w.minutes}`} ${working ? w.workingTime : w.anyTime}`

type Say = {
  value: (field: string, value: unknown) => string
  leaf: (leaf: Leaf) => string
  action: (at: RuleBody['actions'][number]) => string
}

const isLeaf = (node: Leaf | Group): node is Leaf => 'field' in node
export const leaves = (group: Group): Leaf[] => group.of.flatMap(node => (isLeaf(node) ? [node] : leaves(node)))

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const idsIn = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).filter(v => typeof v === 'string' && uuid.test(v))

/** Values and conditions in words, over these fields. */
export function saying(fields: readonly Field[], personName: (id: string) => string) {
  const word = (options: Field['options'], value: unknown): string => {
    if (value === null || value === undefined || value === '') return w.nothing
    if (typeof value === 'boolean') return value ? w.yes : w.no
    if (Array.isArray(value)) return value.length === 0 ? w.nothing : value.map(one => word(options, one)).join(' / ')
    const text = String(value)
    const option = options?.find(o => o.value === text)
    if (option) return nameOf(option)
    if (uuid.test(text)) return personName(text) || '…'
    return /^\d{4}-\d{2}-\d{2}T/.test(text) ? full(new Date(text)) : text
  }
  const fieldAt = (key: string) => fields.find(f => f.key === periodOf(key).base)
  const value = (key: string, seen: unknown) => {
    const field = fieldAt(key)
    return field?.money && typeof seen === 'number' ? yuan(seen) : word(field?.options ?? null, seen)
  }
  const given = ({ field, op, value: asked }: Leaf): string => {
    if (typeof asked === 'object' && asked !== null && 'minutes' in asked)
      // A list of customers is asked in days by the clock.
      return fieldAt(field)?.ops ? daysSaid(asked.minutes) : minutesSaid(asked.minutes, asked.working)
    if (takenBy(op) === 'instant' && Array.isArray(asked) && asked[0]) return day(new Date(asked[0]))
    return asked === null || takenBy(op) === 'hours' ? '' : value(field, asked)
  }
  const leaf = (leaf: Leaf) => [fieldName(fields, leaf.field), opWord(leaf.op), given(leaf)].filter(Boolean).join(' ')
  return { word, value, leaf }
}
/** Whether every condition has been told all that it asks. */
export const isWhole = (condition: Group): boolean => leaves(condition).every(({ op, value }) => isGiven(op, value))
/** Whose names conditions need. */
export const idsAsked = (condition: Group): string[] => leaves(condition).flatMap(leaf => idsIn(leaf.value))

/** Conditions and actions in words; of any rule when no trigger is named. `more`: values of traces, which may name people too; `others`: fields that no rule asks about. */
export function useSay(key: string | null, bodies: readonly RuleBody[], more: readonly unknown[] = [], others: readonly Field[] = []): Say {
  const offers = useOffers()
  const ruled = key === null ? everyField(offers) : fieldsOf(offers, key)
  const fields = [...ruled, ...others.filter(field => !ruled.some(known => known.key === field.key))]
  const people = [
    ...bodies.flatMap(body => [...idsAsked(body.condition), ...body.actions.flatMap(a => idsIn(Object.values(a.params)))]),
    ...more.flatMap(idsIn),
  ]
  const personName = useNames(people)
  const { word, value, leaf } = saying(fields, personName)
  return {
    value,
    leaf,
    action: ({ action, params }) => {
      const offer = offers?.actions.find(a => a.key === action)
      if (!offer) return offers ? `${action}${w.unknown}` : '…'
      const said = offer.asks.flatMap(ask => {
        const one = params[ask.key]
        if (one === null || one === undefined || one === '') return []
        return [ask.kind === 'minutes' ? `${word(ask.options, one)} ${w.minutes}` : word(ask.options, one)]
      })
      return [nameOf(offer), said.join(' ')].filter(Boolean).join(' ')
    },
  }
}
export const fieldName = (fields: readonly Field[], key: string): string => {
  const { base, days } = periodOf(key)
  const field = fields.find(f => f.key === base)
  if (!field) return key
  return days === null ? nameOf(field) : `${nameOf(field)} ${w.lately(days)}`
}
export const isOp = (text: string): text is Op => text in ops
