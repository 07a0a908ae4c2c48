import { Button, Form, Input, Modal, Segmented, Tooltip } from 'antd'
import { useState } from 'react'
import { blocks } from '#contract/blocks.ts'
import type { Conversation } from '#contract/messaging.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconShield } from '../kit/icons.ts'
import { tell } from '../kit/tell.tsx'
import { words } from '../kit/words.ts'

const w = words({
  block: ['屏蔽访客', 'Block visitor'],
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
type Given = { kind: Kind; reason: string; days: number }

/** Whoever only makes trouble is kept from the agents for a while: by a leader at once, proposed by anybody else. */
export function BlockVisitor({ c }: { c: Conversation }) {
  const mayDecide = useMay()('conversation:supervise')
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Given>()
  const { act, acting } = useAct(blocks.block, { also: ['blocks'] })
  const name = mayDecide ? w.block : w.propose
  const save = async () => {
    const { kind, reason, days } = await form.validateFields()
    const until = new Date(Date.now() + days * 86_400_000)
    if (!(await act({ id: c.id, body: { kind, reason, until } }))) return
    tell(mayDecide ? w.done : w.proposed)
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
        onOk={() => void save().catch(() => {})}
        onCancel={() => setOpen(false)}
        width={440}
        destroyOnHidden
      >
        <Form form={form} layout="vertical" initialValues={{ kind: 'visitor', days: 7, reason: '' }} requiredMark={false}>
          <Form.Item name="kind" label={w.kind}>
            <Segmented<Kind>
              options={[
                { value: 'visitor', label: w.visitor },
                ...(c.customerId ? [{ value: 'customer' as const, label: w.customer }] : []),
                { value: 'address', label: w.address },
              ]}
            />
          </Form.Item>
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
