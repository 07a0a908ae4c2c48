import { Link } from '@tanstack/react-router'
import { Button, Form, Input, Segmented, Select, Switch } from 'antd'
import { useState } from 'react'
import { documents, type Language, type Schedule, schedules } from '#contract/documents.ts'
import { useFresh } from '../app/live.ts'
import { PeopleSelect, useNames } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { DataTable } from '../kit/DataTable.tsx'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import { language, nameOf, refusalText } from '../kit/words.ts'
import { said } from './naming.ts'
import { ParamField } from './ParamField.tsx'
import './documents.css'
import { r, w, weekdays } from './words.ts'

const dayText = ({ every, day }: Pick<Schedule, 'every' | 'day'>) => (every === 'week' ? dayNames()[day - 1] : r.dayOf(day))
const dayNames = () => [weekdays[1], weekdays[2], weekdays[3], weekdays[4], weekdays[5], weekdays[6], weekdays[7]]

export default function SchedulesPage() {
  const reading = useFetch(schedules.list, {})
  const [editing, edit] = useState<Schedule | 'new' | null>(null)
  const remove = useAct(schedules.remove)
  const change = useAct(schedules.change)
  useFresh('documentSchedule', 'document-schedules')
  useFresh('document', 'document-schedules')
  const drop = async (one: Schedule) => {
    await remove.act({ id: one.id })
    tell(r.removed(one.title))
  }
  return (
    <div className="page">
      <header>
        <Link className="nowrap" to="/documents">
          {w.title}
        </Link>
        <h1>{r.title}</h1>
        <span className="t3 cut">{r.hint}</span>
        <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => edit('new')}>
          {r.add}
        </Button>
      </header>
      {reading.error && !reading.data ? (
        <Failure error={reading.error} retry={() => void reading.refetch()} />
      ) : !reading.data ? (
        <Waiting />
      ) : reading.data.length === 0 ? (
        <Empty title={r.none} hint={r.noneHint} />
      ) : (
        <DataTable<Schedule>
          rowKey="id"
          pagination={false}
          dataSource={reading.data}
          columns={[
            {
              key: 'title',
              title: r.name,
              render: (_, s) => (
                <Button type="link" size="small" style={{ padding: 0 }} onClick={() => edit(s)}>
                  {s.title}
                </Button>
              ),
            },
            {
              key: 'template',
              title: w.template,
              width: 144,
              ellipsis: true,
              render: (_, s) => <span className="t2">{nameOf({ name: s.templateName, nameEn: s.templateNameEn })}</span>,
            },
            {
              key: 'every',
              title: r.every,
              width: 168,
              render: (_, s) => (s.every === 'week' ? r.weekly(dayText(s) ?? '', s.hour) : r.monthly(s.day, s.hour)),
            },
            { key: 'people', title: r.people, width: 152, ellipsis: true, render: (_, s) => <People ids={s.people} /> },
            { key: 'owner', title: r.owner, width: 96, ellipsis: true, render: (_, s) => s.ownerName },
            {
              key: 'next',
              title: r.next,
              width: 152,
              render: (_, s) => (s.nextAt ? full(s.nextAt) : <span className="t3">{r.paused}</span>),
            },
            {
              key: 'last',
              title: r.last,
              width: 136,
              render: (_, s) =>
                s.code ? (
                  <span className="bac">{refusalText(s.code, {})}</span>
                ) : (
                  s.documentId && <Link to={`/documents/${s.documentId}`}>{r.open}</Link>
                ),
            },
            {
              key: 'acts',
              title: '',
              width: 128,
              render: (_, s) => (
                <span className="row">
                  <Switch
                    size="small"
                    aria-label={r.active}
                    checked={s.active}
                    loading={change.acting}
                    onChange={active => void change.act({ id: s.id, body: { version: s.version, active } })}
                  />
                  <Button size="small" type="text" onClick={() => void drop(s)}>
                    {r.remove}
                  </Button>
                </span>
              ),
            },
          ]}
        />
      )}
      {editing !== null && (
        <ScheduleForm key={editing === 'new' ? 'new' : editing.id} of={editing === 'new' ? null : editing} close={() => edit(null)} />
      )}
    </div>
  )
}

function People({ ids }: { ids: readonly string[] }) {
  const name = useNames(ids)
  return (
    <span className="t2">
      {ids
        .map(name)
        .filter(Boolean)
        .join(language() === 'zh' ? '、' : ', ')}
    </span>
  )
}

