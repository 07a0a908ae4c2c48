import { Customer } from '#contract/customers.ts'
import type { TimelineEntry } from '#contract/timeline.ts'
import { tierWord } from '../kit/parts.tsx'
import { careWord, fieldWord, kindWord, w } from './words.ts'

/** What was written over, and with what. */
export function Changes({ of }: { of: TimelineEntry['changes'] }) {
  return of.map(({ field, was, is }) => (
    <p key={field} className="prose">
      {of.length > 1 && <span className="t3">{fieldWord(field)} </span>}
      <span className="t3">{listed(field, was)}</span>
      <span className="t3" role="img" aria-label={w.becomes}>
        {' → '}
      </span>
      {listed(field, is)}
    </p>
  ))
}

const listed = (field: string, values: readonly string[]): string => values.map(value => wordOf(field, value)).join(w.and) || '–'

const { tier, kind, care } = Customer.shape
function wordOf(field: string, value: string): string {
  if (field === 'tier') return told(tier.safeParse(value), tierWord) ?? value
  if (field === 'kind') return told(kind.safeParse(value), kindWord) ?? value
  if (field === 'care') return told(care.element.safeParse(value), careWord) ?? value
  return value
}
/** One that a newer server knows stands as it is. */
const told = <V,>({ data }: { data?: V | undefined }, word: (value: V) => string) => (data === undefined ? undefined : word(data))
