import { stars } from '#contract/addresses.ts'
import { type FieldFault, type FormValues, fieldFault, filledOnly, isEmptyValue } from '#contract/forms.ts'
import type { OwnFieldShown } from '#contract/ownFields.ts'
import { valueSeen } from './access.ts'

type Change =
  | { after: FormValues; keys: string[] }
  | { code: 'customer.field_closed' | 'customer.field_invalid'; fault: { field: string; label: string; reason: string } }

/** What is sent laid over what was there, if its forms allow it and the actor writes each of those it changes. Pure. */
export function ownChange(seen: readonly OwnFieldShown[], before: FormValues, given: FormValues): Change {
  const sent = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, asItWas(seen, key, value, before[key])]))
  const keys = Object.keys(sent).filter(key => (isEmptyValue(sent[key]) ? !isEmptyValue(before[key]) : sent[key] !== before[key]))
  // A field that one does not see is answered like one that is not there.
  for (const key of Object.keys(sent)) {
    const field = seen.find(f => f.key === key)
    if (!field) return { code: 'customer.field_invalid', fault: { field: key.slice(0, 40), label: '', reason: 'unknown' } }
    if (!field.mayWrite && keys.includes(key))
      return { code: 'customer.field_closed', fault: { field: key, label: field.label, reason: 'closed' } }
  }
  // What stands there since before a rule was made, or was only shown, is not the fault of whoever changes something else.
  const asked = seen.filter(({ key, mayWrite }) => key in sent && mayWrite && (keys.includes(key) || isEmptyValue(sent[key])))
  const fault = fieldFault(asked, Object.fromEntries(asked.map(({ key }) => [key, sent[key]]))) ?? maskedFault(asked, sent)
  if (fault) return { code: 'customer.field_invalid', fault }
  return { after: filledOnly({ ...before, ...sent }), keys }
}

/** A value that comes back masked, as it was shown, is the one that stands there. */
const asItWas = (seen: readonly OwnFieldShown[], key: string, value: unknown, before: unknown): unknown => {
  const field = seen.find(f => f.key === key)
  return field?.masked && !isEmptyValue(before) && value === valueSeen(field, before) ? before : value
}

/** A text of which not all was shown, changed in what was: the rest of it is known to nobody. */
function maskedFault(asked: readonly OwnFieldShown[], sent: FormValues): FieldFault | null {
  const field = asked.find(({ key, masked }) => masked && typeof sent[key] === 'string' && sent[key].includes(stars))
  return field ? { field: field.key, label: field.label, reason: 'pattern' } : null
}
