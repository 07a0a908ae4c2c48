import { AutoComplete, Button, Form, Input, Modal, Segmented, Select } from 'antd'
import { useRef, useState } from 'react'
import { type NewNotice, type Notice, notices } from '#contract/outgoing.ts'
import { type Template, templates } from '#contract/outgoingSettings.ts'
import { segments } from '#contract/segments.ts'
import { useMay } from '../app/me.ts'
import { call, type RefusalError, type ReplyOf } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { newClientId } from '../kit/ids.ts'
import { Failure, tierWord } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { language, nameOf } from '../kit/words.ts'
import { reasonText, w } from './words.ts'

type Values = {
  name: string
  channel: 'mail' | 'sms'
  template: string
  language: 'zh' | 'en'
  variables: Record<string, string>
  whom: 'filter' | 'segment' | 'list' | 'everybody'
  tier?: 'normal' | 'silver' | 'gold' | 'key' | null
  district?: string
  tag?: string
  segment?: string
  numbers?: string
}
const toMany = ['notice', 'urgent', 'survey', 'marketing']
const labelOf = (v: Template['variables'][number]): string => (language() === 'en' ? v.labelEn || v.label : v.label) || v.key
/** Filled in by the house. */
const given = ['name', 'organisation']

const noticeOf = (v: Values): NewNotice => ({
  name: v.name,
  channel: v.channel,
  template: v.template,
  language: v.language,
  variables: v.variables ?? {},
  audience:
    v.whom === 'list'
      ? { numbers: [...new Set((v.numbers ?? '').split(/[\s,，;；、]+/).filter(Boolean))] }
      : v.whom === 'segment'
        ? { segment: v.segment }
        : v.whom === 'everybody'
          ? {}
          : { ...(v.tier ? { tier: v.tier } : {}), ...(v.district ? { district: v.district } : {}), ...(v.tag ? { tag: v.tag } : {}) },
})
const among = (names: readonly string[] | undefined) => (names ?? []).map(value => ({ value }))
const has = (typed: string, option: { value: string } | undefined) => option?.value.includes(typed.trim()) === true
const askedOf = ({ name: _, ...asked }: NewNotice) => asked
const n = (x: number) => x.toLocaleString()
type Seen = ReplyOf<typeof notices.preview>

