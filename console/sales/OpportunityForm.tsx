import { Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { type Opportunity, OpportunitySource, opportunities } from '#contract/sales.ts'
import { useMay, useMe } from '../app/me.ts'
import { PersonSelect, useNames } from '../app/people.tsx'
// What the server may refuse about a number or an address.
import '../customers/words.ts'
import { CustomerSelect } from '../customers/finding/Found.tsx'
import { Conflict } from '../kit/Conflict.tsx'
import { call } from '../kit/call.ts'
import { DayInput } from '../kit/DayInput.tsx'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { newUuid } from '../kit/ids.ts'
import { tell } from '../kit/tell.tsx'
import { useSeen } from '../kit/useSeen.ts'
import '../kit/page.css'
import { sourceOptions, sourceWord, w } from './words.ts'

type Values = {
  /** Of a new one, somebody who has a file. */
  customerId?: string | undefined
  title: string
  name: string
  phone: string
  email: string
  yuan: number | null
  source: string
  sourceNote: string
  ownerId: string | null
  expectedOn: string
  note: string
}

const valuesOf = (of: Opportunity): Values => ({
  title: of.title,
  name: of.name,
  phone: of.phone ?? '',
  email: of.email ?? '',
  yuan: of.value / 100,
  source: of.source,
  sourceNote: of.sourceNote,
  ownerId: of.ownerId,
  expectedOn: of.expectedOn ?? '',
  note: of.note,
})
const labels = (): Record<Exclude<keyof Values, 'customerId'>, string> => ({
  title: w.name,
  name: w.leadName,
  phone: w.phone,
  email: w.email,
  yuan: w.valueYuan,
  source: w.source,
  sourceNote: w.sourceNote,
  ownerId: w.owner,
  expectedOn: w.expected,
  note: w.note,
})
const fresh: Values = {
  ...{ title: '', name: '', phone: '', email: '', yuan: null, source: 'contact', sourceNote: '' },
  ...{ ownerId: null, expectedOn: '', note: '' },
}

/** A new one, for a customer or a lead; or one that is there. */
export default function OpportunityForm({
  of,
  customer,
  interactionId,
  close,
  saved,
}: {
  of?: Opportunity
  customer?: { id: string; name: string } | undefined
  interactionId?: string | undefined
  close: () => void
  saved?: (one: Opportunity) => void
}) {
  const me = useMe()
  const may = useMay()
  const [clientId] = useState(newUuid)
  const whose = of ? (of.customerId ? { id: of.customerId, name: of.whoName } : undefined) : customer
  const [form] = Form.useForm<Values>()
  const chosen = Form.useWatch('customerId', form)
  const isLead = whose === undefined && chosen === undefined
  const seen = useSeen<Opportunity | null, Values>(of ?? null, form, {
    code: 'opportunity.changed_meanwhile',
    latest: async () => (of ? call(opportunities.one, { id: of.id }) : undefined),
    valuesOf: row => row && valuesOf(row),
  })
  const name = useNames([seen.meanwhile?.mine.ownerId, seen.meanwhile?.theirs.ownerId])
  const show = (key: keyof Values, value: unknown) =>
    key === 'ownerId'
      ? typeof value === 'string' && name(value)
      : key === 'source'
        ? sourceWord(OpportunitySource.parse(value))
        : String(value ?? '')
  const save = async (values: Values) => {
    const body = {
      title: values.title,
      source: OpportunitySource.parse(values.source),
      sourceNote: values.sourceNote ?? '',
      value: Math.round((values.yuan ?? 0) * 100),
      ownerId: values.ownerId ?? null,
      expectedOn: values.expectedOn || null,
      note: values.note ?? '',
      ...(whose || values.customerId ? {} : { name: values.name ?? '', phone: values.phone || null, email: values.email || null }),
    }
    const one = of
      ? await seen.send({ ...valuesOf(seen.row ?? of), ...values }, row =>
          call(opportunities.change, { id: of.id, body: { ...body, version: row?.version ?? of.version } }),
        )
      : await call(opportunities.open, {
          body: { ...body, clientId, customerId: customer?.id ?? values.customerId ?? null, ...(interactionId ? { interactionId } : {}) },
        })
    await Promise.all(['opportunities', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
    if (!of) tell(w.added)
    saved?.(one)
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={of ? w.editTitle : w.addTitle}
      values={of ? valuesOf(of) : { ...fresh, ownerId: me?.user.id ?? null }}
      save={save}
      close={close}
    >
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={key => (key === 'customerId' ? w.who : labels()[key])} show={show} />}
      {whose && (
        <p className="t3" style={{ marginBottom: 12 }}>
          {w.who} <b className="m5">{whose.name}</b>
        </p>
      )}
      <Form.Item name="title" label={w.name} validateTrigger="onChange" rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={120} autoFocus />
      </Form.Item>
      {!whose && !of && may('customer:read') && (
        <Form.Item name="customerId" label={w.who} extra={w.whoHint}>
          <CustomerSelect allowClear />
        </Form.Item>
      )}
      {isLead && (
        <>
          <Form.Item
            name="name"
            label={w.leadName}
            validateTrigger="onChange"
            rules={[{ required: true, whitespace: true, message: w.mustName }]}
          >
            <Input maxLength={80} />
          </Form.Item>
          <div className="two">
            <Form.Item name="phone" label={w.phone}>
              <Input maxLength={40} inputMode="tel" />
            </Form.Item>
            <Form.Item name="email" label={w.email}>
              <Input maxLength={200} inputMode="email" />
            </Form.Item>
          </div>
        </>
      )}
      <div className="two">
        <Form.Item name="yuan" label={w.valueYuan}>
          <InputNumber min={0} max={90_000_000_000} precision={2} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="expectedOn" label={w.expected}>
          <DayInput />
        </Form.Item>
      </div>
      <div className="two">
        <Form.Item name="source" label={w.source}>
          <Select options={sourceOptions()} />
        </Form.Item>
        <Form.Item name="ownerId" label={w.owner}>
          <PersonSelect placeholder={w.nobody} />
        </Form.Item>
      </div>
      <Form.Item name="sourceNote" label={w.sourceNote}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="note" label={w.note}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
    </FormDrawer>
  )
}
