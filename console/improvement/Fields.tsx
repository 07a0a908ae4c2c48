import { Form, Input } from 'antd'
import { PersonSelect } from '../app/people.tsx'
import { s } from './standards.words.ts'
import { w } from './words.ts'

/** What its forms have in common: the name in both languages, a text, who answers for it, until when. */
export function Names() {
  return (
    <>
      <Form.Item name="name" label={s.name} rules={[{ required: true, whitespace: true, message: s.must }]}>
        <Input maxLength={80} autoFocus />
      </Form.Item>
      <Form.Item name="nameEn" label={s.nameEn}>
        <Input maxLength={80} />
      </Form.Item>
    </>
  )
}

export function TextField({ label, max = 4000, rows = 2 }: { label: string; max?: number; rows?: number }) {
  return (
    <Form.Item name="text" label={label}>
      <Input.TextArea maxLength={max} autoSize={{ minRows: rows, maxRows: rows + 8 }} />
    </Form.Item>
  )
}

export function OwnerField() {
  return (
    <Form.Item name="ownerId" label={w.owner}>
      <PersonSelect placeholder={w.nobody} />
    </Form.Item>
  )
}

/** A day; due at its end of work. */
export function DueField() {
  return (
    <Form.Item name="due" label={w.due}>
      <Input type="date" style={{ width: 180 }} />
    </Form.Item>
  )
}
export const dueAt = (day: string) => new Date(`${day}T17:00`)