export function NewNoticeDrawer({ open, close, sent }: { open: boolean; close: () => void; sent: (notice: Notice) => void }) {
  const [form] = Form.useForm<Values>()
  const may = useMay()('customer:read')
  // The same words sent again after a lost answer are the same notice.
  const attempt = useRef({ said: '', clientId: '' })
  const all = useFetch(templates.list, { query: {} }, { enabled: open }).data ?? []
  const known = useFetch(notices.known, {}, { enabled: open, staleTime: 60_000 }).data
  const groups = useFetch(segments.list, { query: {} }, { enabled: open && may, staleTime: 30_000 }).data ?? []
  const chosen = Form.useWatch('template', form)
  const whom = Form.useWatch('whom', form)
  const template = all.find(t => t.code === chosen)
  const [asking, setAsking] = useState<{ seen: Seen; answer: (yes: boolean) => void } | null>(null)
  const answered = (yes: boolean) => {
    asking?.answer(yes)
    setAsking(null)
  }
  return (
    <>
      <FormDrawer<Values>
        form={form}
        open={open}
        title={w.newNotice}
        width={560}
        saveWord={w.send}
        values={{ channel: 'sms', language: language(), whom: 'filter', template: 'notice', variables: {} }}
        close={close}
        save={async values => {
          const body = noticeOf(values)
          const seen = await call(notices.preview, { body: askedOf(body) })
          if (!(await new Promise<boolean>(answer => setAsking({ seen, answer })))) return false
          const said = JSON.stringify(body)
          if (attempt.current.said !== said) attempt.current = { said, clientId: newClientId() }
          const notice = await call(notices.send, { body: { ...body, clientId: attempt.current.clientId } })
          attempt.current = { said: '', clientId: '' }
          await queryClient.invalidateQueries({ queryKey: ['notices'] })
          tell(w.sent)
          sent(notice)
          return true
        }}
      >
        <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.required }]}>
          <Input maxLength={80} autoFocus />
        </Form.Item>
        <div className="pairs">
          <Form.Item name="channel" label={w.channel}>
            <Segmented
              options={[
                { value: 'sms', label: w.sms },
                { value: 'mail', label: w.mail },
              ]}
            />
          </Form.Item>
          <Form.Item name="language" label={w.language}>
            <Segmented
              options={[
                { value: 'zh', label: w.zh },
                { value: 'en', label: w.en },
              ]}
            />
          </Form.Item>
        </div>
        <Form.Item name="template" label={w.template} rules={[{ required: true, message: w.required }]}>
          <Select options={all.filter(t => toMany.includes(t.purpose)).map(t => ({ value: t.code, label: nameOf(t) }))} />
        </Form.Item>
        {template?.variables
          .filter(v => !given.includes(v.key))
          .map(v => (
            <Form.Item
              key={v.key}
              name={['variables', v.key]}
              label={labelOf(v)}
              rules={[{ required: true, whitespace: true, message: w.required }]}
            >
              <Input.TextArea
                autoSize={{ minRows: 1, maxRows: 6 }}
                maxLength={1000}
                placeholder={language() === 'en' ? v.sampleEn : v.sample}
              />
            </Form.Item>
          ))}
        <Form.Item
          name="whom"
          label={w.whom}
          dependencies={['tier', 'district', 'tag']}
          validateTrigger={[]}
          rules={[
            ({ getFieldsValue }) => ({
              validator: () => {
                const { whom, tier, district, tag } = getFieldsValue()
                return whom === 'filter' && !tier && !district?.trim() && !tag?.trim()
                  ? Promise.reject(new Error(w.noFilter))
                  : Promise.resolve()
              },
            }),
          ]}
        >
          <Segmented
            options={[
              { value: 'filter', label: w.byFilter },
              ...(groups.length > 0 ? [{ value: 'segment', label: w.bySegment }] : []),
              { value: 'list', label: w.byList },
              { value: 'everybody', label: w.everybody },
            ]}
          />
        </Form.Item>
        {whom === 'list' ? (
          <Form.Item name="numbers" extra={w.numbersHint} rules={[{ required: true, whitespace: true, message: w.required }]}>
            <Input.TextArea rows={4} aria-label={w.byList} />
          </Form.Item>
        ) : whom === 'segment' ? (
          <Form.Item name="segment" label={w.segment} extra={w.segmentHint} rules={[{ required: true, message: w.required }]}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={groups.map(s => ({ value: s.id, label: nameOf(s) }))} />
          </Form.Item>
        ) : whom === 'everybody' ? null : (
          <div className="pairs4">
            <Form.Item name="tier" label={w.tier}>
              <Select
                allowClear
                placeholder={w.anyTier}
                options={(['normal', 'silver', 'gold', 'key'] as const).map(tier => ({ value: tier, label: tierWord(tier) }))}
              />
            </Form.Item>
            <Form.Item name="district" label={w.district}>
              <AutoComplete options={among(known?.districts)} showSearch={{ filterOption: has }} allowClear maxLength={60} />
            </Form.Item>
            <Form.Item name="tag" label={w.tag}>
              <AutoComplete options={among(known?.tags)} showSearch={{ filterOption: has }} allowClear maxLength={30} />
            </Form.Item>
          </div>
        )}
        <Look
          valuesNow={() =>
            form.validateFields(['whom', 'segment']).then(
              (): Values => form.getFieldsValue(true),
              () => null,
            )
          }
        />
      </FormDrawer>
      <Modal
        open={asking !== null}
        title={w.newNotice}
        okText={asking && w.sendTo(reachedOf(asking.seen))}
        okButtonProps={{ disabled: asking !== null && !asking.seen.bounded && asking.seen.reached + asking.seen.later === 0 }}
        cancelText={w.goBack}
        onOk={() => answered(true)}
        onCancel={() => answered(false)}
        mask={{ closable: false }}
      >
        {asking && (
          <div className="col" style={{ gap: 12 }}>
            <b>{w.sendSure(reachedOf(asking.seen))}</b>
            {whom === 'everybody' && <span className="tag wa">{w.everybody}</span>}
            <Reached seen={asking.seen} />
          </div>
        )}
      </Modal>
    </>
  )
}

/** Those it goes to now or when the quiet hours end; of very many only the first were asked. */
const reachedOf = ({ reached, later, bounded }: Seen): string => `${n(reached + later)}${bounded ? '+' : ''}`

/** The guard's answer before anything is sent. */
function Look({ valuesNow }: { valuesNow: () => Promise<Values | null> }) {
  const [seen, setSeen] = useState<Seen | null>(null)
  const preview = useAct(notices.preview, { quiet: true, done: setSeen })
  const refused: RefusalError | null = preview.refused
  return (
    <div className="col" style={{ gap: 12 }}>
      <Button
        loading={preview.acting}
        onClick={async () => {
          setSeen(null)
          const values = await valuesNow()
          if (values) void preview.act({ body: askedOf(noticeOf(values)) })
        }}
      >
        {w.check}
      </Button>
      {refused && <Failure error={refused} />}
      {seen && (
        <section className="letter">
          <Reached seen={seen} />
          {seen.subject && <b>{seen.subject}</b>}
          <p>{seen.text}</p>
          {seen.segments > 0 && <p className="t3">{w.sms1([...seen.text].length, seen.segments)}</p>}
        </section>
      )}
    </div>
  )
}

function Reached({ seen }: { seen: Seen }) {
  return (
    <>
      <b>{w.chosen(n(seen.chosen))}</b>
      <ul className="reasons">
        <li>
          <span className="okc">{w.reached(n(seen.reached))}</span>
        </li>
        {seen.later > 0 && (
          <li>
            <span className="wac">{w.laterN(n(seen.later))}</span>
          </li>
        )}
        {seen.reasons.map(r => (
          <li key={r.reason}>
            <span className="t2">{reasonText(r.reason)}</span>
            <span>{n(r.n)}</span>
          </li>
        ))}
      </ul>
      {seen.bounded && <p className="t3">{w.bounded}</p>}
      {seen.unknown.length > 0 && <p className="t2">{w.unknown(seen.unknown.join('、'))}</p>}
    </>
  )
}
