import { AutoComplete, Checkbox, Form, Input } from 'antd'
import { addressLine, fitsPostCode, nowhere, splitAddress } from '#contract/addresses.ts'
import { type Address, type Profile, profile } from '#contract/profile.ts'
import { Conflict } from '../../kit/Conflict.tsx'
import { call } from '../../kit/call.ts'
import { queryClient } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { tell } from '../../kit/tell.tsx'
import { useSeen } from '../../kit/useSeen.ts'
import { untouched, type Values } from './untouched.ts'
import { labels, w } from './words.ts'

const valuesOf = ({ id: _, ...values }: Address): Values => values
const parts = ['province', 'city', 'district', 'street', 'detail', 'postCode'] as const
const fresh: Values = { ...nowhere, label: '', main: false }
type Props = { customerId: string; address: Address | null; profileSeen: Profile; close: () => void }

/** An address by its parts, which a pasted one fills. */
export default function AddressForm({ customerId: id, address, profileSeen, close }: Props) {
  const [form] = Form.useForm<Values>()
  const seen = useSeen<Profile, Values>(profileSeen, form, {
    code: 'customer.changed_meanwhile',
    latest: () => call(profile.read, { id }),
    valuesOf: ({ addresses }) => {
      const one = addresses.find(a => a.id === address?.id)
      return one ? valuesOf(one) : null
    },
  })
  const first = profileSeen.addresses.length === 0
  const save = async (given: Values) => {
    const values = { ...fresh, ...given }
    if (address) {
      const mine = untouched(
        values,
        address,
        seen.row.addresses.find(a => a.id === address.id),
      )
      await seen.send(mine, ({ version }) => call(profile.changeAddress, { id, addressId: address.id, body: { ...mine, version } }))
    } else await call(profile.addAddress, { id, body: values })
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(address ? w.saved : w.added(w.address))
  }
  const paste = (text: string) => {
    if (text.trim() === '') return
    const { postCode, ...split } = splitAddress(text)
    form.setFieldsValue({ ...split, ...(postCode ? { postCode } : {}) })
    void form.validateFields(['postCode']).catch(() => {})
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={address ? w.editAddress : w.newAddress}
      values={address ? valuesOf(address) : { ...fresh, main: first }}
      save={save}
      close={close}
      width={480}
    >
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={key => (key === 'main' ? w.mainLong : w[key])} />}
      <Form.Item label={w.paste} extra={w.pasteHelp}>
        <Input.TextArea
          autoFocus={!address}
          autoSize={{ minRows: 2, maxRows: 4 }}
          maxLength={300}
          aria-label={w.paste}
          placeholder={address ? addressLine(address) : w.pasteHint}
          onChange={e => paste(e.target.value)}
        />
      </Form.Item>
      <div className="two">
        <Part name="province" />
        <Part name="city" />
        <Part name="district" />
        <Part name="street" max={40} />
      </div>
      <Form.Item
        name="detail"
        label={w.detail}
        dependencies={['province', 'city', 'district', 'street']}
        rules={[
          {
            validator: async () => {
              const values = form.getFieldsValue(true) as Partial<Values>
              if (parts.every(key => key === 'postCode' || !values[key]?.trim())) throw new Error(w.needed)
            },
          },
        ]}
      >
        <Input maxLength={100} placeholder={w.detailHint} />
      </Form.Item>
      <div className="two">
        <Form.Item
          name="postCode"
          label={w.postCode}
          dependencies={['province']}
          rules={[
            {
              validator: async (_, value: unknown) => {
                const province = String(form.getFieldValue('province') ?? '').trim()
                if (!fitsPostCode({ province, postCode: String(value ?? '').trim() })) throw new Error(w.badPostCode)
              },
            },
          ]}
        >
          <Input maxLength={12} inputMode="numeric" />
        </Form.Item>
        <Form.Item name="label" label={w.label}>
          <AutoComplete maxLength={20} placeholder={w.labelHint} options={labels()} />
        </Form.Item>
      </div>
      {!first && !address?.main && (
        <Form.Item name="main" valuePropName="checked">
          <Checkbox>{w.mainLong}</Checkbox>
        </Form.Item>
      )}
    </FormDrawer>
  )
}

const Part = ({ name, max = 20 }: { name: 'province' | 'city' | 'district' | 'street'; max?: number }) => (
  <Form.Item name={name} label={w[name]}>
    <Input maxLength={max} />
  </Form.Item>
)
