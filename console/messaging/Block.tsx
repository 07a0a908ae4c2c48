import { Button, Form, Input, Modal, Segmented, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import { blocks } from '#contract/blocks.ts'
import type { Conversation } from '#contract/messaging.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconShield } from '../kit/icons.ts'
import { tell } from '../kit/tell.tsx'
import { words } from '../kit/words.ts'

const w = words({
  block: ['屏蔽访客', 'Block visitor'],
  blockNumber: ['屏蔽此号码', 'Block this number'],
  propose: ['提议屏蔽', 'Propose a block'],
  visitor: ['此浏览器', 'This browser'],
  customer: ['此客户', 'This customer'],
  address: ['此网络地址', 'This address'],
  kind: ['范围', 'Scope'],
  reason: ['原因', 'Reason'],
  reasonHint: ['班长和审计会看到', 'Leaders and the audit see it'],
  days: ['时长', 'For'],
  inDays: [(n: number) => `${n} 天`, (n: number) => (n === 1 ? '1 day' : `${n} days`)],
  required: ['请填写', 'Fill this in'],
  done: ['已屏蔽', 'Blocked'],
  proposed: ['已提议，等班长处理', 'Proposed, a leader decides'],
})

type Kind = 'visitor' | 'customer' | 'address'
type Given = { reason: string; days: number }
const untilOf = ({ days }: Given) => new Date(Date.now() + days * 86_400_000)

/** Whoever only makes trouble is kept from the agents for a while: by a leader at once, proposed by anybody else. */
export function BlockVisitor({ c }: { c: Conversation }) {
  const mayDecide = useMay()('conversation:supervise')
  const { act, acting } = useAct(blocks.block, { also: ['blocks'] })
  return (
    <Asking<Given & { kind: Kind }>
      name={mayDecide ? w.block : w.propose}
      done={mayDecide ? w.done : w.proposed}
      acting={acting}
      first={{ kind: 'visitor', days: 7, reason: '' }}
      save={given => act({ id: c.id, body: { kind: given.kind, reason: given.reason, until: untilOf(given) } })}
    >
      <Form.Item name="kind" label={w.kind}>
        <Segmented<Kind>
          options={[
            { value: 'visitor', label: w.visitor },
            ...(c.customerId ? [{ value: 'customer' as const, label: w.customer }] : []),
            { value: 'address', label: w.address },
          ]}
        />
      </Form.Item>
    </Asking>
  )
}

/** The same for the number that called. */
export function BlockCaller({ callId }: { callId: string }) {
  const mayDecide = useMay()('voice:supervise')
  const { act, acting } = useAct(blocks.caller, { also: ['blocks'] })
  return (
    <Asking<Given>
      name={mayDecide ? w.blockNumber : w.propose}
      done={mayDecide ? w.done : w.proposed}
      acting={acting}
      first={{ days: 7, reason: '' }}
      save={given => act({ id: callId, body: { reason: given.reason, until: untilOf(given) } })}
    />
  )
}

type Asked<G> = { name: string; done: string; acting: boolean; first: G; save: (given: G) => Promise<unknown>; children?: ReactNode }

/** For how long, and why. */
function Asking<G extends Given>({ name, done, acting, first, save, children }: Asked<G>) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<G>()
  const ask = async () => {
    if (!(await save(await form.validateFields()))) return
    tell(done)
    setOpen(false)
  }
  return (
    <>
      <Tooltip title={name}>
        <Button size="small" aria-label={name} icon={<IconShield size={16} stroke={1.75} />} onClick={() => setOpen(true)} />
      </Tooltip>
      <Modal
        open={open}
        title={name}
        okText={name}
        okButtonProps={{ loading: acting }}
        onOk={() => void ask().catch(() => {})}
        onCancel={() => setOpen(false)}
        width={440}
        destroyOnHidden
      >
        <Form<G> form={form} layout="vertical" initialValues={first} requiredMark={false}>
          {children}
          <Form.Item name="days" label={w.days}>
            <Segmented options={[1, 7, 30, 365].map(value => ({ value, label: w.inDays(value) }))} />
          </Form.Item>
          <Form.Item
            name="reason"
            label={w.reason}
            extra={w.reasonHint}
            rules={[{ required: true, whitespace: true, message: w.required }]}
          >
            <Input.TextArea rows={2} maxLength={200} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
