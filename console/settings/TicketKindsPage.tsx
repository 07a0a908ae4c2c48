import { Checkbox, Form, Input, Select } from 'antd'
import { ticketKinds } from '#contract/tickets.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { column } from './column.ts'
import { CalendarPick, MinutesField, minutesText, NameField, PositionField, Rows } from './fields.tsx'
import { w } from './words.ts'

const types = () => [
  { value: 'text', label: w.typeText },
  { value: 'number', label: w.typeNumber },
  { value: 'choice', label: w.typeChoice },
  { value: 'date', label: w.typeDate },
  { value: 'yesno', label: w.typeYesno },
]

export default function TicketKindsPage() {
  return (
    <CatalogPage
      of={ticketKinds}
      title={w.kinds}
      hint={w.kindsHint}
      fresh={{ targetMinutes: 1440, position: 0, fields: [] }}
      columns={[
        column(ticketKinds, 'name', w.name, k => k.name),
        column(ticketKinds, 'nameEn', w.nameEn, k => k.nameEn),
        column(ticketKinds, 'code', w.code, k => <span className="tag">{k.code}</span>, 96),
        column(ticketKinds, 'target', w.targetMinutes, k => minutesText(k.targetMinutes), 120),
        column(ticketKinds, 'fields', w.fields, k => (k.fields.length ? w.fieldCount(k.fields.length) : w.none), 96),
      ]}
      fields={
        <>
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
          <CalendarPick name="calendarId" label={w.calendar} placeholder={w.calendarDefault} />
          <Rows
            name="fields"
            label={w.fields}
            add={w.addField}
            fresh={() => ({ key: '', label: '', labelEn: '', type: 'text', options: [], required: false })}
          >
            {row => <FieldRow row={row} />}
          </Rows>
          <PositionField />
        </>
      }
    />
  )
}

function FieldRow({ row }: { row: number }) {
  const type: unknown = Form.useWatch(['fields', row, 'type'])
  return (
    <>
      <div className="pair">
        <Form.Item name={[row, 'label']} rules={[{ required: true, message: w.required }]}>
          <Input placeholder={w.fieldLabel} aria-label={w.fieldLabel} maxLength={40} />
        </Form.Item>
        <Form.Item name={[row, 'labelEn']}>
          <Input placeholder={w.fieldLabelEn} aria-label={w.fieldLabelEn} maxLength={60} lang="en" />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name={[row, 'key']} rules={[{ required: true, pattern: /^[a-z][a-zA-Z0-9]{0,39}$/, message: w.fieldKeyBad }]}>
          <Input placeholder={w.fieldKey} aria-label={w.fieldKey} />
        </Form.Item>
        <Form.Item name={[row, 'type']}>
          <Select options={types()} aria-label={w.fieldType} />
        </Form.Item>
      </div>
      <Form.Item name={[row, 'required']} valuePropName="checked">
        <Checkbox>{w.required}</Checkbox>
      </Form.Item>
      {type === 'choice' && (
        <Form.List name={[row, 'options']}>
          {(options, { add, remove }) => (
            <div className="col" style={{ gap: 4 }}>
              {options.map(option => (
                <div key={option.key} className="row" style={{ gap: 4 }}>
                  <Form.Item name={[option.name, 'value']} className="grow" rules={[{ required: true, message: w.required }]}>
                    <Input size="small" placeholder={w.optionValue} aria-label={w.optionValue} />
                  </Form.Item>
                  <Form.Item name={[option.name, 'label']} className="grow" rules={[{ required: true, message: w.required }]}>
                    <Input size="small" placeholder={w.fieldLabel} aria-label={w.fieldLabel} />
                  </Form.Item>
                  <Form.Item name={[option.name, 'labelEn']} className="grow">
                    <Input size="small" placeholder={w.fieldLabelEn} aria-label={w.fieldLabelEn} lang="en" />
                  </Form.Item>
                  <button type="button" className="linkbutton" aria-label={w.remove} onClick={() => remove(option.name)}>
                    ×
                  </button>
                </div>
              ))}
              <button type="button" className="linkbutton ac" onClick={() => add({ value: '', label: '', labelEn: '' })}>
                {w.addOption}
              </button>
            </div>
          )}
        </Form.List>
      )}
    </>
  )
}
