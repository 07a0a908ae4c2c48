import { sql } from 'kysely'
import type { FormValues } from '#contract/forms.ts'
import type { Ctx } from '#kernel/work.ts'
import { sentBack, showsOf } from '../masking/showing.ts'
import { ownFieldsSeen } from '../own/access.ts'
import { maskText } from '../rules.ts'
import type { Known } from './matches.ts'
import { parts } from './places.ts'
import type { Brought } from './take.ts'

const keys = ['phone', 'email', 'address'] as const
type Stood = { id: string; phone: string | null; email: string | null; address: string }

/** As our lists show it to those who do not see it in full: never a number of its own. */
export const isMaskedPhone = (typed: string): boolean => /^\+?\d{2,4}\*{4}\d{4}$/.test(typed)
const isMasked = { phone: isMaskedPhone, email: (text: string) => /^.\*{3}@/.test(text), address: (text: string) => text.endsWith('****') }
export const hasMasked = (said: Brought): boolean => keys.some(key => isMasked[key](said[key]))

/** Of a row about somebody who is there: what only comes back as it was shown is said no more; the rest of it is refused with the reason. */
export type Guard = (said: Brought, before: Pick<Brought, 'phone' | 'email' | 'address'> | undefined, id: string) => string | null

export async function guardOf(ctx: Ctx, rows: readonly { said: Brought }[], known: Known): Promise<Guard> {
  const shows = await showsOf(ctx)
  const hidden = keys.filter(key => shows(key) === 'hidden')
  const stood =
    hidden.length > 0 || rows.some(({ said }) => hasMasked(said))
      ? await standing(ctx, [...new Set([...known.values()].flat().map(match => match.id))])
      : new Map<string, Stood>()
  return (said, brought, id) => {
    const before = brought ?? stood.get(id)
    // Nothing in the table asks what stands there.
    if (!before) return null
    for (const key of keys) {
      if (said[key] === '') continue
      if (said[key] === before[key]) continue
      if (sentBack(shows, key, said[key], before[key])) {
        said[key] = ''
        if (key === 'phone') said.phoneTyped = ''
      } else if (isMasked[key](said[key])) return 'masked'
      else if (!brought && shows(key) === 'hidden') return 'field_hidden'
    }
    // Who does not see where somebody lives does not write it, by its parts neither.
    if (!brought && shows('address') === 'hidden') for (const part of [...parts, 'postCode'] as const) said[part] = ''
    return null
  }
}

async function standing(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, Stood>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Stood>`select id, phone, email, address from customers.customer
    where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row]))
}

/** A cell of the table as whoever brings it sees what it speaks of; a number that is none has only a beginning and an end. */
export async function cellShown(ctx: Ctx): Promise<(field: string, cell: string) => string> {
  const shows = await showsOf(ctx)
  const own = new Set((await ownFieldsSeen(ctx)).flatMap(field => (field.masked ? [`own.${field.key}`] : [])))
  const kindOf = (field: string) => (field === 'phone2' ? 'phone' : addressed.has(field) ? 'address' : field)
  return (field, cell) => {
    const kind = kindOf(field)
    const isShown = own.has(field) ? false : kind === 'phone' || kind === 'email' || kind === 'address' ? shows(kind) === 'shown' : true
    return isShown ? cell : maskText(cell)
  }
}
const addressed: ReadonlySet<string> = new Set([...parts, 'postCode'])

/** Text of an own field that comes back masked, as a list was taken along, says nothing new. */
export const ownSaid = (said: FormValues, before: FormValues): FormValues =>
  Object.fromEntries(
    Object.entries(said).filter(([key, value]) => {
      const was = before[key]
      return typeof was !== 'string' || value !== maskText(was)
    }),
  )

/** The owner is no carer besides. */
