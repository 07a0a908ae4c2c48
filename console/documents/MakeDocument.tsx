import { useNavigate } from '@tanstack/react-router'
import { Form, Input, Segmented, Select } from 'antd'
import { useEffect } from 'react'
import { documents, type Language } from '#contract/documents.ts'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { language, nameOf } from '../kit/words.ts'
import { ParamField } from './ParamField.tsx'
import { w } from './words.ts'

type Values = { templateId: string; title: string; language: Language; params?: Record<string, string>; inputs?: Record<string, string> }

/** The thing a document is to be about, where it is begun there. */
export type About = { kind: 'ticket' | 'finding' | 'customer'; id: string }

/** What a document is made of: the template, what its data is asked by, and what the person writes. */
export function MakeDocument({ close, about }: { close: () => void; about?: About }) {
  const go = useNavigate()
  const [form] = Form.useForm<Values>()
  const sources = useFetch(documents.sources, {}).data ?? []
  const ofSource = (name: string) => sources.find(s => s.name === name)
  const templates = (useFetch(documents.templates, { query: {} }).data ?? []).filter(t => {
    const source = ofSource(t.source)
    return t.published !== null && source?.allowed && (!about || source.params.some(p => p.kind === about.kind))
  })
  const templateId = Form.useWatch('templateId', form)
  const chosen = templates.find(t => t.id === templateId)
  const source = chosen && ofSource(chosen.source)
  const template = useFetch(documents.template, { id: templateId ?? '' }, { enabled: templateId !== undefined }).data
  const pick = (id: string) => {
    const next = templates.find(t => t.id === id)
    if (!next) return
    const kept = form.getFieldValue('language')
    // What somebody typed stays, also when the templates come later than the typing.
    const typed: string = form.getFieldValue('title') ?? ''
    const title = typed === '' || templates.some(t => nameOf(t) === typed) ? nameOf(next) : typed
    form.setFieldsValue({ title, language: next.languages.includes(kept) ? kept : (next.languages[0] ?? 'zh') })
  }
  const only = about && templates.length === 1 ? templates[0]?.id : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: chosen once, when it is known to be the only one
  useEffect(() => {
    if (!only || form.getFieldValue('templateId')) return
    form.setFieldValue('templateId', only)
    pick(only)
  }, [only])
  return (
    <FormDrawer<Values>
      open
      close={close}
      form={form}
      title={about && about.kind !== 'finding' ? w.letter : w.make}
      saveWord={w.make}
      values={{
        language: language(),
        params: { period: 'month', on: new Date().toLocaleDateString('sv'), ...(about ? { [`${about.kind}Id`]: about.id } : {}) },
      }}
      save={async ({ params = {}, inputs = {}, ...values }) => {
        const keys = new Set(source?.params.map(p => p.key))
        const given = Object.fromEntries(Object.entries(params).filter(([key, value]) => keys.has(key) && value))
        const made = await call(documents.make, {
          body: { ...values, params: given, inputs: Object.fromEntries(Object.entries(inputs).filter(([, v]) => v)) },
        })
        void queryClient.invalidateQueries({ queryKey: ['documents'] })
        void go({ to: `/documents/${made.id}` })
      }}
    >
      <Form.Item name="templateId" label={w.template} rules={[{ required: true, message: w.required }]}>
        <Select options={templates.map(t => ({ value: t.id, label: nameOf(t) }))} onChange={pick} />
      </Form.Item>
      <Form.Item name="title" label={w.name} rules={[{ required: true, message: w.required }]}>
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item name="language" label={w.language}>
        <Segmented options={(chosen?.languages ?? ['zh', 'en']).map(l => ({ value: l, label: w[l] }))} />
      </Form.Item>
      {source?.params.map(param => (
        <Form.Item
          key={param.key}
          name={['params', param.key]}
          label={language() === 'en' ? param.en : param.zh}
          rules={param.required ? [{ required: true, message: w.required }] : []}
          hidden={param.kind === about?.kind}
        >
          <ParamField of={param} />
        </Form.Item>
      ))}
      {(template?.id === templateId ? template?.inUse?.inputs : undefined)?.map(input => (
        <Form.Item
          key={input.key}
          name={['inputs', input.key]}
          label={nameOf({ name: input.label, nameEn: input.labelEn })}
          rules={input.required ? [{ required: true, whitespace: true, message: w.required }] : []}
          {...(input.long && input.required ? { extra: w.onlyText } : {})}
        >
          {input.long ? <Input.TextArea autoSize={{ minRows: 4, maxRows: 12 }} maxLength={8000} /> : <Input maxLength={400} />}
        </Form.Item>
      ))}
    </FormDrawer>
  )
}
