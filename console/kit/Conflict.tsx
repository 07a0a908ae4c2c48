import { Form } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { IconAlertTriangle } from './icons.ts'
import { disputed, type Meanwhile, same } from './merge.ts'
import { words } from './words.ts'

const w = words({
  title: ['别人刚改过同一份内容', 'Someone changed it meanwhile'],
  merged: ['两边改的地方不同，已合并，再保存一次即可', 'You changed different things; they are merged, save again'],
  choose: ['这几处两边都改了，选一个再保存', 'Both of you changed these; choose, then save'],
  mine: ['我的', 'Mine'],
  theirs: ['对方的', 'Theirs'],
  empty: ['空', 'empty'],
})

type Props<V> = {
  meanwhile: Meanwhile<V>
  label: (key: keyof V & string) => string
  /** Without it: words and figures as they are, what holds by its label. */
  show?: (key: keyof V & string, value: unknown) => ReactNode
}

/** Stands inside the form: both values of each field in dispute, and the one that will be saved. */
export function Conflict<V extends object>({ meanwhile, label, show: shown }: Props<V>) {
  const show = shown ?? ((key, value) => (value === true ? label(key) : value === false ? '' : String(value ?? '')))
  const form = Form.useFormInstance<V>()
  const now = Form.useWatch<Partial<V> | undefined>((values: Partial<V>) => values, form)
  const fields = disputed(meanwhile)
  const place = useRef<HTMLDivElement>(null)
  // Told at the head of the form, wherever the person was in it; each refusal anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another `meanwhile` is another refusal
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'center' })
  }, [meanwhile])
  return (
    <div ref={place} className="note wa" role="alert" style={{ marginBottom: 16 }}>
      <IconAlertTriangle size={16} className="wac" />
      <div className="grow col">
        <b>{w.title}</b>
        <span>{fields.length > 0 ? w.choose : w.merged}</span>
        {fields.map(key => (
          <fieldset key={key} className="dispute">
            <legend className="m5">{label(key)}</legend>
            {(['theirs', 'mine'] as const).map(side => (
              <label key={side} className="row">
                <input
                  type="radio"
                  name={key}
                  checked={same(now?.[key], meanwhile[side][key])}
                  onChange={() => form.setFieldsValue({ [key]: meanwhile[side][key] } as Parameters<typeof form.setFieldsValue>[0])}
                />
                <span className="tag">{w[side]}</span>
                <span style={{ overflowWrap: 'anywhere' }}>{show(key, meanwhile[side][key]) || <span className="t3">{w.empty}</span>}</span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
    </div>
  )
}
