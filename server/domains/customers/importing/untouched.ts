import { type FormValues, filledOnly } from '#contract/forms.ts'
import { fields, type Held, type Was } from './change.ts'
import { placeOf } from './places.ts'

/** What belongs together goes back together, or stays: a number is of no use beside another as it was typed, nor is a pin on another tier. */
const groups = [
  ['phone', 'phoneTyped'],
  ['address', 'postCode', 'place'],
  ['tier', 'pin'],
] as const
const said = (value: unknown) => JSON.stringify(value ?? null)

/** Of what an import changed: that which stands as it wrote it and goes back, and by name what somebody has changed since. What others did besides is not its affair. */
export function untouched(now: Held, was: Was, became: Was): { was: Was; stays: ReadonlySet<string> } {
  const stays = new Set<string>(fields.filter(key => key in was && said(now[key]) !== said(became[key])))
  if ('place' in was && said(now.place && placeOf(now.place)) !== said(became.place && placeOf(became.place))) stays.add('place')
  for (const group of groups) if (group.some(key => stays.has(key))) for (const key of group) stays.add(key)
  const back: Was = Object.fromEntries(Object.entries(was).filter(([key]) => key !== 'fields' && !stays.has(key)))
  if (was.fields) {
    const own = ownUntouched(now.fields, was.fields, became.fields ?? {})
    if (own.back) back.fields = own.back
    for (const key of own.stays) stays.add(`own ${key}`)
  }
  return { was: back, stays }
}

/** Own fields likewise, each for itself. */
function ownUntouched(now: FormValues, was: FormValues, became: FormValues): { back: FormValues | null; stays: string[] } {
  const written = [...new Set([...Object.keys(was), ...Object.keys(became)])].filter(key => said(was[key]) !== said(became[key]))
  const stays = written.filter(key => said(now[key]) !== said(became[key]))
  const back = written.filter(key => !stays.includes(key)).map(key => [key, was[key] ?? null])
  return { back: back.length > 0 ? filledOnly({ ...now, ...Object.fromEntries(back) }) : null, stays }
}
