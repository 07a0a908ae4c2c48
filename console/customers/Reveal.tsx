import { Button } from 'antd'
import { lazy } from 'react'
import type * as z from 'zod'
import { type Customer, customers } from '#contract/customers.ts'
import type { SensitiveField } from '#contract/sensitive.ts'
import { useMay } from '../app/me.ts'
import { Beside } from '../kit/Beside.tsx'
import { useAct } from '../kit/data.ts'
import { IconEye } from '../kit/icons.ts'
import { useMasking } from './masking.ts'
import { w } from './words.ts'

const RevealForm = lazy(() => import('./RevealForm.tsx'))

export type Full = z.output<typeof customers.reveal.reply>
const numbers = ['phone', 'email', 'wechat'] as const

/** Whether all numbers are revealed at the head of the file; of whom there is but an account, that is revealed where it stands. */
export function useRevealedAtHead({ phone, email }: Pick<Customer, 'phone' | 'email'>): boolean {
  const mine = useMasking()
  return (phone !== null || email !== null) && numbers.some(field => mine?.fields[field] === 'masked')
}

/** The numbers of a customer in full. */
export function Reveal({ customer, shown }: { customer: Pick<Customer, 'id' | 'phone' | 'email'>; shown: (full: Full) => void }) {
  if (!useRevealedAtHead(customer)) return null
  return <RevealFields customerId={customer.id} shown={shown} />
}

/** What is masked is shown in full at a click, which is recorded; for a reason where the organisation asks for one. */
export function RevealFields({
  customerId,
  fields,
  shown,
}: {
  customerId: string
  fields?: SensitiveField[]
  shown: (full: Full) => void
}) {
  const { act, acting } = useAct(customers.reveal)
  const look = async (why?: string) => {
    const full = await act({ id: customerId, body: { ...(why ? { reason: why } : {}), ...(fields ? { fields } : {}) } })
    if (full) shown(full)
    return full !== undefined
  }
  return <RevealButton look={look} acting={acting} />
}

/** `look` says whether it was shown. */
export function RevealButton({ look, acting }: { look: (why?: string) => Promise<boolean>; acting: boolean }) {
  const may = useMay()
  const mine = useMasking()
  if (!may('customer:reveal') || !mine) return null
  const reveal = async (why?: string, close?: () => void) => {
    if (await look(why)) close?.()
  }
  const button = (
    <Button
      type="link"
      size="small"
      icon={<IconEye size={14} />}
      loading={!mine.askWhy && acting}
      title={w.revealLogged}
      style={{ paddingInline: 4, height: 24, marginBlock: -3, fontSize: 'inherit' }}
      {...(mine.askWhy ? {} : { onClick: () => void reveal() })}
    >
      {w.reveal}
    </Button>
  )
  if (!mine.askWhy) return button
  return (
    <Beside title={w.revealWhy} ask={close => <RevealForm reveal={why => void reveal(why, close)} acting={acting} />}>
      {button}
    </Beside>
  )
}

/** Nothing to show: there is none, or it is hidden from the role. Nothing is said before it is known which. */
export function NoNumber() {
  const mine = useMasking()
  return mine ? <span className="t3">{mine.fields.phone === 'hidden' ? w.numberHidden : w.noPhone}</span> : null
}
