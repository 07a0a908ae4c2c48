import { Form, Input } from 'antd'
import { cannedAnswers } from '#contract/messaging.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { column } from './column.ts'
import { w } from './words.ts'

export default function CannedPage() {
  return (
    <CatalogPage
      of={cannedAnswers}
      title={w.canned}
      hint={w.cannedHint}
      columns={[
        column(cannedAnswers, 'shortcut', w.shortcut, a => <span className="tag">/{a.shortcut}</span>, 120),
        column(cannedAnswers, 'text', w.text, a => <span className="clip2">{a.text}</span>),
        column(cannedAnswers, 'textEn', w.textEn, a => (
          <span className="clip2 t2" lang="en">
            {a.textEn}
          </span>
        )),
      ]}
      fields={
        <>
          <Form.Item
            name="shortcut"
            label={w.shortcut}
            extra={w.shortcutHint}
            rules={[{ required: true, whitespace: true, message: w.required }]}
          >
            <Input prefix="/" maxLength={40} autoFocus />
          </Form.Item>
          <Form.Item name="text" label={w.text} rules={[{ required: true, whitespace: true, message: w.required }]}>
            <Input.TextArea autoSize={{ minRows: 4, maxRows: 12 }} maxLength={4000} showCount />
          </Form.Item>
          <Form.Item name="textEn" label={w.textEn} extra={w.textEnHint}>
            <Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} maxLength={4000} lang="en" />
          </Form.Item>
        </>
      }
    />
  )
}
