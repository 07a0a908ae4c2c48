import type { FormValues } from '#contract/forms.ts'
import { disputed, type Meanwhile, merge } from '../../kit/merge.ts'

/** Two editors of a form within a form: what only one of them changed is no dispute, field by field. */
export function fieldByField<V extends { fields: FormValues }>({ base, mine, theirs }: Meanwhile<V>): Meanwhile<V> {
  const keys = [...new Set([base, mine, theirs].flatMap(side => Object.keys(side.fields)))]
  const whole = (fields: FormValues): FormValues => Object.fromEntries(keys.map(key => [key, fields[key] ?? null]))
  const inner = { base: whole(base.fields), mine: whole(mine.fields), theirs: whole(theirs.fields) }
  const isAgreed = disputed(inner).length === 0
  return { base: isAgreed ? { ...base, fields: theirs.fields } : base, mine: { ...mine, fields: merge(inner) }, theirs }
}
