import { Checkbox, Form, Input, Select } from 'antd'
import { FormField } from '#contract/forms.ts'
import { FieldInput } from '../kit/FieldInput.tsx'
import { IconX } from '../kit/icons.ts'
import { newClientId } from '../kit/ids.ts'
import { b } from './business.words.ts'
import { Rows } from './fields.tsx'
import { w } from './words.ts'

export const fieldTypes = () => [
  { value: 'text', label: w.typeText },
  { value: 'number', label: w.typeNumber },
  { value: 'choice', label: w.typeChoice },
  { value: 'date', label: w.typeDate },
  { value: 'yesno', label: w.typeYesno },
]
/** The name a field or an option goes by in the data; people never need it. */
export const madeKey = (kind: 'f' | 'o') => `${kind}${newClientId().replaceAll('-', '').slice(0, 7)}`

/** The form of a kind, edited at the left and seen at the right. */
export function KindFields() {
  return (
    <div className="beside">
      <Rows
        name="fields"
        label={w.fields}
        add={w.addField}
        ordered
        fresh={() => ({ key: madeKey('f'), label: '', labelEn: '', type: 'text', options: [], required: false, help: '', helpEn: '' })}
      >
        {row => <FieldRow row={row} />}
      </Rows>
      <Preview />
    </div>
  )
}

function FieldRow({ row }: { row: number }) {
  return (
    <div className="col">
      {/* A form keeps only the fields it holds. */}
      <Form.Item name={[row, 'key']} hidden>
        <Input />
      </Form.Item>
      <FieldParts at={[row]} within={['fields']} />
    </div>
  )
}

type Place = readonly (string | number)[]
/** What makes a field: its name, type, options and the line below it. `within`: the list of the form that the place begins in, where it stands in one. */
export function FieldParts({ at, within = [], fixedType = false }: { at: Place; within?: Place; fixedType?: boolean }) {
  const type: unknown = Form.useWatch([...within, ...at, 'type'])
  const named = (name: string, label: string, max: number, more: { lang?: string; must?: boolean } = {}) => (
    <Form.Item name={[...at, name]} rules={more.must ? [{ required: true, whitespace: true, message: w.required }] : []}>
      <Input placeholder={label} aria-label={label} maxLength={max} {...(more.lang ? { lang: more.lang } : {})} />
    </Form.Item>
  )
  return (
    <>
      <div className="pair">
        {named('label', w.fieldLabel, 40, { must: true })}
        {named('labelEn', w.fieldLabelEn, 60, { lang: 'en' })}
      </div>
      <div className="pair">
        <Form.Item name={[...at, 'type']}>
          <Select options={fieldTypes()} aria-label={w.fieldType} disabled={fixedType} />
        </Form.Item>
        <Form.Item name={[...at, 'required']} valuePropName="checked">
          <Checkbox>{w.required}</Checkbox>
        </Form.Item>
      </div>
      <div className="pair">
        {named('help', b.help, 200)}
        {named('helpEn', b.helpEn, 200, { lang: 'en' })}
      </div>
      <div hidden={type !== 'choice'}>
        <Form.List name={[...at, 'options']}>
          {(options, { add, remove }) => (
            <div className="col" style={{ gap: 4 }}>
              {options.map(option => (
                <div key={option.key} className="row" style={{ gap: 4 }}>
                  <Form.Item name={[option.name, 'value']} hidden>
                    <Input />
                  </Form.Item>
                  <Form.Item
                    name={[option.name, 'label']}
                    className="grow"
                    rules={[{ required: true, whitespace: true, message: w.required }]}
                  >
                    <Input size="small" placeholder={w.options} aria-label={w.options} maxLength={60} />
                  </Form.Item>
                  <Form.Item name={[option.name, 'labelEn']} className="grow">
                    <Input size="small" placeholder={w.fieldLabelEn} aria-label={w.fieldLabelEn} maxLength={60} lang="en" />
                  </Form.Item>
                  <button type="button" className="linkbutton" aria-label={w.remove} onClick={() => remove(option.name)}>
                    <IconX size={14} />
                  </button>
                </div>
              ))}
              <button type="button" className="linkbutton ac" onClick={() => add({ value: madeKey('o'), label: '', labelEn: '' })}>
                {w.addOption}
              </button>
            </div>
          )}
        </Form.List>
      </div>
    </>
  )
}

/** As it stands now, unsaved; half-written fields bear a stand-in for their name. */
function Preview() {
  const fields: unknown = Form.useWatch('fields')
  const shown = (Array.isArray(fields) ? fields : []).flatMap((field: unknown): FormField[] => {
    const given: object = typeof field === 'object' && field !== null ? field : {}
    const label = 'label' in given && typeof given.label === 'string' && given.label.trim() ? given.label : b.fieldNew
    const options = 'options' in given && Array.isArray(given.options) ? given.options : []
    const read = FormField.safeParse({
      ...given,
      label,
      options: options.map((o: object, n: number) => ({ ...o, label: ('label' in o && o.label) || `${w.options} ${n + 1}` })),
    })
    return read.success ? [read.data] : []
  })
  return (
    <section className="preview" aria-label={b.formPreview}>
      <h3>{b.formPreview}</h3>
      {shown.length === 0 && <p className="t3">{b.formEmpty}</p>}
      <Form component={false} layout="vertical" name="preview">
        {shown.map(field => (
          <FieldInput key={`${field.key}.${field.type}`} field={field} />
        ))}
      </Form>
    </section>
  )
}
