import { Button, Form, Input, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { widgetSecret, widgets } from '#contract/messaging.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useAct } from '../kit/data.ts'
import { IconCopy, IconExternalLink } from '../kit/icons.ts'
import { newClientId } from '../kit/ids.ts'
import { tell } from '../kit/tell.tsx'
import { language, nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { CalendarPick, NameField, QueuePick, ReasonPick, Rows, useQueues } from './fields.tsx'
import { identifyCode, signing, type Tongue, tongues } from './signing.ts'
import { WidgetPreview } from './WidgetPreview.tsx'
import { w } from './words.ts'

type Widget = { id: string; key: string; name: string }

export default function WidgetsPage() {
  const queues = useQueues()
  const [shown, setShown] = useState<Widget | null>(null)
  return (
    <>
      <CatalogPage
        of={widgets}
        title={w.widgets}
        adding={w.addWidget}
        hint={w.widgetsHint}
        empty={{ title: b.noWidgets, hint: b.noWidgetsHint }}
        width={980}
        fresh={{
          ...{ brand: '#3552D6', greeting: '', greetingEn: '', closedText: '', closedTextEn: '' },
          ...{ choices: [], sites: [], calendarId: null },
        }}
        columns={[
          column(widgets, 'name', w.name, x => (
            <span className="row nowrap">
              <i className="swatch" style={{ background: x.brand }} />
              <b className="m5">{x.name}</b>
            </span>
          )),
          column(widgets, 'key', w.key, x => <span className="tag">{x.key}</span>),
          column(widgets, 'queue', w.queue, x => {
            const queue = queues.find(q => q.id === x.queueId)
            return queue ? nameOf(queue) : ''
          }),
          column(widgets, 'choices', w.choices, x => (
            <span className="clip2 t2">{x.choices.map(c => (language() === 'en' && c.labelEn ? c.labelEn : c.label)).join(', ')}</span>
          )),
          column(
            widgets,
            'install',
            '',
            x => (
              <span className="row">
                <Button
                  size="small"
                  onClick={e => {
                    e.stopPropagation()
                    setShown(x)
                  }}
                >
                  {w.install}
                </Button>
                <Button
                  size="small"
                  type="text"
                  href={`/widget/?key=${x.key}&lang=${language()}`}
                  target="_blank"
                  icon={<IconExternalLink size={14} />}
                  onClick={e => e.stopPropagation()}
                >
                  {b.open}
                </Button>
              </span>
            ),
            176,
          ),
        ]}
        fields={
          <div className="beside wide">
            <div>
              <WidgetFields />
            </div>
            <WidgetPreview />
          </div>
        }
      />
      {shown && <Install widget={shown} close={() => setShown(null)} />}
    </>
  )
}

function WidgetFields() {
  const text = (max: number) => ({ autoSize: { minRows: 2, maxRows: 6 }, maxLength: max })
  return (
    <>
      <div className="pairs">
        <NameField only />
        <Form.Item name="key" label={w.key} extra={w.keyHint} rules={[{ required: true, pattern: /^[a-z0-9-]{4,60}$/, message: w.keyBad }]}>
          <Input />
        </Form.Item>
      </div>
      <h3 className="part">{b.look}</h3>
      <Form.Item name="brand" label={w.brand} extra={w.brandHint}>
        <Brand />
      </Form.Item>
      <div className="pairs">
        <Form.Item name="greeting" label={w.greeting} rules={[{ required: true, message: w.required }]}>
          <Input.TextArea {...text(500)} />
        </Form.Item>
        <Form.Item name="greetingEn" label={w.greetingEn}>
          <Input.TextArea {...text(500)} lang="en" />
        </Form.Item>
        <Form.Item name="closedText" label={w.closedText}>
          <Input.TextArea {...text(500)} />
        </Form.Item>
        <Form.Item name="closedTextEn" label={w.closedTextEn}>
          <Input.TextArea {...text(500)} lang="en" />
        </Form.Item>
      </div>
      <h3 className="part">{b.route}</h3>
      <QueuePick name="queueId" label={w.queue} extra={w.queueHint} required />
      <Rows
        name="choices"
        label={w.choices}
        add={w.addChoice}
        ordered
        fresh={() => ({ key: newClientId().slice(0, 12), label: '', labelEn: '', reasonId: null })}
        max={8}
      >
        {row => (
          <div className="col">
            {/* What the page says when a customer chooses it; a form keeps only the fields it holds. */}
            <Form.Item name={[row, 'key']} hidden>
              <Input />
            </Form.Item>
            <div className="pair">
              <Form.Item name={[row, 'label']} rules={[{ required: true, message: w.required }]}>
                <Input placeholder={w.choiceLabel} aria-label={w.choiceLabel} maxLength={40} />
              </Form.Item>
              <Form.Item name={[row, 'labelEn']}>
                <Input placeholder={w.choiceLabelEn} aria-label={w.choiceLabelEn} maxLength={60} lang="en" />
              </Form.Item>
            </div>
            <div className="pair">
              <QueuePick name={[row, 'queueId']} placeholder={w.queue} required />
              <ReasonPick name={[row, 'reasonId']} placeholder={w.choiceReason} />
            </div>
          </div>
        )}
      </Rows>
      <h3 className="part">{b.access}</h3>
      <CalendarPick name="calendarId" label={w.calendar} placeholder={w.calendarDefault} extra={w.calendarHint} />
      <Form.Item name="sites" label={b.sites} extra={b.sitesHint}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} placeholder="https://www.example.com" />
      </Form.Item>
    </>
  )
}

function Brand({ value = '#3552D6', onChange, id }: { value?: string; onChange?: (value: string) => void; id?: string }) {
  return (
    <span className="row">
      <input
        type="color"
        className="swatch large"
        value={value}
        aria-label={w.brand}
        onChange={e => onChange?.(e.target.value.toUpperCase())}
      />
      <Input {...(id ? { id } : {})} value={value} style={{ width: 112 }} maxLength={7} onChange={e => onChange?.(e.target.value)} />
    </span>
  )
}

/** What goes into the page of the site, and the secret with which the site signs its customers. */
function Install({ widget, close }: { widget: Widget; close: () => void }) {
  const { act, acting } = useAct(widgetSecret.renew)
  const [secret, setSecret] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const [tongue, setTongue] = useState<Tongue>('Node.js')
  const code = `<script src="${location.origin}/widget.js" data-key="${widget.key}" async></script>`
  const copy = (text: string) => void navigator.clipboard?.writeText(text).then(() => tell(w.copied))
  return (
    <Modal open title={`${w.install} ${widget.name}`} onCancel={close} footer={<Button onClick={close}>{w.close}</Button>} width={640}>
      <div className="col">
        <span className="t2">{w.installHint}</span>
        <pre className="snippet">{code}</pre>
        <div>
          <Button size="small" icon={<IconCopy size={14} />} onClick={() => copy(code)}>
            {w.copy}
          </Button>
        </div>
        <h3 style={{ marginTop: 8 }}>{w.sign}</h3>
        <span className="t2">{w.signHint}</span>
        <div className="row wrap">
          <Segmented<Tongue> size="small" value={tongue} onChange={setTongue} options={[...tongues]} aria-label={b.sample} />
          <Button
            size="small"
            className="end"
            icon={<IconCopy size={14} />}
            aria-label={`${w.copy} ${tongue}`}
            onClick={() => copy(signing[tongue])}
          >
            {w.copy}
          </Button>
        </div>
        <pre className="snippet">{signing[tongue]}</pre>
        <span className="t3 f12">
          {b.sampleHint} <code>{identifyCode}</code>
        </span>
        {secret !== null ? (
          <>
            <pre className="snippet">{secret}</pre>
            <div className="row">
              <Button size="small" icon={<IconCopy size={14} />} onClick={() => copy(secret)}>
                {w.copy}
              </Button>
              <span className="wac f12">{w.secretOnce}</span>
            </div>
          </>
        ) : asking ? (
          <div className="note wa row">
            <span className="grow">{w.secretAsk}</span>
            <Button size="small" onClick={() => setAsking(false)}>
              {w.cancel}
            </Button>
            <Button
              size="small"
              danger
              type="primary"
              loading={acting}
              onClick={() =>
                void act({ id: widget.id }).then(made => {
                  if (made) setSecret(made.secret)
                })
              }
            >
              {w.newSecret}
            </Button>
          </div>
        ) : (
          <div>
            <Button size="small" onClick={() => setAsking(true)}>
              {w.newSecret}
            </Button>
          </div>
        )}
      </div>
    </Modal>
  )
}
