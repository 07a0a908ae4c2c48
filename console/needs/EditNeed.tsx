import { Form } from 'antd'
import { useState } from 'react'
import type { FormValues } from '#contract/forms.ts'
import { type Need, needs, needTemplates } from '#contract/needs.ts'
import { fieldByField } from '../customers/own/meanwhile.ts'
import { Conflict } from '../kit/Conflict.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FailureDrawer } from '../kit/FailureDrawer.tsx'
import { FieldInput, fieldText } from '../kit/FieldInput.tsx'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { useSeen } from '../kit/useSeen.ts'
import { nameOf } from '../kit/words.ts'
import { NeedText, NeedTitle } from './NeedFields.tsx'
import { w } from './words.ts'

type Values = { title: string; text: string; fields: FormValues }
const valuesOf = ({ title, text, fields }: Need): Values => ({ title, text, fields })

/** What is wanted, in better words. */
export default function EditNeed({ of, close }: { of: Need; close: () => void }) {
  const [form] = Form.useForm<Values>()
  // Merged meanwhile, the page behind shows the other one: what was written here is for this one alone.
  const [opened] = useState(of)
  const { id } = opened
  const seen = useSeen<Need, Values>(opened, form, {
    code: 'need.changed_meanwhile',
    latest: async () => {
      const now = await call(needs.one, { id })
      return now.id === id ? now : undefined
    },
    valuesOf,
    between: fieldByField,
  })
  const { data: templates, error, refetch } = useFetch(needTemplates.list, { query: { retired: true } }, { staleTime: 60_000 })
  const asked = templates?.find(t => t.id === opened.templateId)?.fields ?? []
  const save = async (given: Partial<Values> & Pick<Values, 'title'>) => {
    const values = { title: given.title, text: given.text ?? '', fields: given.fields ?? {} }
    await seen.send(values, ({ version }) => call(needs.change, { id, body: { ...values, version } }))
    await queryClient.invalidateQueries({ queryKey: ['needs'] })
  }
  const show = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null
      ? asked
          .map(f => [nameOf({ name: f.label, nameEn: f.labelEn }), fieldText(f, Reflect.get(value, f.key))])
          .filter(([, text]) => text !== '')
          .map(pair => pair.join(' '))
          .join(' · ')
      : String(value ?? '')
  if (!templates) return error && <FailureDrawer title={w.edit} error={error} retry={() => void refetch()} close={close} />
  return (
    <FormDrawer<Values> form={form} open title={w.edit} values={valuesOf(opened)} save={save} close={close}>
      {seen.meanwhile && (
        <Conflict meanwhile={seen.meanwhile} label={key => ({ title: w.what, text: w.text, fields: w.asked })[key]} show={show} />
      )}
      <NeedTitle />
      {asked.map(field => (
        <FieldInput key={field.key} field={field} />
      ))}
      <NeedText name="text" label={w.text} />
    </FormDrawer>
  )
}
