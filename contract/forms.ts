import * as z from 'zod'
import { Words } from './endpoint.ts'

/** A field of a form that the organisation makes itself: of a kind of ticket, of a kind of record, of the customer's file. */
export const FormField = z.object({
  key: z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/),
  label: Words(40),
  labelEn: z.string().max(60).default(''),
  type: z.enum(['text', 'number', 'choice', 'date', 'yesno']),
  options: z.array(z.object({ value: Words(40), label: Words(60), labelEn: z.string().max(60).default('') })).default([]),
  required: z.boolean().default(false),
  /** A line below the field. */
  help: z.string().trim().max(200).default(''),
  helpEn: z.string().trim().max(200).default(''),
})
export type FormField = z.output<typeof FormField>
export const FormValues = z.record(z.string().max(40), z.unknown())
export type FormValues = z.output<typeof FormValues>

/** What a text can be asked to look like. The house's own: a pattern that somebody types could keep the server busy for ever. */
export const TextPattern = z.enum(['digits', 'code', 'plate', 'idCard', 'creditCode', 'email'])
export type TextPattern = z.output<typeof TextPattern>

/** What is asked of a value beside its type; null asks nothing. */
export const FieldRules = z.object({
  min: z.number().nullable().default(null),
  max: z.number().nullable().default(null),
  longest: z.int().min(1).max(2000).nullable().default(null),
  pattern: TextPattern.nullable().default(null),
})
type Ruled = FormField & Partial<z.output<typeof FieldRules>>

export type FormFault = { reason: 'field_twice' | 'options_missing' | 'option_twice'; label: string }

/** What is wrong with the form itself: a key or a choice that stands twice, a choice without anything to choose. */
export function formFault(fields: readonly FormField[]): FormFault | null {
  const keys = new Set<string>()
  for (const { key, label, type, options } of fields) {
    if (keys.has(key)) return { reason: 'field_twice', label }
    keys.add(key)
    if (type === 'choice' && options.length === 0) return { reason: 'options_missing', label }
    if (new Set(options.map(o => o.value)).size < options.length) return { reason: 'option_twice', label }
  }
  return null
}

export type FieldFault = {
  field: string
  label: string
  reason: 'missing' | 'unknown' | 'text' | 'number' | 'choice' | 'date' | 'yesno' | 'small' | 'big' | 'long' | 'pattern'
}

export const isEmptyValue = (value: unknown): boolean => value === undefined || value === null || value === ''

/** What the form says about these values: the first fault, or null. */
export function fieldFault(fields: readonly Ruled[], values: FormValues): FieldFault | null {
  const unknown = Object.keys(values).find(key => !fields.some(f => f.key === key))
  if (unknown !== undefined) return { field: unknown.slice(0, 40), label: '', reason: 'unknown' }
  for (const field of fields) {
    const value = values[field.key]
    const empty = isEmptyValue(value)
    const at = { field: field.key, label: field.label }
    if (empty && field.required) return { ...at, reason: 'missing' }
    if (empty) continue
    if (!fits(field, value)) return { ...at, reason: field.type }
    const broken = brokenRule(field, value)
    if (broken) return { ...at, reason: broken }
  }
  return null
}

/** What is kept of a form: nothing is nothing. */
export const filledOnly = (values: FormValues): FormValues => Object.fromEntries(Object.entries(values).filter(([, v]) => !isEmptyValue(v)))

function fits(field: FormField, value: unknown): boolean {
  switch (field.type) {
    case 'text':
      return typeof value === 'string' && value.length <= 2000
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'choice':
      return field.options.some(o => o.value === value)
    case 'yesno':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && isDate(value)
  }
}

const isDate = (text: string) => {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

function brokenRule({ min, max, longest, pattern }: Ruled, value: unknown): 'small' | 'big' | 'long' | 'pattern' | null {
  if (typeof value === 'number') {
    if (typeof min === 'number' && value < min) return 'small'
    if (typeof max === 'number' && value > max) return 'big'
  }
  if (typeof value === 'string') {
    if (typeof longest === 'number' && [...value].length > longest) return 'long'
    if (pattern && !looksLike[pattern](value)) return 'pattern'
  }
  return null
}

const looksLike: Record<TextPattern, (text: string) => boolean> = {
  digits: text => /^\d+$/.test(text),
  code: text => /^[0-9A-Za-z-]+$/.test(text),
  // 普通车牌七位，新能源八位。
  plate: text => /^\p{Script=Han}[A-HJ-NP-Z][0-9A-HJ-NP-Z]{4,5}[0-9A-HJ-NP-Z挂学警港澳]$/u.test(text.replace('·', '')),
  idCard: text => /^\d{17}[\dXx]$/.test(text) && lastOfIdCard(text) === text[17]?.toUpperCase(),
  creditCode: text => /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text) && lastOfCreditCode(text) === text[17],
  email: text => /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(text) && text.length <= 200,
}

/** GB 11643: a weighted sum to the base of eleven. */
function lastOfIdCard(text: string): string | undefined {
  let sum = 0
  for (let n = 0; n < 17; n++) sum += Number(text[n]) * (2 ** (17 - n) % 11)
  return '10X98765432'[sum % 11]
}

/** GB 32100: a weighted sum to the base of thirty-one. */
function lastOfCreditCode(text: string): string | undefined {
  const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  let sum = 0
  for (let n = 0, weight = 1; n < 17; n++, weight = (weight * 3) % 31) sum += signs.indexOf(text[n] ?? '') * weight
  return signs[(31 - (sum % 31)) % 31]
}
