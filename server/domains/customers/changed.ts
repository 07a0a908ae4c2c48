import * as z from 'zod'
import type { StandardField } from '#contract/sensitive.ts'
import type { TimelineEntry } from '#contract/timeline.ts'
import type { Shows } from './masking/showing.ts'
import { maskAddress, maskEmail, maskPhone } from './rules.ts'

/** What rules may ask about, as it was before. */
export const asked = ['tier', 'kind', 'district', 'tags'] as const
/** What leads to a person, or says how they are. */
const apart = ['name', 'phone', 'email', 'address', 'postCode', 'note', 'care', 'extId'] as const
type Values = { [K in (typeof asked)[number] | (typeof apart)[number]]?: string | readonly string[] | null }

const text = (value: string | readonly string[] | null | undefined): string =>
  Array.isArray(value) ? value.join(',') : String(value ?? '')
const askedIn = <V extends Values>(fields: readonly string[], values: V) =>
  Object.fromEntries(asked.flatMap(key => (fields.includes(key) && values[key] !== undefined ? [[key, values[key]]] : [])))

/** What is said of a change: in the event what rules ask about, in the personal values what leads to a person, each as it was and as it is. */
export function changeTold<V extends Values>(fields: readonly string[], before: V, after: V) {
  const kept = apart.filter(key => fields.includes(key) && after[key] !== undefined)
  return {
    detail: { fields: [...fields], was: askedIn(fields, before), is: askedIn(fields, after) },
    personal: Object.fromEntries(
      kept.flatMap(key => [
        [key, text(after[key])],
        [`${key}Was`, text(before[key])],
      ]),
    ),
  }
}

const Asked = z.record(z.string(), z.union([z.string(), z.array(z.string())])).catch({})
const Told = z.object({ fields: z.array(z.string()).catch([]), was: Asked.default({}), is: Asked.default({}) })

/**
 * From what to what, as the reader sees such a field elsewhere: nothing of one that is hidden from them or was erased, and nothing where two values have one mask.
 */
export function changesShown(shows: Shows, detail: Record<string, unknown>, personal: Record<string, string>): TimelineEntry['changes'] {
  const told = Told.parse(detail)
  return told.fields.flatMap(field => {
    const was = told.was[field] ?? personal[`${field}Was`]
    const is = told.is[field] ?? personal[field]
    if (was === undefined || is === undefined) return []
    const [from, to] = [shown(shows, field, was), shown(shows, field, is)]
    return from && to && from.join() !== to.join() ? [{ field, was: from, is: to }] : []
  })
}

const rules: Readonly<Record<string, StandardField>> = { phone: 'phone', email: 'email', address: 'address', postCode: 'address' }
const masks: Readonly<Record<string, (value: string) => string | null>> = { phone: maskPhone, email: maskEmail, address: maskAddress }
function shown(shows: Shows, field: string, value: string | string[]): string[] | null {
  if (typeof value !== 'string') return value
  const showing = rules[field] ? shows(rules[field]) : 'shown'
  if (showing === 'hidden') return null
  if (value === '') return []
  if (field === 'care') return value.split(',')
  return [(showing === 'masked' && masks[field]?.(value)) || value]
}
