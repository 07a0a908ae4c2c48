import { Form, Input } from 'antd'
import { type TaskWhole, tasks } from '#contract/tasks.ts'
import { PersonSelect } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { localTime } from './typed.ts'
import { w } from './words.ts'

type Values = { title: string; text: string; deputyId: string | null; due: string; reason: string }

export default function ChangeTask({ task, close }: { task: TaskWhole; close: () => void }) {
  const was = task.dueAt ? localTime(task.dueAt) : ''
  const save = async ({ title, text, deputyId, due, reason }: Values) => {
    await call(tasks.change, {
      id: task.id,
      // What the field shows has no seconds: an untouched due time is not sent.
      body: {
        title,
        text: text ?? '',
        deputyId: deputyId ?? null,
        reason: reason ?? '',
        ...(due === was ? {} : { dueAt: due ? new Date(due) : null }),
      },
    })
    await Promise.all(['tasks', 'work', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
  }
  return (
    <FormDrawer<Values>
      open
      title={w.changeTitle}
      values={{ title: task.title, text: task.text, deputyId: task.deputyId, due: was, reason: '' }}
      save={save}
      close={close}
    >
      <Form.Item name="title" label={w.title} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="text" label={w.text}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="due" label={w.due}>
        <Input type="datetime-local" style={{ width: 220 }} />
      </Form.Item>
      <Form.Item name="deputyId" label={w.deputy} extra={w.deputyHint}>
        <PersonSelect />
      </Form.Item>
      <Form.Item name="reason" label={w.reason} extra={w.reasonHint}>
        <Input maxLength={1000} />
      </Form.Item>
    </FormDrawer>
  )
}
