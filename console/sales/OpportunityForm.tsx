import { Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { type Opportunity, OpportunitySource, opportunities } from '#contract/sales.ts'
import { useMe } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { sourceOptions, w } from './words.ts'

type Values = {
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
  interactionId?: string
  close: () => void
  saved?: (one: Opportunity) => void
}) {
  const me = useMe()
  const [clientId] = useState(() => crypto.randomUUID())
  const whose = of ? (of.customerId ? { id: of.customerId, name: of.whoName } : undefined) : customer
  const save = async (values: Values) => {
    const body = {
      title: values.title,
      source: OpportunitySource.parse(values.source),
      sourceNote: values.sourceNote ?? '',
      value: Math.round((values.yuan ?? 0) * 100),
      ownerId: values.ownerId ?? null,
      expectedOn: values.expectedOn || null,
      note: values.note ?? '',
      ...(whose ? {} : { name: values.name ?? '', phone: values.phone || null, email: values.email || null }),
    }
    const one = of
      ? await call(opportunities.change, { id: of.id, body: { ...body, version: of.version } })
      : await call(opportunities.open, {
          body: { ...body, clientId, customerId: customer?.id ?? null, ...(interactionId ? { interactionId } : {}) },
        })
    await Promise.all(['opportunities', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
    saved?.(one)
  }
  return (
    <FormDrawer<Values>
      open
      title={of ? w.editTitle : w.addTitle}
      values={{
        title: of?.title ?? '',
        name: of?.name ?? '',
        phone: of?.phone ?? '',
        email: of?.email ?? '',
        yuan: of ? of.value / 100 : null,
        source: of?.source ?? 'contact',
        sourceNote: of?.sourceNote ?? '',
        ownerId: of ? of.ownerId : (me?.user.id ?? null),
        expectedOn: of?.expectedOn ?? '',
        note: of?.note ?? '',
      }}
      save={save}
      close={close}
    >
      {whose && (
        <p className="t3" style={{ marginBottom: 12 }}>
          {w.who} <b className="m5">{whose.name}</b>
        </p>
      )}
      <Form.Item name="title" label={w.name} validateTrigger="onChange" rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={120} autoFocus />
      </Form.Item>
      {!whose && (
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
          <Input type="date" max="9999-12-31" />
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
