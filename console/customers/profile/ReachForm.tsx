import { AutoComplete, Checkbox, Form, Input } from 'antd'
import { type Profile, profile, type ReachedBy, WrittenKind } from '#contract/profile.ts'
import { Conflict } from '../../kit/Conflict.tsx'
import { call } from '../../kit/call.ts'
import { queryClient } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { tell } from '../../kit/tell.tsx'
import { useSeen } from '../../kit/useSeen.ts'
import { w as file } from '../words.ts'
import { labels, w } from './words.ts'

type Written = (typeof WrittenKind.options)[number]
type Values = { value: string; label: string; main: boolean }
type Props = { customerId: string; way: ReachedBy | Written; profileSeen: Profile; close: () => void }

/** Another number, mail or WeChat id; of one that stands there, what it is used for. */
export default function ReachForm({ customerId: id, way, profileSeen, close }: Props) {
  const [form] = Form.useForm<Values>()
  const known = typeof way === 'string' ? null : way
  const kind = typeof way === 'string' ? way : WrittenKind.safeParse(way.kind).data
  const word = kind ? { phone: w.addPhone, email: w.addEmail, wechat: w.addWechat }[kind] : w.web
  const seen = useSeen<Profile, Values>(profileSeen, form, {
    code: 'customer.changed_meanwhile',
    latest: () => call(profile.read, { id }),
    valuesOf: ({ reached }) => {
      const one = reached.find(r => r.id === known?.id)
      return one ? { value: '', label: one.label, main: one.main } : null
    },
  })
  const save = async ({ value, label, main }: Values) => {
    const said = { label: label?.trim() ?? '', main: main ?? known?.main ?? false }
    if (known)
      await seen.send({ value: '', ...said }, ({ version }) =>
        call(profile.changeReach, {
          id,
          reachId: known.id,
          body: { version, label: said.label, ...(said.main && !known.main ? { main: true } : {}) },
        }),
      )
    else if (kind) await call(profile.addReach, { id, body: { kind, value: value.trim(), ...said } })
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(known ? w.saved : w.added(word))
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={known ? known.value : `${w.add} ${word}`}
      values={{ value: '', label: known?.label ?? '', main: known?.main ?? false }}
      save={save}
      close={close}
      width={400}
    >
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={() => w.label} />}
      {!known && kind && (
        <Form.Item
          name="value"
          label={{ phone: w.valuePhone, email: w.valueEmail, wechat: w.valueWechat }[kind]}
          {...(kind === 'phone' ? { extra: w.phoneHint } : {})}
          rules={[
            { required: true, whitespace: true, message: w.must },
            ...(kind === 'email' ? [{ type: 'email' as const, message: file.badMail }] : []),
            ...(kind === 'wechat' ? [{ pattern: /^\s*[\w-]{2,64}\s*$/, message: w.badWechat }] : []),
          ]}
        >
          <Input autoFocus maxLength={200} autoComplete="off" inputMode={kind === 'phone' ? 'tel' : kind === 'email' ? 'email' : 'text'} />
        </Form.Item>
      )}
      <Form.Item name="label" label={w.label}>
        <AutoComplete maxLength={20} placeholder={w.labelHint} options={labels()} autoFocus={known !== null} />
      </Form.Item>
      {kind && !known?.main && (
        <Form.Item name="main" valuePropName="checked">
          <Checkbox>{w.mainLong}</Checkbox>
        </Form.Item>
      )}
    </FormDrawer>
  )
}
