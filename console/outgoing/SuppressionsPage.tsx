import { Link } from '@tanstack/react-router'
import { Button, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import { type Suppression, suppressions } from '#contract/outgoingSettings.ts'
import { useMay } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { queryClient, useAct, useListing } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { ChannelGlyph, Empty } from '../kit/parts.tsx'
import { WhyButton } from '../kit/WhyButton.tsx'
import { w } from './words.ts'

type Values = { channel: 'mail' | 'sms'; address: string; detail: string }

/** Addresses that bounced or asked for it: nothing goes there until somebody says why it may. */
export default function SuppressionsPage() {
  const may = useMay()
  const [lifted, setLifted] = useState(false)
  const [adding, setAdding] = useState(false)
  const list = useListing(suppressions.list, { lifted })
  return (
    <div className="page">
      <header>
        <h1>{w.bad}</h1>
        <span className="t3 cut">{w.badHint}</span>
        <span className="end row wrap">
          <Segmented<boolean>
            value={lifted}
            onChange={setLifted}
            options={[
              { value: false, label: w.active },
              { value: true, label: w.lifted },
            ]}
          />
          {may('message:configure') && (
            <Button icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {w.addBad}
            </Button>
          )}
        </span>
      </header>
      <p className="t2 f12" style={{ margin: '0 0 8px' }}>
        {w.badIs} <Link to="/settings/left-alone">{w.register}</Link>
      </p>
      <ListTable<Suppression>
        list={list}
        empty={<Empty title={w.noBad} hint={w.noBadHint} />}
        columns={[
          {
            key: 'address',
            title: w.address,
            render: (_, s) => (
              <span className="row nowrap">
                <ChannelGlyph channel={s.channel} />
                <b className="m5">{s.address}</b>
              </span>
            ),
          },
          { key: 'reason', title: w.why, width: 112, render: (_, s) => w[s.reason] },
          { key: 'detail', title: w.said, ellipsis: true, render: (_, s) => <span className="t2">{s.liftReason ?? s.detail}</span> },
          col.time<Suppression>('since', w.since),
          {
            key: 'acts',
            width: 88,
            align: 'end',
            render: (_, s) => (s.liftedAt ? <span className="t3">{s.liftedByName}</span> : may('message:configure') && <Lift id={s.id} />),
          },
        ]}
      />
      <FormDrawer<Values>
        open={adding}
        title={w.addBad}
        values={{ channel: 'sms', detail: '' }}
        close={() => setAdding(false)}
        save={async ({ channel, address, detail }) => {
          await call(suppressions.add, { body: { channel, address, detail: detail ?? '' } })
          await queryClient.invalidateQueries({ queryKey: ['suppressions'] })
        }}
      >
        <Form.Item name="channel" label={w.channel}>
          <Segmented
            options={[
              { value: 'sms', label: w.sms },
              { value: 'mail', label: w.mail },
            ]}
          />
        </Form.Item>
        <Form.Item name="address" label={w.address} rules={[{ required: true, whitespace: true, message: w.required }]}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item name="detail" label={w.why}>
          <Input maxLength={300} />
        </Form.Item>
      </FormDrawer>
    </div>
  )
}

function Lift({ id }: { id: string }) {
  const lift = useAct(suppressions.lift)
  return (
    <WhyButton
      label={w.lift}
      title={w.liftWhy}
      act={reason => lift.act({ id, body: { reason } })}
      acting={lift.acting}
      button={{ size: 'small' }}
    />
  )
}
