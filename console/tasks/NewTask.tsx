import { Form, Input, Select } from 'antd'
import { tasks } from '#contract/tasks.ts'
import { useMe } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { tell } from '../kit/tell.tsx'
import { useEveryone } from './people.ts'
import { w } from './words.ts'

type Values = { title: string; text: string; ownerId: string | null; due: string }

/** A task of one's own or for a colleague, about a customer when it begins there. */
export default function NewTask({ customer, close }: { customer?: { id: string; name: string }; close: () => void }) {
  const me = useMe()
  const { options } = useEveryone()
  const save = async ({ title, text, ownerId, due }: Values) => {
    await call(tasks.open, {
      body: { title, text: text ?? '', ownerId: ownerId ?? null, dueAt: due ? new Date(due) : null, customerId: customer?.id ?? null },
    })
    await Promise.all(['tasks', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
    tell(w.added)
  }
  return (
    <FormDrawer<Values>
      open
      title={w.taskTitle}
      values={{ title: '', text: '', ownerId: me?.user.id ?? null, due: tomorrow() }}
      save={save}
      close={close}
    >
      {customer && (
        <p className="t3" style={{ marginBottom: 12 }}>
          {w.customer} <b className="m5">{customer.name}</b>
        </p>
      )}
      <Form.Item name="title" label={w.title} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <Form.Item name="text" label={w.text}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="ownerId" label={w.owner}>
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={w.nobody} options={options} />
      </Form.Item>
      <Form.Item name="due" label={w.due}>
        <Input type="datetime-local" style={{ width: 220 }} />
      </Form.Item>
    </FormDrawer>
  )
}

/** Tomorrow at five, as the field of the browser writes it. */
function tomorrow(): string {
  const at = new Date()
  at.setDate(at.getDate() + 1)
  at.setHours(17, 0, 0, 0)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}
