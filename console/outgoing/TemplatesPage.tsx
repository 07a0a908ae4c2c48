import { Button, Form, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { Purpose } from '#contract/outgoing.ts'
import { type NewTemplate, type Template, templates } from '#contract/outgoingSettings.ts'
import { useMay } from '../app/me.ts'
import { call, type ReplyOf } from '../kit/call.ts'
import { DataTable } from '../kit/DataTable.tsx'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import './outgoing.css'
import { purposeWords, w } from './words.ts'

type Values = Omit<NewTemplate, 'variables'> & { code: string; lines: string }
const fresh: Values = {
  code: '',
  purpose: 'notice',
  name: '',
  nameEn: '',
  subject: '',
  subjectEn: '',
  text: '',
  textEn: '',
  sms: '',
  smsEn: '',
  vendorCode: '',
  lines: '',
}
const ownPurposes = Purpose.options.filter(p => !['password_link', 'invitation', 'code', 'test'].includes(p))

const linesOf = (t: Template) =>
  t.variables.map(v => [v.key, v.sample, v.sampleEn, v.label, v.labelEn].join(' = ').replace(/( = )+$/, '')).join('\n')
const variablesOf = (lines: string) =>
  lines
    .split('\n')
    .map(line => line.split('=').map(part => part.trim()))
    .flatMap(([key = '', sample = '', sampleEn = '', label = '', labelEn = '']) =>
      key === '' ? [] : [{ key, sample, sampleEn, label, labelEn }],
    )
const templateOf = ({ code: _, lines, ...rest }: Values): NewTemplate => ({ ...rest, variables: variablesOf(lines) })

/** What mail and short messages say, by purpose and language. */
export default function TemplatesPage() {
  const may = useMay()
  const list = useFetch(templates.list, { query: {} })
  const [open, setOpen] = useState<Template | 'new' | null>(null)
  const [form] = Form.useForm<Values>()
  const drop = useAct(templates.drop, { done: () => setOpen(null) })
  const one = open === 'new' ? null : open
  return (
    <div className="page">
      <header>
        <h1>{w.templates}</h1>
        <span className="t3 cut">{w.templatesHint}</span>
        {may('message:configure') && (
          <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {w.addTemplate}
          </Button>
        )}
      </header>
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} readAt={list.dataUpdatedAt} />}
      {!list.data ? (
        <Waiting />
      ) : (
        <div className="card">
          <DataTable<Template>
            rowKey="code"
            dataSource={list.data}
            open={setOpen}
            columns={[
              {
                key: 'name',
                title: w.name,
                render: (_, t) => (
                  <span className="row nowrap">
                    <b className="m5">{nameOf(t)}</b>
                    {t.builtIn && <span className="tag">{t.changed ? w.ownWords : w.builtIn}</span>}
                  </span>
                ),
              },
              { key: 'purpose', title: w.purpose, width: 128, render: (_, t) => purposeWords[t.purpose] },
              {
                key: 'channels',
                title: w.channel,
                width: 112,
                render: (_, t) => [t.text ? w.mail : '', t.sms ? w.sms : ''].filter(Boolean).join(' / '),
              },
              { key: 'says', title: w.words, ellipsis: true, render: (_, t) => <span className="t2">{t.subject || t.sms}</span> },
            ]}
          />
        </div>
      )}
      <FormDrawer<Values>
        form={form}
        open={open !== null}
        width={640}
        title={one ? nameOf(one) : w.addTemplate}
        values={one ? { ...one, lines: linesOf(one) } : fresh}
        close={() => setOpen(null)}
        save={async values => {
          await call(templates.save, { code: one?.code ?? values.code, body: templateOf({ ...fresh, ...values }) })
          await queryClient.invalidateQueries({ queryKey: ['message-templates'] })
          tell(w.saved)
        }}
      >
        <div className="pairs">
          <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.required }]}>
            <Input maxLength={60} autoFocus />
          </Form.Item>
          <Form.Item name="nameEn" label={`${w.name} (${w.en})`}>
            <Input maxLength={60} lang="en" />
          </Form.Item>
        </div>
        <div className="pairs">
          <Form.Item
            name="code"
            label={w.code}
            extra={w.codeHint}
            rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{1,39}$/, message: w.codeHint }]}
          >
            <Input disabled={one !== null} autoComplete="off" />
          </Form.Item>
          <Form.Item name="purpose" label={w.purpose}>
            <Select
              disabled={one?.builtIn ?? false}
              options={(one?.builtIn ? Purpose.options : ownPurposes).map(p => ({ value: p, label: purposeWords[p] }))}
            />
          </Form.Item>
        </div>
        <Said tongue="zh" />
        <Said tongue="en" />
        <Form.Item name="lines" label={w.variables} extra={w.variablesHint}>
          <Input.TextArea className="mono" autoSize={{ minRows: 2, maxRows: 8 }} disabled={one?.builtIn ?? false} />
        </Form.Item>
        <Form.Item name="vendorCode" label={w.vendorCode}>
          <Input maxLength={60} placeholder="SMS_123456789" />
        </Form.Item>
        <Preview now={() => templateOf({ ...fresh, ...form.getFieldsValue(true) })} />
        {one && (one.changed || !one.builtIn) && may('message:configure') && (
          <Button danger style={{ marginTop: 16 }} loading={drop.acting} onClick={() => void drop.act({ code: one.code })}>
            {one.builtIn ? w.giveBack : w.retire}
          </Button>
        )}
      </FormDrawer>
    </div>
  )
}

function Said({ tongue }: { tongue: 'zh' | 'en' }) {
  const end = tongue === 'en' ? 'En' : ''
  const of = (label: string) => `${label} (${tongue === 'en' ? w.en : w.zh})`
  return (
    <>
      <Form.Item name={`subject${end}`} label={of(w.subject)}>
        <Input maxLength={200} lang={tongue} />
      </Form.Item>
      <Form.Item name={`text${end}`} label={of(w.mailText)}>
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} maxLength={8000} lang={tongue} />
      </Form.Item>
      <Form.Item name={`sms${end}`} label={of(w.smsText)}>
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} maxLength={1000} lang={tongue} />
      </Form.Item>
    </>
  )
}

/** As it reads with the sample values, in a frame of its own that may run and load nothing. */
function Preview({ now }: { now: () => NewTemplate }) {
  const [tongue, setTongue] = useState<'zh' | 'en'>('zh')
  const [seen, setSeen] = useState<ReplyOf<typeof templates.preview> | null>(null)
  const preview = useAct(templates.preview, { quiet: true, done: setSeen })
  return (
    <div className="col" style={{ gap: 12 }}>
      <div className="row">
        <Segmented<'zh' | 'en'>
          value={tongue}
          onChange={setTongue}
          options={[
            { value: 'zh', label: w.zh },
            { value: 'en', label: w.en },
          ]}
        />
        <Button loading={preview.acting} onClick={() => void preview.act({ body: { ...now(), language: tongue } })}>
          {w.preview}
        </Button>
      </div>
      {preview.refused && <Failure error={preview.refused} />}
      {seen?.text && (
        <section className="letter">
          <b>{seen.subject}</b>
          <p>{seen.text}</p>
        </section>
      )}
      {seen?.sms && (
        <section className="letter">
          <p>{seen.sms}</p>
          <span className="t3">{w.sms1(seen.smsLength, seen.smsSegments)}</span>
        </section>
      )}
    </div>
  )
}
