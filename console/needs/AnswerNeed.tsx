import { Checkbox, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import * as z from 'zod'
import { type Need, needs } from '#contract/needs.ts'
import { Conflict } from '../kit/Conflict.tsx'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { tell } from '../kit/tell.tsx'
import { useSeen } from '../kit/useSeen.ts'
import { stateWord, w } from './words.ts'

type Values = { state: string; text: string; tell: boolean }
const Becomes = z.enum(['planned', 'done', 'declined'])

/** What becomes of it, in words that go to everybody who said it. */
export default function AnswerNeed({ of, close }: { of: Need; close: () => void }) {
  const [form] = Form.useForm<Values>()
  // Merged meanwhile, the page behind shows the other one: what was written here is for this one alone.
  const [{ id, answer }] = useState(of)
  // Whoever says it once more changes nothing of the answer; who answers it meanwhile does.
  const seen = useSeen<Need, Pick<Values, 'text'>>(of, form, {
    code: 'need.changed_meanwhile',
    latest: async () => {
      const now = await call(needs.one, { id })
      return now.id === id ? now : undefined
    },
    valuesOf: ({ answer }) => ({ text: answer }),
  })
  const save = async (values: Values) => {
    const body = { state: Becomes.parse(values.state), text: values.text, tell: values.tell }
    await seen.send({ text: values.text }, ({ version }) => call(needs.answer, { id, body: { ...body, version } }))
    await queryClient.invalidateQueries({ queryKey: ['needs'] })
    tell(w.answered)
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={w.answering}
      saveWord={w.answer}
      values={{ state: 'done', text: answer, tell: true }}
      save={save}
      close={close}
    >
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={() => w.answerText} />}
      <Form.Item name="state" label={w.becomes}>
        <Radio.Group optionType="button" options={Becomes.options.map(value => ({ value, label: stateWord(value) }))} />
      </Form.Item>
      <Form.Item name="text" label={w.answerText} rules={[{ required: true, whitespace: true, message: w.answerText }]}>
        <Input.TextArea maxLength={600} autoSize={{ minRows: 3, maxRows: 8 }} autoFocus />
      </Form.Item>
      <Form.Item name="tell" valuePropName="checked" extra={w.tellHint}>
        <Checkbox>
          {w.tell} {w.voicesOf((of.id === id ? of : seen.row).voices)}
        </Checkbox>
      </Form.Item>
    </FormDrawer>
  )
}
