import type * as z from 'zod'
import type { MergeChoice, MergeField, NewMerge } from '#contract/duplicates.ts'

/** What a merging may change in the kept file's row; times as ISO text, so that what was written down compares with what stands. */
export type Values = {
  name: string
  kind: 'person' | 'organisation'
  tier: 'normal' | 'silver' | 'gold' | 'key'
  phone: string | null
  phoneTyped: string | null
  email: string | null
  address: string
  district: string
  postCode: string
  note: string
  tags: string[]
  care: ('elderly' | 'disabled' | 'infant' | 'medical')[]
  balanceDue: number
  since: string
  lastContactAt: string | null
  ownerId: string | null
  stage: string
  fields: Record<string, unknown>
}
type Choices = Pick<z.output<typeof NewMerge>, 'choices' | 'fields'>

const isEmpty = (value: unknown) => value === null || value === undefined || value === ''
const said = { name: 'name', kind: 'kind', tier: 'tier', phone: 'phone', email: 'email', address: 'address', note: 'note', ownerId: 'ownerId', stage: 'stage' } as const satisfies Record<MergeField, keyof Values> // biome-ignore format: as a table

/** Whose word counts where nobody chose: the kept file's, or the other's where it has none. Notes are kept both. */
export function sideOf(field: MergeField, kept: Values, gone: Values, choices: Choices['choices']): MergeChoice {
  const usual = isEmpty(kept[said[field]]) ? 'gone' : field === 'note' && !isEmpty(gone.note) && gone.note !== kept.note ? 'both' : 'kept'
  const chosen = choices[field] ?? usual
  return chosen === 'both' && field !== 'note' ? 'kept' : chosen
}

/** What the kept file says afterwards. */
export function together(kept: Values, gone: Values, { choices, fields }: Choices): Values {
  const of = (field: MergeField) => (sideOf(field, kept, gone, choices) === 'gone' ? gone : kept)
  // Whole, however long that gets: what is cut here is nowhere any more.
  const note = sideOf('note', kept, gone, choices) === 'both' ? [kept.note, gone.note].filter(Boolean).join('\n') : of('note').note
  const { address, district, postCode } = of('address')
  const { phone, phoneTyped } = of('phone')
  return {
    ...{ name: of('name').name, kind: of('kind').kind, tier: of('tier').tier, email: of('email').email, ownerId: of('ownerId').ownerId, stage: of('stage').stage },
    ...{ note, address, district, postCode, phone, phoneTyped },
    tags: [...new Set([...kept.tags, ...gone.tags])],
    care: [...new Set([...kept.care, ...gone.care])],
    balanceDue: kept.balanceDue + gone.balanceDue,
    since: kept.since < gone.since ? kept.since : gone.since,
    lastContactAt: (kept.lastContactAt ?? '') < (gone.lastContactAt ?? '') ? gone.lastContactAt : kept.lastContactAt,
    fields: Object.fromEntries(
      [...new Set([...Object.keys(kept.fields), ...Object.keys(gone.fields)])].map(key => {
        const usual = isEmpty(kept.fields[key]) ? 'gone' : 'kept'
        const [first, second] = (fields[key] ?? usual) === 'gone' ? [gone, kept] : [kept, gone]
        return [key, isEmpty(first.fields[key]) && !(key in fields) ? second.fields[key] : first.fields[key]]
      }),
    ),
  } // biome-ignore format: groups of one kind stand together
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What the kept file says once the other is taken out: as before, but for what was changed since the merging. */
export function apart(now: Values, was: Values, became: Values): Values {
  const back = <K extends keyof Values>(key: K): Values[K] => (same(now[key], became[key]) ? was[key] : now[key])
  const less = <T>(key: { now: readonly T[]; was: readonly T[]; became: readonly T[] }): T[] =>
    same(key.now, key.became) ? [...key.was] : key.now.filter(one => !key.became.includes(one) || key.was.includes(one))
  return {
    name: back('name'),
    kind: back('kind'),
    tier: back('tier'),
    phone: back('phone'),
    phoneTyped: same(now.phone, became.phone) ? was.phoneTyped : now.phoneTyped,
    email: back('email'),
    address: back('address'),
    district: back('district'),
    postCode: back('postCode'),
    note: back('note'),
    tags: less({ now: now.tags, was: was.tags, became: became.tags }),
    care: less({ now: now.care, was: was.care, became: became.care }),
    // Its own: what both owed is counted anew where there are books.
    balanceDue: was.balanceDue,
    since: back('since'),
    lastContactAt: back('lastContactAt'),
    ownerId: back('ownerId'),
    stage: back('stage'),
    fields: Object.fromEntries(
      Object.keys({ ...was.fields, ...now.fields }).flatMap(key => {
        if (!same(now.fields[key], became.fields[key])) return key in now.fields ? [[key, now.fields[key]]] : []
        return key in was.fields ? [[key, was.fields[key]]] : []
      }),
    ),
  }
}

/** Of which something is different, by the names the time line knows. */
export const changedIn = (before: Values, after: Values): (keyof Values)[] =>
  (Object.keys(before) as (keyof Values)[]).filter(key => key !== 'phoneTyped' && !same(before[key], after[key]))

export type Consent = { purpose: string; channel: string; given: boolean; until: string | null }
/** The stricter word of those that still stand, the longer of two refusals: who refused once is not written to because the other file knew nothing of it. Null: nothing changes. */
export function stricter<C extends Consent>(kept: C | undefined, gone: C, now: Date): C | null {
  const isOver = ({ until }: C) => until !== null && new Date(until) <= now
  if (isOver(gone)) return null
  if (kept === undefined || isOver(kept)) return gone
  if (kept.given !== gone.given) return kept.given ? gone : null
  return kept.given ? null : quieter(kept, gone)
}
/** Whoever asked to be left alone is, as long as either file says. Null: nothing changes. */
export const quieter = <U extends { until: string | null }>(kept: U | undefined, gone: U): U | null =>
  kept === undefined || (kept.until !== null && (gone.until === null || new Date(gone.until) > new Date(kept.until))) ? gone : null
