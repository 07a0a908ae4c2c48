import { Button, Input, Modal } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { Customer } from '#contract/customers.ts'
import { privacy } from '#contract/privacy.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { IconDots } from '../../kit/icons.ts'
import { Menu, type MenuItem } from '../../kit/Menu.tsx'
import { tell } from '../../kit/tell.tsx'
import { language } from '../../kit/words.ts'
import { p } from './words.ts'

const Erase = lazy(() => import('./Erase.tsx'))

type Asking = { customer: Pick<Customer, 'id' | 'name'>; above: readonly MenuItem[] }
/** What a person may ask for by law: their data, their erasure; and what is kept because of a dispute. `above`: what else is done with a file that is not erased. */
export default function PrivacyMenu({ customer, above }: Asking) {
  const { id } = customer
  const { data } = useFetch(privacy.state, { id }, { keep: false })
  const [asked, setAsked] = useState<'package' | 'hold' | 'erase' | null>(null)
  const close = () => setAsked(null)
  const pack = useAct(privacy.package, {
    done: () => {
      close()
      tell(p.packageBegun)
    },
  })
  const hold = useAct(privacy.hold, { done: close })
  if (!data) return null
  if (data.erasedAt) return <span className="tag wr">{data.erasing ? p.erasing : p.erased}</span>
  return (
    <>
      {data.hold && (
        <span className="tag wa" title={data.hold.reason}>
          {p.held}
        </span>
      )}
      <Menu
        items={[
          ...above,
          { key: 'package', label: p.package, onClick: () => setAsked('package') },
          data.hold
            ? { key: 'hold', label: p.holdOff, onClick: () => void hold.act({ id, body: { on: false, reason: '' } }) }
            : { key: 'hold', label: p.hold, onClick: () => setAsked('hold') },
          { type: 'divider' },
          { key: 'erase', label: p.erase, onClick: () => setAsked('erase') },
        ]}
      >
        <Button icon={<IconDots size={16} stroke={1.75} />} aria-label={p.more} />
      </Menu>
      {asked === 'package' && (
        <Why
          title={p.packageTitle}
          hint={p.packageHint}
          go={p.packageGo}
          acting={pack.acting}
          close={close}
          done={reason => void pack.act({ id, body: { reason, language: language() } })}
        />
      )}
      {asked === 'hold' && (
        <Why
          title={p.hold}
          hint={p.holdHint}
          go={p.hold}
          acting={hold.acting}
          close={close}
          done={reason => void hold.act({ id, body: { on: true, reason } })}
        />
      )}
      {asked === 'erase' && (
        <Suspense>
          <Erase customer={customer} close={close} />
        </Suspense>
      )}
    </>
  )
}

type Asked = { title: string; hint: string; go: string; acting: boolean; close: () => void; done: (reason: string) => void }
function Why({ title, hint, go, acting, close, done }: Asked) {
  const [reason, setReason] = useState('')
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      okText={go}
      okButtonProps={{ disabled: reason.trim() === '', loading: acting }}
      onOk={() => done(reason.trim())}
    >
      <p className="t2">{hint}</p>
      <div className="col">
        {p.why}
        <Input autoFocus aria-label={p.why} value={reason} maxLength={300} onChange={e => setReason(e.target.value)} />
      </div>
    </Modal>
  )
}
