import { Form, Input, Select } from 'antd'
import type { FormValues } from '#contract/forms.ts'
import { type CustomerRecord, type RecordKind, records } from '#contract/records.ts'
import { Conflict } from '../../kit/Conflict.tsx'
import { call } from '../../kit/call.ts'
import { queryClient } from '../../kit/data.ts'
import { FieldInput, fieldText } from '../../kit/FieldInput.tsx'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { tell } from '../../kit/tell.tsx'
import { useSeen } from '../../kit/useSeen.ts'
import { nameOf } from '../../kit/words.ts'
import { fieldByField } from '../own/meanwhile.ts'
import { w } from './words.ts'

type Values = { kindId: string; number: string; note: string; fields: FormValues }
const valuesOf = ({ kindId, number, note, fields }: CustomerRecord): Values => ({ kindId, number, note, fields })

/** A record of a customer, new or changed; nobody's change is silently lost. */
export function RecordForm({
  customerId,
  kinds,
  record,
  close,
}: {
  customerId: string
  kinds: readonly RecordKind[]
  record: CustomerRecord | null
  close: () => void
}) {
  const [form] = Form.useForm<Values>()
  const seen = useSeen<CustomerRecord | null, Values>(record, form, {
    code: 'record.changed_meanwhile',
    latest: async () => (await call(records.ofCustomer, { id: customerId })).find(r => r.id === record?.id),
    valuesOf: row => row && valuesOf(row),
    between: fieldByField,
  })
  const kindOf = (id: string) => kinds.find(kind => kind.id === id)
  const save = async ({ kindId, number, note, fields }: Values) => {
    const own = kindOf(kindId)?.fields ?? []
    const body = { number, note: note ?? '', fields: Object.fromEntries(own.map(f => [f.key, fields?.[f.key] ?? null])) }
    const done = record
      ? await seen.send({ kindId, ...body }, row =>
          call(records.change, { id: record.id, body: { ...body, version: row?.version ?? record.version } }),
        )
      : await call(records.add, { id: customerId, body: { kindId, ...body } })
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(record ? w.saved(done.number) : w.added(done.number))
  }
  const show = (key: string, value: unknown) =>
    key === 'fields' && typeof value === 'object' && value !== null
      ? (kindOf(record?.kindId ?? '')?.fields ?? [])
          .map(f => fieldText(f, Reflect.get(value, f.key)))
          .filter(Boolean)
          .join(' · ')
      : String(value ?? '')
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={record ? record.number : w.adding}
      values={record ? valuesOf(record) : { kindId: kinds[0]?.id ?? '', number: '', note: '', fields: {} }}
      save={save}
      close={close}
    >
      {seen.meanwhile && (
        <Conflict
          meanwhile={seen.meanwhile}
          label={key => (key === 'fields' ? w.fields : key === 'number' ? w.number : w.note)}
          show={show}
        />
      )}
      <Form.Item name="kindId" label={w.kind} hidden={record !== null}>
        <Select options={kinds.map(kind => ({ value: kind.id, label: nameOf(kind) }))} />
      </Form.Item>
      <Form.Item name="number" label={w.number} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={60} autoFocus autoComplete="off" />
      </Form.Item>
      <OwnInputs kinds={kinds} />
      <Form.Item name="note" label={w.note}>
        <Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  )
}

function OwnInputs({ kinds }: { kinds: readonly RecordKind[] }) {
  const kindId = Form.useWatch('kindId')
  return kinds.find(kind => kind.id === kindId)?.fields.map(f => <FieldInput key={`${kindId}.${f.key}`} field={f} />)
}
