import { type FieldFault, type FormValues, fieldFault } from '#contract/forms.ts'
import type { DateOrder } from '#contract/imports.ts'
import type { OwnFieldShown } from '#contract/ownFields.ts'
import type { Field } from '#kernel/imports.ts'
import type { Ctx } from '#kernel/work.ts'
import { ownFieldsSeen } from '../own/access.ts'
import { dayOf } from './days.ts'

const start = 'own.'
export const ownKey = (column: string): string => column.slice(start.length)

/** A column for each own field that whoever brings the table may write. */
export async function ownColumns(ctx: Ctx): Promise<Record<string, Field>> {
  const fields = (await ownFieldsSeen(ctx)).filter(field => field.mayWrite)
  return Object.fromEntries(
    fields.map(({ key, label, labelEn, type }): [string, Field] => [
      `${start}${key}`,
      { name: [label, labelEn || label], titles: [key], ...(type === 'date' ? { isDay: true } : {}) },
    ]),
  )
}

const reasons = {
  missing: ['要填', 'To be filled in'],
  unknown: ['没有这个字段', 'There is no such field'],
  text: ['太长', 'Too long'],
  number: ['不是数字', 'Not a number'],
  choice: ['没有这个选项', 'There is no such choice'],
  date: ['日期读不出', 'The date cannot be read'],
  ambiguous: ['可以是两天，请选日期的写法', 'Could be two days; choose how dates are written'],
  yesno: ['只能是“是”或“否”', 'Neither yes nor no'],
  small: ['太小', 'Too small'],
  big: ['太大', 'Too big'],
  long: ['太长', 'Too long'],
  pattern: ['格式不对', 'Not of the right form'],
  closed: ['您不能填写', 'Not yours to fill in'],
} as const satisfies Record<FieldFault['reason'] | 'ambiguous' | 'closed', readonly [string, string]>
type Reason = keyof typeof reasons

/** As codes of rows that were left out: the field is named before it. */
export const ownProblems = Object.fromEntries(Object.entries(reasons).map(([reason, words]) => [`${start}${reason}`, words]))

type Wrong = { code: string; field: readonly [string, string]; column: string }
export const isWrongOwn = (read: object): read is Wrong => 'code' in read && 'field' in read

/** What the cells of one row say of own fields, each in the form in which it is kept; empty cells say nothing. Pure. */
export function readOwn(cells: Readonly<Record<string, string>>, seen: readonly OwnFieldShown[], dates: DateOrder): FormValues | Wrong {
  const said: FormValues = {}
  for (const [key, cell] of Object.entries(cells)) {
    const typed = cell.trim()
    if (typed === '') continue
    const field = seen.find(one => one.key === key)
    const wrong = (reason: Reason): Wrong => ({
      code: `${start}${reason}`,
      column: `${start}${key}`,
      field: field ? [field.label, field.labelEn || field.label] : [key, key],
    })
    if (!field) return wrong('unknown')
    if (!field.mayWrite) return wrong('closed')
    const value = kept(field, typed, dates)
    if (value === null) return wrong(field.type)
    if (value === 'ambiguous') return wrong('ambiguous')
    const fault = fieldFault([field], { [key]: value.is })
    if (fault) return wrong(fault.reason)
    said[key] = value.is
  }
  return said
}

/** Who comes in new has what the columns ask of them. */
export function missingOwn(cells: Readonly<Record<string, string>>, seen: readonly OwnFieldShown[]): Wrong | null {
  const field = seen.find(({ key, required, mayWrite }) => required && mayWrite && cells[key]?.trim() === '')
  return field ? { code: `${start}missing`, column: `${start}${field.key}`, field: [field.label, field.labelEn || field.label] } : null
}

const yes = new Set(['是', '有', '对', '真', '√', '✓', 'y', 'yes', 'true', '1'])
const no = new Set(['否', '无', '没有', '不是', '错', '假', '×', 'n', 'no', 'false', '0'])
const word = (text: string) => text.normalize('NFKC').trim().toLowerCase()
const grouped = /^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$|^[-+]?\.\d+$/

function kept({ type, options }: OwnFieldShown, typed: string, dates: DateOrder): { is: unknown } | 'ambiguous' | null {
  const plain = word(typed)
  switch (type) {
    case 'number':
      return grouped.test(plain) ? { is: Number(plain.replaceAll(',', '')) } : null
    case 'date': {
      const day = dayOf(typed, dates)
      if (typeof day !== 'string') return day.wrong === 'date_ambiguous' ? 'ambiguous' : null
      return { is: day.slice(0, 10) }
    }
    case 'yesno':
      return yes.has(plain) ? { is: true } : no.has(plain) ? { is: false } : null
    case 'choice': {
      // What is kept is meant before what is called so.
      const found = (['value', 'label', 'labelEn'] as const).map(by =>
        options.find(option => option[by] !== '' && word(option[by]) === plain),
      )
      const option = found.find(one => one !== undefined)
      return option ? { is: option.value } : null
    }
    default:
      return { is: typed }
  }
}
