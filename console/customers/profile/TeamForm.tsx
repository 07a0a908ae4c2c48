import { Form } from 'antd'
import { type Profile, profile } from '#contract/profile.ts'
import { PeopleSelect, PersonSelect, useNames } from '../../app/people.tsx'
import { Conflict } from '../../kit/Conflict.tsx'
import { call } from '../../kit/call.ts'
import { queryClient } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { tell } from '../../kit/tell.tsx'
import { useSeen } from '../../kit/useSeen.ts'
import { w } from './words.ts'

type Values = Pick<Profile, 'ownerId' | 'carerIds'>
const valuesOf = ({ ownerId, carerIds }: Profile): Values => ({ ownerId, carerIds })

/** Who looks after the customer, and who beside them. */
export default function TeamForm({ customerId: id, profileSeen, close }: { customerId: string; profileSeen: Profile; close: () => void }) {
  const [form] = Form.useForm<Values>()
  const { meanwhile, send } = useSeen<Profile, Values>(profileSeen, form, {
    code: 'customer.changed_meanwhile',
    latest: () => call(profile.read, { id }),
    valuesOf,
  })
  const name = useNames([...(meanwhile ? [meanwhile.mine, meanwhile.theirs].flatMap(v => [v.ownerId, ...v.carerIds]) : [])])
  const save = async (given: Values) => {
    const values = { ownerId: given.ownerId ?? null, carerIds: given.carerIds ?? [] }
    await send(values, ({ version }) => call(profile.entrust, { id, body: { ...values, version } }))
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(w.saved)
  }
  const show = (value: unknown) => (Array.isArray(value) ? value.map(name).join(' ') : typeof value === 'string' ? name(value) : '')
  return (
    <FormDrawer<Values> form={form} open title={w.team} values={valuesOf(profileSeen)} save={save} close={close} width={400}>
      {meanwhile && (
        <Conflict meanwhile={meanwhile} label={key => (key === 'ownerId' ? w.owner : w.carers)} show={(_, value) => show(value)} />
      )}
      <Form.Item name="ownerId" label={w.owner}>
        <PersonSelect />
      </Form.Item>
      <Form.Item name="carerIds" label={w.carers} extra={w.carersHint}>
        <PeopleSelect />
      </Form.Item>
    </FormDrawer>
  )
}
