import { Checkbox, Form, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { type Customer, customers } from '#contract/customers.ts'
import { profile, type Relation } from '#contract/profile.ts'
import { useRested } from '../../app/people.tsx'
import { call } from '../../kit/call.ts'
import { queryClient, useFetch } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { TierTag } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { otherWord, w } from './words.ts'

type Way = `${Relation['kind']} ${Relation['side']}`
type Values = { other: { value: string; label: string } | null; way: Way; role: string; main: boolean }
type Props = { customer: Customer; relation: Relation | null; version: number; close: () => void }

const waysOf: Record<Customer['kind'], readonly [Way, ...Way[]]> = {
  person: ['contact out', 'household out', 'other out'],
  organisation: ['contact in', 'subsidiary in', 'subsidiary out', 'other out'],
}
const read = (way: Way) => {
  const [kind = 'other', side = 'out'] = way.split(' ') as [Relation['kind'], Relation['side']]
  return { kind, side }
}

/** Relates this customer with another, who is found as everywhere; of a relation that stands, the role. */
export default function RelationForm({ customer, relation, version, close }: Props) {
  const [form] = Form.useForm<Values>()
  const ways = waysOf[customer.kind]
  const way = Form.useWatch('way', form)
  const isContact = relation ? relation.kind === 'contact' : way?.startsWith('contact')
  const save = async ({ other, way, role, main }: Values) => {
    const said = { role: role?.trim() ?? '', main: main ?? false }
    if (relation) await call(profile.changeRelation, { id: customer.id, relationId: relation.id, body: { ...said, version } })
    else if (other) await call(profile.relate, { id: customer.id, body: { ...said, ...read(way), otherId: other.value } })
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(relation ? w.saved : w.related(other?.label ?? ''))
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={relation ? relation.other.name : w.relate}
      values={{ other: null, way: ways[0], role: relation?.role ?? '', main: relation?.main ?? false }}
      save={save}
      close={close}
      width={400}
    >
      {!relation && (
        <>
          <Form.Item name="other" label={w.who} rules={[{ required: true, message: w.must }]}>
            <FindCustomer not={customer.id} />
          </Form.Item>
          <Form.Item name="way" label={w.whatIs}>
            <Radio.Group options={ways.map(value => ({ value, label: otherWord(read(value).kind, read(value).side) }))} />
          </Form.Item>
        </>
      )}
      <Form.Item name="role" label={w.role}>
        <Input maxLength={40} placeholder={w.roleHint} autoFocus={relation !== null} />
      </Form.Item>
      {isContact && (
        <Form.Item name="main" valuePropName="checked">
          <Checkbox>{w.mainContact}</Checkbox>
        </Form.Item>
      )}
    </FormDrawer>
  )
}

type Found = { value: string; label: string }
/** A customer by anything they are known by. */
function FindCustomer({
  value,
  onChange,
  not,
  id,
}: {
  value?: Found | null
  onChange?: (found: Found | null) => void
  not: string
  id?: string
}) {
  const [typed, setTyped] = useState('')
  const q = useRested(typed.trim())
  const { data, isFetching } = useFetch(customers.list, { query: { q, size: 8 } }, { enabled: q !== '' })
  const rows = q === '' ? [] : (data?.rows.filter(c => c.id !== not) ?? [])
  return (
    <Select<Found>
      {...(id ? { id } : {})}
      autoFocus
      labelInValue
      allowClear
      placeholder={w.whoHint}
      aria-label={w.who}
      value={value ?? null}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      notFoundContent={q && !isFetching ? w.nobody : null}
      optionLabelProp="label"
      options={rows.map(c => ({ value: c.id, label: c.name, row: c }))}
      optionRender={option => {
        const row = rows.find(c => c.id === option.value)
        return (
          <span className="row">
            <b className="m5">{row?.name}</b>
            <TierTag tier={row?.tier ?? null} />
            <span className="t3 cut">
              {row?.number} {row?.phone}
            </span>
          </span>
        )
      }}
      onChange={next => onChange?.(next ? { value: next.value, label: String(next.label) } : null)}
    />
  )
}
