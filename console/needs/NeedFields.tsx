import { Form, Input } from 'antd'
import { mostWords } from './hearing.ts'
import { w } from './words.ts'

export const NeedTitle = () => (
  <Form.Item
    name="title"
    label={w.what}
    extra={w.whatHint}
    validateTrigger="onChange"
    rules={[{ required: true, whitespace: true, message: w.must }]}
  >
    <Input maxLength={120} autoFocus />
  </Form.Item>
)

/** What was said of it or is known of it, in sentences. */
export const NeedText = ({ name, label }: { name: 'text' | 'words'; label: string }) => (
  <Form.Item name={name} label={label}>
    <Input.TextArea maxLength={mostWords} autoSize={{ minRows: 2, maxRows: 8 }} />
  </Form.Item>
)
