import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { Priority, type Ticket, ticketCan, tickets } from '#contract/tickets.ts'
import { useNames } from '../app/people.tsx'
import { Conflict } from '../kit/Conflict.tsx'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FieldInput, fieldText } from '../kit/FieldInput.tsx'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconEdit } from '../kit/icons.ts'
import { w as house, Kbd, PriorityBars } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import { useSeen } from '../kit/useSeen.ts'
import { nameOf } from '../kit/words.ts'
import { useKinds } from './lookups.ts'
import { useReach } from './useReach.ts'
import { w } from './words.ts'

type Kind = NonNullable<ReturnType<ReturnType<typeof useKinds>['kind']>>

export function Content({ ticket: t }: { ticket: Ticket }) {
  const may = useReach(t)
  const { kind: kindOf, kindName, categoryName } = useKinds()
  const personName = useNames([t.openedById])
  const [editing, setEditing] = useState(false)
  const kind = kindOf(t.kindId)
  const mayEdit = may('ticket:open') && ticketCan.change(t)
  useHotkey('e', () => setEditing(true), mayEdit && !editing)
  const own = (kind?.fields ?? []).flatMap(f => {
    const value = fieldText(f, t.fields[f.key])
    return value ? [{ key: f.key, label: nameOf({ name: f.label, nameEn: f.labelEn }), value }] : []
  })
  const facts = [
    { key: 'place', label: w.place, value: t.place },
    { key: 'category', label: w.category, value: [kindName(t.kindId), categoryName(t.categoryId)].filter(Boolean).join(' › ') },
    ...own,
    { key: 'openedBy', label: w.openedBy, value: [personName(t.openedById), full(t.openedAt)].filter(Boolean).join(' ') },
  ].filter(f => f.value)
  return (
    <section className="card" aria-label={w.content}>
      <header>
        <h3>{w.content}</h3>
        {mayEdit && (
          <Button className="end" type="text" size="small" icon={<IconEdit size={16} stroke={1.75} />} onClick={() => setEditing(true)}>
            {w.edit} <Kbd>E</Kbd>
          </Button>
        )}
      </header>
      <div className="body col" style={{ gap: 12 }}>
        <dl className="facts">
          {facts.map(f => (
            <div key={f.key}>
              <dt>{f.label}</dt>
              <dd>{f.value}</dd>
            </div>
          ))}
        </dl>
        {t.text && <p className="prose">{t.text}</p>}
        {t.resolution && (
          <div className="note ok">
            <div className="grow">
              <b>{w.resolution}</b>
              <p className="prose">{t.resolution}</p>
            </div>
          </div>
        )}
      </div>
      {mayEdit && editing && <Edit ticket={t} kind={kind} close={() => setEditing(false)} />}
    </section>
  )
}

type Values = Pick<Ticket, 'title' | 'text' | 'priority' | 'categoryId' | 'place' | 'fields'>
const valuesOf = ({ title, text, priority, categoryId, place, fields }: Ticket): Values => ({
  title,
  text,
  priority,
  categoryId,
  place,
  fields,
})

function Edit({ ticket, kind, close }: { ticket: Ticket; kind: Kind | undefined; close: () => void }) {
  const { categoriesOf, categoryName } = useKinds()
  const [form] = Form.useForm<Values>()
  const seen = useSeen<Ticket, Values>(ticket, form, {
    code: 'ticket.changed_meanwhile',
    latest: () => call(tickets.one, { id: ticket.id }),
    valuesOf,
  })
  const save = async (given: Values) => {
    const own = Object.fromEntries(
      Object.entries(given.fields ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== ''),
    )
    const mine: Values = { ...given, categoryId: given.categoryId ?? null, fields: own }
    await seen.send(mine, ({ version }) => call(tickets.change, { id: ticket.id, body: { version, ...mine } }))
    await queryClient.invalidateQueries({ queryKey: ['tickets'] })
    tell(w.saved(ticket.number))
  }
  const label = (key: keyof Values) =>
    ({ title: w.title, text: w.description, priority: w.priority, categoryId: w.category, place: w.place, fields: w.content })[key]
  const show = (key: keyof Values, value: unknown) => {
    if (key === 'categoryId') return categoryName(typeof value === 'string' ? value : null)
    if (key === 'priority') return house[Priority.parse(value)]
    if (key !== 'fields' || typeof value !== 'object' || value === null) return String(value ?? '')
    return Object.entries(value)
      .map(([name, inner]) => {
        const field = kind?.fields.find(f => f.key === name)
        return field ? `${nameOf({ name: field.label, nameEn: field.labelEn })} ${fieldText(field, inner)}` : ''
      })
      .join('; ')
  }
  return (
    <FormDrawer<Values>
      form={form}
      open
      title={`${w.edit} ${ticket.number}`}
      values={valuesOf(ticket)}
      save={save}
      close={close}
      width={480}
    >
      {seen.meanwhile && <Conflict meanwhile={seen.meanwhile} label={label} show={show} />}
      <Form.Item name="title" label={w.title} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="categoryId" label={w.category}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={categoriesOf(ticket.kindId).map(c => ({ value: c.id, label: nameOf(c) }))}
        />
      </Form.Item>
      <Form.Item name="priority" label={w.priority}>
        <Select
          options={Priority.options.map(p => ({
            value: p,
            label: (
              <span className="row">
                <PriorityBars priority={p} />
                {house[p]}
              </span>
            ),
          }))}
        />
      </Form.Item>
      {kind?.fields.map(f => (
        <FieldInput key={f.key} field={f} />
      ))}
      <Form.Item name="place" label={w.place}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="text" label={w.description}>
        <Input.TextArea maxLength={10_000} autoSize={{ minRows: 3, maxRows: 12 }} />
      </Form.Item>
    </FormDrawer>
  )
}
