import { Alert, Input, Modal } from 'antd'
import { useState } from 'react'
import type { Customer } from '#contract/customers.ts'
import { type ErasurePreview, privacy } from '#contract/privacy.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { yuan } from '../../kit/time.ts'
import { language } from '../../kit/words.ts'
import { p } from './words.ts'

const count = (n: number) => n.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB')
const named = ({ name, nameEn }: { name: string; nameEn: string }) => (language() === 'zh' ? name : nameEn)
const blockWord = (block: ErasurePreview['blocks'][number]): string =>
  block.kind === 'open'
    ? p.open(named(block), count(block.n))
    : block.kind === 'due'
      ? p.due(yuan(block.n))
      : block.kind === 'hold'
        ? `${p.held} ${block.name}`
        : p.erasing

/** What would go and what is in the way; confirmed by typing the number. */
export default function Erase({ customer, close }: { customer: Pick<Customer, 'id' | 'name'>; close: () => void }) {
  const { id } = customer
  const { data, error, refetch } = useFetch(privacy.preview, { id }, { keep: false })
  const [number, setNumber] = useState('')
  const [reason, setReason] = useState('')
  const erase = useAct(privacy.erase, {
    done: () => {
      close()
      tell(p.erasedBegun)
    },
  })
  const ready = data !== undefined && data.blocks.length === 0 && number.trim() === data.number && reason.trim() !== ''
  return (
    <Modal
      open
      title={p.eraseTitle(customer.name)}
      onCancel={close}
      okText={p.erase}
      okButtonProps={{ danger: true, disabled: !ready, loading: erase.acting }}
      onOk={() => void erase.act({ id, body: { number: number.trim(), reason: reason.trim() } })}
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting rows={6} />}
      {data && (
        <div className="col" style={{ gap: 12 }}>
          <p className="t2" style={{ margin: 0 }}>
            {p.eraseHint}
          </p>
          {data.blocks.length > 0 && (
            <Alert
              type="warning"
              showIcon
              title={p.blocked}
              description={data.blocks.map(block => <div key={`${block.kind}${block.nameEn}`}>{blockWord(block)}</div>)}
            />
          )}
          <section aria-label={p.goes} style={{ maxHeight: 220, overflow: 'auto' }}>
            {data.holdings.map(holding => (
              <div key={`${holding.table}${holding.name}`} className="row">
                <span className="grow cut">{named(holding)}</span>
                {holding.files > 0 && <span className="t3 f12 nowrap">{p.files(count(holding.files))}</span>}
                <b className="m5">{count(holding.rows)}</b>
                <span className="t3 f12 nowrap" style={{ width: 64 }}>
                  {p[holding.becomes]}
                </span>
              </div>
            ))}
          </section>
          {data.taken.n > 0 && <span className="t3 f12">{p.taken(count(data.taken.n))}</span>}
          {data.declined > 0 && <span className="t3 f12">{p.declined}</span>}
          {data.blocks.length === 0 && (
            <>
              <div className="col">
                {p.why}
                <Input
                  aria-label={p.why}
                  value={reason}
                  maxLength={300}
                  placeholder={p.whyHint}
                  onChange={e => setReason(e.target.value)}
                />
              </div>
              <div className="col">
                {p.typeNumber(data.number)}
                <Input aria-label={p.typeNumber(data.number)} value={number} maxLength={40} onChange={e => setNumber(e.target.value)} />
              </div>
            </>
          )}
        </div>
      )}
    </Modal>
  )
}
