import { Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { TextPattern } from '#contract/forms.ts'
import { ownFields } from '#contract/ownFields.ts'
import { rights } from '#contract/rights.ts'
import { useMay } from '../../app/me.ts'
import { CatalogPage } from '../../kit/CatalogPage.tsx'
import { useFetch } from '../../kit/data.ts'
import { nameOf } from '../../kit/words.ts'
import { column } from '../../settings/column.ts'
import { FieldParts, fieldTypes, madeKey } from '../../settings/KindFields.tsx'
import { orderColumn } from '../../settings/Moves.tsx'
import { patternWord, w } from './words.ts'

const useRoles = () => {
  const may = useMay()
  return (useFetch(rights.roles, {}, { enabled: may('identity:read') }).data ?? []).filter(role => !role.retired)
}

/** Fields of the organisation's own in the customer's file. */
export default function FieldsPage() {
  const rows = useFetch(ownFields.list, { query: {} }).data ?? []
  const roles = useRoles()
  const names = (ids: readonly string[]) =>
    ids.length === 0 ? (
      <span className="t3">{w.everyone}</span>
    ) : (
      ids.map(id => nameOf(roles.find(r => r.id === id) ?? { name: '' })).join('、')
    )
  return (
    <CatalogPage
      of={ownFields}
      title={w.fields}
      adding={w.adding}
      hint={w.hint}
      empty={{ title: w.none, hint: w.noneHint }}
      width={560}
      named={row => {
        const read = ownFields.Row.safeParse(row)
        return read.success ? nameOf({ name: read.data.field.label, nameEn: read.data.field.labelEn }) : ''
      }}
      fresh={{
        key: madeKey('f'),
        position: rows.length,
        field: {
          label: '',
          labelEn: '',
          type: 'text',
          options: [],
          required: false,
          help: '',
          helpEn: '',
          seenBy: [],
          writtenBy: [],
          openToKeys: false,
        },
      }}
      columns={[
        column(ownFields, 'label', w.label, f => <b className="m5">{nameOf({ name: f.field.label, nameEn: f.field.labelEn })}</b>),
        column(ownFields, 'key', w.key, f => <span className="tag">{f.key}</span>, 120),
        column(ownFields, 'type', w.type, f => fieldTypes().find(t => t.value === f.field.type)?.label, 96),
        column(ownFields, 'seenBy', w.seenBy, f => names(f.field.seenBy)),
        column(ownFields, 'writtenBy', w.writtenBy, f => names(f.field.writtenBy)),
        orderColumn(ownFields, rows),
      ]}
      fields={<Parts />}
    />
  )
}

function Parts() {
  const form = Form.useFormInstance()
  const isThere: unknown = Form.useWatch('id', { form, preserve: true })
  const type: unknown = Form.useWatch(['field', 'type'], form)
  const roles = useRoles().map(role => ({ value: role.id, label: nameOf(role) }))
  return (
    <>
      <div className="formrow">
        <div className="grow col">
          <FieldParts at={['field']} fixedType={isThere !== undefined} />
        </div>
      </div>
      <div className="pairs" style={{ display: type === 'number' ? undefined : 'none' }}>
        <Form.Item name={['field', 'min']} label={w.min}>
          <InputNumber style={{ width: 128 }} />
        </Form.Item>
        <Form.Item name={['field', 'max']} label={w.max}>
          <InputNumber style={{ width: 128 }} />
        </Form.Item>
      </div>
      <div className="pairs" style={{ display: type === 'text' ? undefined : 'none' }}>
        <Form.Item name={['field', 'longest']} label={w.longest}>
          <InputNumber min={1} max={2000} precision={0} style={{ width: 128 }} />
        </Form.Item>
        <Form.Item name={['field', 'pattern']} label={w.pattern} normalize={(pattern: unknown) => pattern ?? null}>
          <Select allowClear placeholder={w.anyPattern} options={TextPattern.options.map(p => ({ value: p, label: patternWord(p) }))} />
        </Form.Item>
      </div>
      <Form.Item name={['field', 'seenBy']} label={w.seenBy} extra={w.seenByHint}>
        <Select mode="multiple" placeholder={w.everyone} options={roles} showSearch={{ optionFilterProp: 'label' }} />
      </Form.Item>
      <Form.Item name={['field', 'writtenBy']} label={w.writtenBy} extra={w.writtenByHint}>
        <Select mode="multiple" placeholder={w.everyone} options={roles} showSearch={{ optionFilterProp: 'label' }} />
      </Form.Item>
      <Form.Item name={['field', 'openToKeys']} valuePropName="checked">
        <Checkbox>{w.openToKeys}</Checkbox>
      </Form.Item>
      <Form.Item
        name="key"
        label={w.key}
        extra={w.keyHint}
        rules={[{ required: true, pattern: /^[a-z][a-zA-Z0-9]{0,39}$/, message: w.keyBad }]}
      >
        <Input maxLength={40} disabled={isThere !== undefined} style={{ width: 240 }} lang="en" />
      </Form.Item>
    </>
  )
}
