import { Button, Form } from 'antd'
import { useState } from 'react'
import type { FormValues } from '#contract/forms.ts'
import { type OwnFile, own } from '#contract/ownFields.ts'
import { useMay } from '../../app/me.ts'
import { Conflict } from '../../kit/Conflict.tsx'
import { call } from '../../kit/call.ts'
import { queryClient, useFetch } from '../../kit/data.ts'
import { FieldInput, fieldText } from '../../kit/FieldInput.tsx'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { IconEdit } from '../../kit/icons.ts'
import { Failure } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { useSeen } from '../../kit/useSeen.ts'
import { nameOf } from '../../kit/words.ts'
import { RevealFields } from '../Reveal.tsx'
import { useShown } from '../useShown.ts'
import { fieldByField } from './meanwhile.ts'
import { w } from './words.ts'

const labelOf = (f: { label: string; labelEn: string }) => nameOf({ name: f.label, nameEn: f.labelEn })

/** The organisation's own fields of a customer, as far as the reader's role sees them. */
export function OwnPanel({ customerId, name }: { customerId: string; name: string }) {
  const may = useMay()
  const [editing, setEditing] = useState(false)
  const { data, error, refetch } = useFetch(own.read, { id: customerId }, { keep: false })
  const [full, setFull] = useShown<FormValues>(`${customerId} ${data?.version}`)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data || data.fields.length === 0) return null
  const filled = data.fields.filter(f => fieldText(f, data.values[f.key]) !== '')
  return (
    <section className="card" aria-label={w.panel}>
      <header>
        <h3>{w.panel}</h3>
        {may('customer:write') && data.fields.some(f => f.mayWrite) && (
          <Button className="end" type="text" size="small" icon={<IconEdit size={16} stroke={1.75} />} onClick={() => setEditing(true)}>
            {w.edit}
          </Button>
        )}
      </header>
      <div className="body">
        {filled.length === 0 && <span className="t3">{w.empty}</span>}
        <dl className="facts one">
          {filled.map(f => (
            <div key={f.key}>
              <dt>{labelOf(f)}</dt>
              <dd>
                {fieldText(f, full?.[f.key] ?? data.values[f.key])}
                {f.masked && full?.[f.key] === undefined && (
                  <RevealFields customerId={customerId} fields={[`own.${f.key}`]} shown={seen => setFull({ ...full, ...seen.own })} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      </div>
      {editing && <OwnForm file={data} customerId={customerId} name={name} close={() => setEditing(false)} />}
    </section>
  )
}

type Values = { fields: FormValues }

function OwnForm({ file, customerId, name, close }: { file: OwnFile; customerId: string; name: string; close: () => void }) {
  const [form] = Form.useForm<Values>()
  const seen = useSeen<OwnFile, Values>(file, form, {
    code: 'customer.changed_meanwhile',
    latest: () => call(own.read, { id: customerId }),
    valuesOf: ({ values }) => ({ fields: values }),
    between: fieldByField,
  })
  const save = async ({ fields }: Values) => {
    const values = Object.fromEntries(seen.row.fields.filter(f => f.mayWrite).map(f => [f.key, fields[f.key] ?? null]))
    // What only others write is no change of mine.
    const mine = { fields: { ...seen.row.values, ...values } }
    await seen.send(mine, ({ version }) => call(own.write, { id: customerId, body: { values, version } }))
    await queryClient.invalidateQueries({ queryKey: ['customers'] })
    tell(w.saved)
  }
  const show = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null
      ? file.fields
          .flatMap(f => (fieldText(f, Reflect.get(value, f.key)) ? [`${labelOf(f)} ${fieldText(f, Reflect.get(value, f.key))}`] : []))
          .join(' · ')
      : ''
  return (
    <FormDrawer<Values> form={form} open title={w.editing(name)} values={{ fields: file.values }} save={save} close={close}>
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={() => w.values} show={show} />}
      {file.fields.map(f => (
        <FieldInput key={f.key} field={f} disabled={!f.mayWrite} was={seen.row.values[f.key]} />
      ))}
    </FormDrawer>
  )
}
