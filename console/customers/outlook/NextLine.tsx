import { Link } from '@tanstack/react-router'
import type { Outlook } from '#contract/outlook.ts'
import { IconArrowRight } from '../../kit/icons.ts'
import { placeOf, presses, stepDetail, stepWord } from './steps.ts'
import { w } from './words.ts'

/** The first of what is best done next, beside a talk. */
export function NextLine({ customerId, next }: { customerId: string; next: Outlook['next'] }) {
  const [step] = next
  if (!step) return null
  const place = placeOf(step) ?? { to: `/customers/${customerId}` }
  return (
    <Link {...(place as { to: string })} className={`nextline note f12 ${presses(step) ? 'wa' : ''}`} title={w.next}>
      <IconArrowRight size={14} stroke={1.75} />
      <span className="m5 nowrap">{stepWord(step)}</span>
      <span className="t3 cut grow">{stepDetail(step)}</span>
    </Link>
  )
}
