import { AutoComplete, Checkbox, Form, Input } from 'antd'
import { useState } from 'react'
import { type AddressParts, addressLine, fitsPostCode, nowhere, splitAddress } from '#contract/addresses.ts'
import { type Address, type Profile, profile } from '#contract/profile.ts'
import { Conflict } from '../../kit/Conflict.tsx'
import { call, RefusalError } from '../../kit/call.ts'
import { queryClient } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { type Meanwhile, merge } from '../../kit/merge.ts'
import { tell } from '../../kit/tell.tsx'
import { labels, w } from './words.ts'

type Values = AddressParts & { label: string; main: boolean }
const valuesOf = ({ id: _, ...values }: Address): Values => values
const parts = ['province', 'city', 'district', 'street', 'detail', 'postCode'] as const
const fresh: Values = { ...nowhere, label: '', main: false }
type Props = { customerId: string; address: Address | null; profileSeen: Profile; close: () => void }

/** An address by its parts, which a pasted one fills. */
export default function AddressForm({ customerId: id, address, profileSeen, close }: Props) {
  const [form] = Form.useForm<Values>()
  // The one the editor saw: pushes go on changing the page behind the drawer.
  const [seen, setSeen] = useState<{ version: number; address: Address | null; meanwhile: Meanwhile<Values> | null }>({
    version: profileSeen.version,
    address,
    meanwhile: null,
  })
  const first = profileSeen.addresses.length === 0
  const change = async (addressId: string, values: Values) => {
    try {
      await call(profile.changeAddress, { id, addressId, body: { ...values, version: seen.version } })
    } catch (error) {
      if (error instanceof RefusalError && error.code === 'customer.changed_meanwhile') {
        const latest = await call(profile.read, { id })
        const theirs = latest.addresses.find(a => a.id === addressId)
        if (seen.address && theirs) {
          const meanwhile = { base: valuesOf(seen.address), mine: values, theirs: valuesOf(theirs) }
          setSeen({ version: latest.version, address: theirs, meanwhile })
          form.setFieldsValue(merge(meanwhile))
        }
      }
      throw error
    }
  }
  const save = async (given: Values) => {
    const values = { ...fresh, ...given }
    if (seen.address) await change(seen.address.id, values)
    else await call(profile.addAddress, { id, body: values })
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(seen.address ? w.saved : w.added(w.address))
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
      {seen.meanwhile && (
        <Conflict
          meanwhile={seen.meanwhile}
          label={key => (key === 'main' ? w.mainLong : w[key])}
          show={(_, value) => String(value ?? '')}
        />
      )}
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
