import { AutoComplete, Form, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { fitsPostCode, splitAddress } from '#contract/addresses.ts'
import { type Customer, CustomerKind, customers, Tier } from '#contract/customers.ts'
import { isNoPhone } from '#contract/phones.ts'
import { Conflict } from '../kit/Conflict.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { newSending } from '../kit/ids.ts'
import { tierWord } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { useSeen } from '../kit/useSeen.ts'
import '../kit/page.css'
import { AlikeFiles, OpenAlike, useAlike } from './duplicates/Alike.tsx'
import { w as people } from './profile/words.ts'
import { careWord, kindWord, w } from './words.ts'

type Values = Pick<Customer, 'name' | 'kind' | 'tier' | 'address' | 'district' | 'postCode' | 'note' | 'tags' | 'care'> & {
  phone: string
  email: string
  number?: string
}
const fresh: Values = {
  name: '',
  kind: 'person',
  tier: 'normal',
  address: '',
  district: '',
  postCode: '',
  note: '',
  tags: [],
  care: [],
  phone: '',
  email: '',
}
/** Numbers are masked here and so never stand in the form: an empty box leaves them as they are. */
const valuesOf = ({ name, kind, tier, address, district, postCode, note, tags, care }: Customer): Values => ({
  name,
  kind,
  tier,
  address,
  district,
  postCode,
  note,
  tags,
  care,
  phone: '',
  email: '',
})

const places = { 'customer.phone_invalid': 'phone', 'customer.email_invalid': 'email', 'customer.number_taken': 'number' } as const
const holds = (typed: string, option: { value: string } | undefined) => option?.value.includes(typed.trim()) === true

/** An empty box keeps theirs, so a number that somebody changed meanwhile is in dispute where another is typed. */
const wasOther = (was: string, is: string): string => (was === is ? '' : was || '-')

/** A customer's data, new or changed; nobody's change is silently lost. */
export function CustomerForm({
  customer,
  close,
  saved,
}: {
  customer: Customer | null
  close: () => void
  saved?: (customer: Customer) => void
}) {
  const [form] = Form.useForm<Values>()
  const seen = useSeen<Customer | null, Values>(customer, form, {
    code: 'customer.changed_meanwhile',
    latest: async () => (customer ? call(customers.one, { id: customer.id }) : undefined),
    valuesOf: row => row && { ...valuesOf(row), phone: row.phone ?? '', email: row.email ?? '' },
    between: ({ base, mine, theirs }) => ({
      base: { ...base, phone: wasOther(base.phone, theirs.phone), email: wasOther(base.email, theirs.email) },
      mine,
      theirs: { ...theirs, phone: '', email: '' },
    }),
  })
  const [idFor] = useState(newSending)
  const add = (body: Omit<Parameters<typeof call<typeof customers.add>>[1]['body'], 'clientId'>) =>
    call(customers.add, { body: { ...body, clientId: idFor(body) } })
  const save = async ({ phone, email, number, ...given }: Values) => {
    const numbers = { ...(phone?.trim() ? { phone: phone.trim() } : {}), ...(email?.trim() ? { email: email.trim() } : {}) }
    const done = customer
      ? await seen.send({ ...given, phone: phone ?? '', email: email ?? '' }, row =>
          call(customers.change, { id: customer.id, body: { ...given, ...numbers, version: row?.version ?? customer.version } }),
        )
      : await add({ ...given, ...numbers, ...(number?.trim() ? { number: number.trim() } : {}) })
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(customer ? w.saved(done.name) : w.added(done.name))
    saved?.(done)
  }
  const districts = useFetch(customers.districts, {}, { staleTime: 60_000 }).data ?? []
  const typed = Form.useWatch([], form)
  const { byNumber, byPlace } = useAlike(customer || !typed ? {} : typed)
  const label = (key: keyof Values) => w[key]
  const show = (key: keyof Values, value: unknown) => {
    if ((key === 'phone' || key === 'email') && value === '') return seen.row?.[key] ?? ''
    if (key === 'tier') return tierWord(Tier.parse(value))
    if (key === 'kind') return kindWord(CustomerKind.parse(value))
    if (key === 'care') return Array.isArray(value) ? value.map(careWord).join(' ') : ''
    return Array.isArray(value) ? value.join(' ') : String(value ?? '')
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={customer ? `${w.edit} ${customer.name}` : w.create}
      values={customer ? valuesOf(customer) : fresh}
      save={save}
      close={close}
      width={480}
      places={places}
    >
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={label} show={show} />}
      <div className={customer ? '' : 'two'}>
        <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.must }]}>
          <Input maxLength={80} autoFocus={!customer} />
        </Form.Item>
        {!customer && (
          <Form.Item name="number" label={w.number}>
            <Input maxLength={40} placeholder={w.auto} />
          </Form.Item>
        )}
      </div>
      <div className="two">
        <Form.Item name="kind" label={w.kind}>
          <Radio.Group optionType="button" options={CustomerKind.options.map(k => ({ value: k, label: kindWord(k) }))} />
        </Form.Item>
        <Form.Item name="tier" label={w.tier}>
          <Select options={Tier.options.map(t => ({ value: t, label: tierWord(t) }))} />
        </Form.Item>
      </div>
      <div className="two">
        <Form.Item
          name="phone"
          label={w.phone}
          rules={[
            {
              validator: async (_, value: unknown) => {
                if (isNoPhone(String(value ?? ''))) throw new Error(w.badPhone)
              },
            },
          ]}
          extra={customer?.phone ? w.keepPhone(customer.phone) : undefined}
        >
          <Input maxLength={40} inputMode="tel" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="email"
          label={w.email}
          rules={[{ type: 'email', message: w.badMail }]}
          extra={customer?.email ? w.keepPhone(customer.email) : undefined}
        >
          <Input maxLength={200} inputMode="email" autoComplete="off" />
        </Form.Item>
      </div>
      <AlikeFiles files={byNumber} act={file => <OpenAlike file={file} />} />
      <div className="two">
        <Form.Item name="district" label={w.district}>
          <AutoComplete options={districts.map(value => ({ value }))} showSearch={{ filterOption: holds }} maxLength={60} />
        </Form.Item>
        <Form.Item
          name="postCode"
          label={w.postCode}
          dependencies={['address']}
          rules={[
            {
              validator: async (_, value: unknown) => {
                const postCode = String(value ?? '').trim()
                const { province } = splitAddress(String(form.getFieldValue('address') ?? ''))
                if (postCode !== customer?.postCode && !fitsPostCode({ province, postCode })) throw new Error(people.badPostCode)
              },
            },
          ]}
        >
          <Input maxLength={12} />
        </Form.Item>
      </div>
      <Form.Item name="address" label={w.address}>
        <Input maxLength={200} />
      </Form.Item>
      <AlikeFiles files={byPlace} act={file => <OpenAlike file={file} />} />
      <Form.Item name="care" label={w.care}>
        <Select
          mode="multiple"
          options={(['elderly', 'disabled', 'infant', 'medical'] as const).map(c => ({ value: c, label: careWord(c) }))}
        />
      </Form.Item>
      <Form.Item name="tags" label={w.tags}>
        <Select mode="tags" open={false} suffixIcon={null} placeholder={w.tagsHint} tokenSeparators={[',', ' ']} />
      </Form.Item>
      <Form.Item name="note" label={w.note}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
    </FormDrawer>
  )
}
