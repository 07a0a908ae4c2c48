import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { type Customer, customers } from '#contract/customers.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconEye } from '../kit/icons.ts'
import { w } from './words.ts'

export type Full = { phone: string | null; email: string | null }

/** Full numbers only for a reason, which is recorded. */
export function Reveal({ customer, shown }: { customer: Pick<Customer, 'id' | 'phone' | 'email'>; shown: (full: Full) => void }) {
  const may = useMay()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
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
        <form
          className="col"
          style={{ width: 264 }}
          onSubmit={e => {
            e.preventDefault()
            if (reason.trim()) void reveal(reason.trim())
          }}
        >
          <div className="row wrap">
            {[w.revealIdentity, w.revealCall, w.revealVisit].map(why => (
              <Button key={why} size="small" loading={acting} onClick={() => void reveal(why)}>
                {why}
              </Button>
            ))}
          </div>
          <Input autoFocus value={reason} maxLength={200} aria-label={w.revealWhy} onChange={e => setReason(e.target.value)} />
          <div className="row">
            <Button type="primary" size="small" htmlType="submit" disabled={!reason.trim()} loading={acting}>
              {w.reveal}
            </Button>
            <span className="t3 f12">{w.revealLogged}</span>
          </div>
        </form>
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
