import { Form, Input, InputNumber } from 'antd'
import { ticketKinds } from '#contract/tickets.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { CalendarPick, MinutesField, minutesText, NameField, useKinds } from './fields.tsx'
import { KindFields } from './KindFields.tsx'
import { orderColumn } from './Moves.tsx'
import { w } from './words.ts'

export default function TicketKindsPage() {
  const kinds = useKinds()
  return (
    <CatalogPage
      of={ticketKinds}
      title={w.kinds}
      adding={w.addKind}
      hint={w.kindsHint}
      empty={{ title: b.noKinds, hint: b.noKindsHint }}
      width={920}
      fresh={{ targetMinutes: 1440, warnPercent: 80, position: kinds.length, fields: [] }}
      columns={[
        column(ticketKinds, 'name', w.name, k => <b className="m5">{k.name}</b>),
        column(ticketKinds, 'nameEn', w.nameEn, k => <span lang="en">{k.nameEn}</span>),
        column(ticketKinds, 'code', w.code, k => <span className="tag">{k.code}</span>, 96),
        column(ticketKinds, 'target', w.targetMinutes, k => minutesText(k.targetMinutes), 120),
        column(ticketKinds, 'fields', w.fields, k => (k.fields.length ? w.fieldCount(k.fields.length) : w.none), 96),
        orderColumn(ticketKinds, kinds),
      ]}
      fields={
        <>
          <div className="pairs">
            <NameField max={40} />
            <Form.Item
              name="code"
              label={w.code}
              extra={w.codeHint}
              rules={[{ required: true, pattern: /^[A-Z]{2,4}$/, message: w.codeBad }]}
            >
              <Input maxLength={4} style={{ width: 96 }} />
            </Form.Item>
            <MinutesField name="targetMinutes" label={w.targetMinutes} extra={w.targetMinutesHint} />
            <Form.Item name="warnPercent" label={w.warnPercent} extra={w.warnPercentHint}>
              <InputNumber min={1} max={99} precision={0} suffix="%" style={{ width: 112 }} />
            </Form.Item>
            <CalendarPick name="calendarId" label={w.calendar} placeholder={w.calendarDefault} />
          </div>
          <KindFields />
        </>
      }
    />
  )
}
