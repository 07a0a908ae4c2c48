import { Form, Input, InputNumber, Radio, Select } from 'antd'
import type * as z from 'zod'
import { type FieldRules, type FormField, fieldFault, isEmptyValue } from '#contract/forms.ts'
import { faultText } from './fieldWords.ts'
import { nameOf, words } from './words.ts'

const w = words({
  yes: ['是', 'Yes'],
  no: ['否', 'No'],
  must: ['必填', 'Required'],
})
type Field = FormField & Partial<z.output<typeof FieldRules>>

/**
 * A field of a form that the organisation made itself; its value stands at `fields.<key>` of the form around it.
 * `was` is the value that stands there: masked, or older than the rule, it is not the fault of whoever changes something else.
 */
export function FieldInput({ field: f, disabled = false, was }: { field: Field; disabled?: boolean; was?: unknown }) {
  const label = nameOf({ name: f.label, nameEn: f.labelEn })
  const options = f.options.map(o => ({ value: o.value, label: nameOf({ name: o.label, nameEn: o.labelEn }) }))
  const input = {
    text: <Input maxLength={f.longest ?? 2000} disabled={disabled} />,
    number: <InputNumber style={{ width: 160 }} disabled={disabled} />,
    date: <Input type="date" style={{ width: 160 }} disabled={disabled} />,
    choice:
      options.length <= 6 ? (
        <Radio.Group options={options} optionType="button" size="small" disabled={disabled} />
      ) : (
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={options} disabled={disabled} />
      ),
    yesno: (
      <Radio.Group
        disabled={disabled}
        options={[
          { value: true, label: w.yes },
          { value: false, label: w.no },
        ]}
      />
    ),
  }[f.type]
  // The same line by which the server refuses.
  const ruled = (_: unknown, value: unknown) => {
    if (!isEmptyValue(value) && value === was) return Promise.resolve()
    const fault = fieldFault([{ ...f, required: false }], { [f.key]: value })
    return fault ? Promise.reject(new Error(faultText(fault.reason))) : Promise.resolve()
  }
  return (
    <Form.Item
      name={['fields', f.key]}
      label={label}
      extra={nameOf({ name: f.help, nameEn: f.helpEn }) || undefined}
      rules={disabled ? [] : [...(f.required ? [{ required: true, message: w.must }] : []), { validator: ruled }]}
    >
      {input}
    </Form.Item>
  )
}

/** A value of such a field in the reader's words. */
export function fieldText(field: Pick<FormField, 'options'>, value: unknown): string {
  if (value === undefined || value === null || value === '') return ''
  if (typeof value === 'boolean') return value ? w.yes : w.no
  const option = field.options.find(o => o.value === value)
  return option ? nameOf({ name: option.label, nameEn: option.labelEn }) : String(value)
}
