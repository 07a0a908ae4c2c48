import { Form, Input, Select } from 'antd'
import { tasks } from '#contract/tasks.ts'
import { useMe } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { tell } from '../kit/tell.tsx'
import { localTime } from './typed.ts'
import { w } from './words.ts'
import '../kit/page.css'

type Values = { title: string; text: string; ownerId: string | null; span: string; due: string; list: string }

/** A task of one's own or for a colleague, about a customer when it begins there. */
export default function NewTask({
  customer,
  close,
  opened,
}: {
  customer?: { id: string; name: string }
  close: () => void
  opened?: (task: { id: string; ownerId: string | null }) => void
}) {
  const me = useMe()
  const [form] = Form.useForm<Values>()
  const span = Form.useWatch('span', form) ?? '480'
  const save = async ({ title, text, ownerId, due, list }: Values) => {
    const minutes = Number(span)
    const task = await call(tasks.open, {
      body: {
        title,
        text: text ?? '',
        ownerId: ownerId ?? null,
        ...(minutes > 0 ? { minutes } : { dueAt: span === 'at' && due ? new Date(due) : null }),
        customerId: customer?.id ?? null,
        items: (list ?? '')
          .split('\n')
          .map(line => line.trim())
          .filter(Boolean)
          .map(line => ({ text: line.replace(/^[!！]\s*(?=.)/, ''), required: /^[!！]./.test(line) })),
      },
    })
    await Promise.all(['tasks', 'work', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
    tell(w.added)
    opened?.(task)
  }
  return (
    <FormDrawer<Values>
      open
      form={form}
      title={w.taskTitle}
      values={{ title: '', text: '', ownerId: me?.user.id ?? null, span: '480', due: tomorrow(), list: '' }}
      save={save}
      close={close}
    >
      {customer && (
        <p className="t3" style={{ marginBottom: 12 }}>
          {w.customer} <b className="m5">{customer.name}</b>
        </p>
      )}
      <Form.Item name="title" label={w.title} validateTrigger="onChange" rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <Form.Item name="text" label={w.text}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="ownerId" label={w.owner}>
        <PersonSelect placeholder={w.nobody} />
      </Form.Item>
      <div className="two">
        <Form.Item name="span" label={w.due}>
          <Select
            options={[
              { value: '240', label: w.fourHours },
              { value: '480', label: w.oneWorkday },
              { value: '1440', label: w.threeWorkdays },
              { value: 'at', label: w.exactly },
              { value: 'none', label: w.noDue },
            ]}
          />
        </Form.Item>
        <Form.Item name="due" label={w.exactly} hidden={span !== 'at'}>
          <Input type="datetime-local" />
        </Form.Item>
      </div>
      <Form.Item name="list" label={w.items} extra={w.itemsHint}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
    </FormDrawer>
  )
}

/** Tomorrow at five, as the field of the browser writes it. */
function tomorrow(): string {
  const at = new Date()
  at.setDate(at.getDate() + 1)
  at.setHours(17, 0, 0, 0)
  return localTime(at)
}
