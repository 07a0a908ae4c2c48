import type { FieldFault } from '#contract/forms.ts'
import { words } from './words.ts'

const w = words({
  missing: ['必填', 'is required'],
  unknown: ['没有这个字段', 'is no field of this form'],
  text: ['要填文字', 'takes text'],
  number: ['要填数字', 'takes a number'],
  choice: ['要从选项里选', 'takes one of its options'],
  date: ['要填日期', 'takes a date'],
  yesno: ['要填是或否', 'takes yes or no'],
  small: ['太小', 'is too small'],
  big: ['太大', 'is too large'],
  long: ['太长', 'is too long'],
  pattern: ['格式不对', 'does not look as it should'],
})

export const faultText = (reason: FieldFault['reason']): string => w[reason]
/** Of a refusal's facts. */
export const refusedField = (f: Record<string, unknown>): string => {
  const known = Object.entries(w).find(([key]) => key === f.reason)
  return `${String(f.label || f.field)} ${known ? known[1] : w.pattern}`
}
