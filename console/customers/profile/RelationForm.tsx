import { Checkbox, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import type { Customer } from '#contract/customers.ts'
import { type Profile, profile, type Relation } from '#contract/profile.ts'
import { Conflict } from '../../kit/Conflict.tsx'
import { call } from '../../kit/call.ts'
import { queryClient } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { tell } from '../../kit/tell.tsx'
import { useSeen } from '../../kit/useSeen.ts'
import { CustomerSelect } from '../finding/Found.tsx'
import { otherWord, w } from './words.ts'

type Way = `${Relation['kind']} ${Relation['side']}`
type Values = { other?: string; way: Way; role: string; main: boolean }
type Props = { customer: Customer; relation: Relation | null; profileSeen: Profile; close: () => void }

const waysOf: Record<Customer['kind'], readonly [Way, ...Way[]]> = {
  person: ['contact out', 'household out', 'other out'],
  organisation: ['contact in', 'subsidiary in', 'subsidiary out', 'other out'],
}
const read = (way: Way) => {
  const [kind = 'other', side = 'out'] = way.split(' ') as [Relation['kind'], Relation['side']]
  return { kind, side }
}

/** Relates this customer with another, who is found as everywhere; of a relation that stands, the role. */
export default function RelationForm({ customer, relation, profileSeen, close }: Props) {
  const [form] = Form.useForm<Values>()
  const [name, setName] = useState('')
  const ways = waysOf[customer.kind]
  const way = Form.useWatch('way', form)
  const isContact = relation ? relation.kind === 'contact' : way?.startsWith('contact')
  const seen = useSeen<Profile, Pick<Values, 'role' | 'main'>>(profileSeen, form, {
    code: 'customer.changed_meanwhile',
    latest: () => call(profile.read, { id: customer.id }),
    valuesOf: ({ relations }) => {
      const one = relations.find(r => r.id === relation?.id)
      return one ? { role: one.role, main: one.main } : null
    },
  })
  const save = async ({ other, way, role, main }: Values) => {
    const said = { role: role?.trim() ?? '', main: main ?? false }
    if (relation)
      await seen.send(said, ({ version }) =>
        call(profile.changeRelation, { id: customer.id, relationId: relation.id, body: { ...said, version } }),
      )
    else if (other) await call(profile.relate, { id: customer.id, body: { ...said, ...read(way), otherId: other } })
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(relation ? w.saved : w.related(name))
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={relation ? relation.other.name : w.relate}
      values={{ way: ways[0], role: relation?.role ?? '', main: relation?.main ?? false }}
      save={save}
      close={close}
      width={400}
    >
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={key => (key === 'main' ? w.mainContact : w.role)} />}
      {!relation && (
        <>
          <Form.Item name="other" label={w.who} rules={[{ required: true, message: w.must }]}>
            <CustomerSelect autoFocus allowClear aria-label={w.who} not={customer.id} onChange={(_, one) => setName(one?.name ?? '')} />
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
