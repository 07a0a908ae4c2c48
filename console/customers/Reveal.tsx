import { Button, Popover } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type * as z from 'zod'
import { type Customer, customers } from '#contract/customers.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconEye } from '../kit/icons.ts'
import { w } from './words.ts'

const RevealForm = lazy(() => import('./RevealForm.tsx'))

export type Full = z.output<typeof customers.reveal.reply>

/** Full numbers only for a reason, which is recorded. */
export function Reveal({ customer, shown }: { customer: Pick<Customer, 'id' | 'phone' | 'email'>; shown: (full: Full) => void }) {
  const may = useMay()
  const [open, setOpen] = useState(false)
  const { act, acting } = useAct(customers.reveal)
  if (!may('customer:reveal') || (customer.phone === null && customer.email === null)) return null
  const reveal = async (why: string) => {
    const full = await act({ id: customer.id, body: { reason: why } })
    if (!full) return
    setOpen(false)
    shown(full)
  }
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      title={w.revealWhy}
      content={
        <Suspense>
          <RevealForm reveal={why => void reveal(why)} acting={acting} />
        </Suspense>
      }
    >
      <Button
        type="link"
        size="small"
        icon={<IconEye size={14} />}
        style={{ paddingInline: 4, height: 24, marginBlock: -3, fontSize: 'inherit' }}
      >
        {w.reveal}
      </Button>
    </Popover>
  )
}
