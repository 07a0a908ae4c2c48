import { Form, Select } from 'antd'
import { useState } from 'react'
import { needs, needTemplates } from '#contract/needs.ts'
import { CustomerSelect } from '../customers/finding/Found.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FailureDrawer } from '../kit/FailureDrawer.tsx'
import { FieldInput, fieldText } from '../kit/FieldInput.tsx'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { newUuid } from '../kit/ids.ts'
import { Empty } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { allWritten, type Heard } from './hearing.ts'
import { NeedText, NeedTitle } from './NeedFields.tsx'
import { Similar } from './Similar.tsx'
import { w } from './words.ts'
import './needs.css'

type Values = { templateId: string; title: string; text: string; words: string; customerId?: string; fields?: Record<string, unknown> }

/** What a customer would have, from wherever it is heard. What others said already is shown while one writes: then it is one voice more. */
export default function CaptureNeed({ heard, close }: { heard: Heard; close: () => void }) {
  const [form] = Form.useForm<Values>()
  const [clientId] = useState(newUuid)
  const { data: templates, error, refetch } = useFetch(needTemplates.list, { query: {} }, { staleTime: 60_000 })
  const templateId = Form.useWatch('templateId', form) ?? templates?.[0]?.id
  const template = templates?.find(t => t.id === templateId)
  const { customer } = heard
  const said = (values: Partial<Values>) => ({
    customerId: customer?.id ?? values.customerId ?? null,
    interactionId: heard.interactionId ?? null,
    from: heard.from ?? null,
  })
  const save = async (values: Values) => {
    await call(needs.capture, {
      body: {
        clientId,
        templateId: values.templateId,
        title: values.title,
        text: values.text ?? '',
        words: values.words ?? '',
        fields: values.fields ?? {},
        ...said(values),
      },
    })
    await Promise.all(['needs', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
    tell(w.captured)
  }
  const { act: join, acting: joining } = useAct(needs.speak, {
    also: ['customers'],
    done: () => {
      tell(w.spoken)
      close()
    },
  })
  const itIs = (id: string) => {
    const values: Partial<Values> = form.getFieldsValue()
    const asked = (template?.fields ?? []).flatMap(field => {
      const text = fieldText(field, values.fields?.[field.key])
      return text === '' ? [] : [`${nameOf({ name: field.label, nameEn: field.labelEn })} ${text}`]
    })
    // The form closes.
    const words = allWritten([values.title, values.words, ...asked, values.text])
    void join({ id, body: { clientId, words, ...said(values) } })
  }
  if (!templates) return error && <FailureDrawer title={w.capture} error={error} retry={() => void refetch()} close={close} />
  return (
    <FormDrawer<Values>
      open
      form={form}
      title={w.capture}
      values={{ templateId: templates[0]?.id ?? '', title: '', text: '', words: heard.words ?? '' }}
      save={save}
      close={close}
    >
      {templates.length === 0 && <Empty title={w.noTemplates} hint={w.noTemplatesHint} />}
      {customer && (
        <p className="t3" style={{ marginBottom: 12 }}>
          {w.customer} <b className="m5">{customer.name}</b>
        </p>
      )}
      <Form.Item name="templateId" label={w.template} rules={[{ required: true, message: w.noTemplates }]} hidden={templates.length < 2}>
        <Select options={templates.map(t => ({ value: t.id, label: nameOf(t) }))} />
      </Form.Item>
      <NeedTitle />
      <Similar form={form} choose={itIs} choosing={joining} />
      <NeedText name="words" label={w.words} />
      {template?.fields.map(field => (
        <FieldInput key={field.key} field={field} />
      ))}
      <NeedText name="text" label={w.text} />
      {!customer && (
        <Form.Item name="customerId" label={w.customer}>
          <CustomerSelect placeholder={w.findCustomer} allowClear />
        </Form.Item>
      )}
    </FormDrawer>
  )
}
