import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { Customer } from '#contract/customers.ts'
import type { NextStep } from '#contract/outlook.ts'
import { IconAlertTriangle, IconArrowRight, IconClipboardCheck, IconHeart, IconPhone, IconShield, IconTicket } from '../../kit/icons.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { CallButton } from '../../voice/CallButton.tsx'
import { useMasking } from '../masking.ts'
import { useOutlook } from './Mood.tsx'
import { placeOf, presses, stepDetail, stepWord } from './steps.ts'
import { w } from './words.ts'

type Who = Pick<Customer, 'id' | 'name' | 'phone'>
/** What the page itself can do for a step. */
export type Acts = Partial<Record<NextStep['code'], () => void>>
const most = 4
const calls: readonly NextStep['code'][] = ['call_back', 'rated_low']

const glyphs: Record<NextStep['code'], ReactNode> = {
  call_back: <IconPhone size={16} />,
  late: <IconAlertTriangle size={16} />,
  overdue: <IconAlertTriangle size={16} />,
  rated_low: <IconPhone size={16} />,
  visit: <IconHeart size={16} />,
  contact: <IconHeart size={16} />,
  neglected: <IconClipboardCheck size={16} />,
  open: <IconTicket size={16} />,
  consent: <IconShield size={16} />,
}

/** What is best done next, the most pressing on top, each with the button that does it. */
export function NextCard({ customer, acts }: { customer: Who; acts: Acts }) {
  const { data, error, refetch } = useOutlook(customer.id)
  return (
    <section className="card nextcard" aria-label={w.next}>
      <header>
        <IconArrowRight size={16} stroke={1.75} />
        <h3>{w.next}</h3>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && (
        <div className="body">
          <Waiting rows={1} />
        </div>
      )}
      {data?.next.length === 0 && <div className="body t3">{w.nothing}</div>}
      {data && data.next.length > 0 && (
        <ul>
          {data.next.slice(0, most).map((step, n) => (
            <Line key={step.code} step={step} customer={customer} acts={acts} top={n === 0} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Line({ step, customer, acts, top }: { step: NextStep; customer: Who; acts: Acts; top: boolean }) {
  const detail = stepDetail(step)
  return (
    <li className={top && presses(step) ? 'presses' : ''}>
      <span className={presses(step) ? 'wac' : 't3'}>{glyphs[step.code]}</span>
      <span className="grow">
        <span className={`cut ${top ? 'm6' : ''}`}>{stepWord(step)}</span>
        {detail && <span className="t3 f12">{detail}</span>}
      </span>
      <StepAct step={step} customer={customer} act={acts[step.code]} />
    </li>
  )
}

function StepAct({ step, customer, act }: { step: NextStep; customer: Who; act: (() => void) | undefined }) {
  const place = placeOf(step)
  const isHidden = useMasking()?.fields.phone === 'hidden'
  if (place)
    return (
      <Link {...(place as { to: string })}>
        <Button size="small">{w.show}</Button>
      </Link>
    )
  if (act)
    return (
      <Button size="small" onClick={act}>
        {step.code === 'consent' ? w.record : step.code === 'neglected' ? w.plan : w.show}
      </Button>
    )
  return calls.includes(step.code) && (customer.phone || isHidden) ? <CallButton who={customer.name} customerId={customer.id} /> : null
}