type Values = {
  templateId: string
  title: string
  language: Language
  params?: Record<string, string>
  inputs?: Record<string, string>
  every: 'week' | 'month'
  day: number
  hour: number
  people: string[]
}

function ScheduleForm({ of, close }: { of: Schedule | null; close: () => void }) {
  const [form] = Form.useForm<Values>()
  const sources = useFetch(documents.sources, {}).data ?? []
  const templates = (useFetch(documents.templates, { query: {} }).data ?? []).filter(t => {
    const source = sources.find(s => s.name === t.source)
    return t.published !== null && source?.allowed && source.params.every(p => p.kind === 'date' || p.kind === 'choice' || !p.required)
  })
  const templateId = Form.useWatch('templateId', form) ?? of?.templateId
  const every = Form.useWatch('every', form) ?? of?.every ?? 'month'
  const chosen = templates.find(t => t.id === templateId)
  const source = sources.find(s => s.name === chosen?.source)
  const template = useFetch(documents.template, { id: templateId ?? '' }, { enabled: templateId !== undefined }).data
  const asked = source?.params.filter(p => p.kind === 'choice') ?? []
  return (
    <FormDrawer<Values>
      open
      close={close}
      form={form}
      title={of ? r.edit : r.add}
      values={of ?? { language: language(), every: 'month', day: 2, hour: 8, people: [], params: { period: 'month' } }}
      save={async ({ params = {}, inputs = {}, templateId: whose, ...values }) => {
        const keys = new Set(asked.map(p => p.key))
        const body = {
          ...values,
          params: Object.fromEntries(Object.entries(params).filter(([key, value]) => keys.has(key) && value)),
          inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => value)),
        }
        if (of) await call(schedules.change, { id: of.id, body: { ...body, version: of.version } })
        else await call(schedules.add, { body: { ...body, templateId: whose, active: true } })
        void queryClient.invalidateQueries({ queryKey: ['document-schedules'] })
      }}
    >
      <Form.Item name="templateId" label={w.template} rules={[{ required: true, message: w.required }]}>
        <Select
          disabled={of !== null}
          options={templates.map(t => ({ value: t.id, label: nameOf(t) }))}
          onChange={id => {
            const next = templates.find(t => t.id === id)
            if (next && !form.getFieldValue('title')) form.setFieldValue('title', nameOf(next))
          }}
        />
      </Form.Item>
      <Form.Item name="title" label={r.name} extra={r.nameHint} rules={[{ required: true, message: w.required }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="language" label={w.language}>
        <Segmented options={(chosen?.languages ?? ['zh', 'en']).map(l => ({ value: l, label: w[l] }))} />
      </Form.Item>
      <Form.Item name="every" label={r.every}>
        <Segmented
          options={(['week', 'month'] as const).map(value => ({ value, label: r[value] }))}
          onChange={value => {
            form.setFieldValue('day', value === 'week' ? 1 : 2)
            form.setFieldValue(['params', 'period'], value)
          }}
        />
      </Form.Item>
      <div className="row">
        <Form.Item name="day" label={r.day} className="grow">
          <Select
            options={Array.from({ length: every === 'week' ? 7 : 28 }, (_, n) => ({ value: n + 1, label: dayText({ every, day: n + 1 }) }))}
          />
        </Form.Item>
        <Form.Item name="hour" label={r.hour} className="grow">
          <Select options={Array.from({ length: 24 }, (_, n) => ({ value: n, label: r.hourOf(n) }))} />
        </Form.Item>
      </div>
      {asked.map(param => (
        <Form.Item
          key={param.key}
          name={['params', param.key]}
          label={said(param)}
          rules={param.required ? [{ required: true, message: w.required }] : []}
        >
          <ParamField of={param} />
        </Form.Item>
      ))}
      {(template?.id === templateId ? template?.inUse?.inputs : undefined)?.map(input => (
        <Form.Item
          key={input.key}
          name={['inputs', input.key]}
          label={nameOf({ name: input.label, nameEn: input.labelEn })}
          rules={input.required ? [{ required: true, whitespace: true, message: w.required }] : []}
        >
          {input.long ? <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={8000} /> : <Input maxLength={400} />}
        </Form.Item>
      ))}
      <Form.Item name="people" label={r.people} extra={r.peopleHint}>
        <PeopleSelect />
      </Form.Item>
    </FormDrawer>
  )
}
