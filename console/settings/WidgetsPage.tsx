import { Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { widgetSecret, widgets } from '#contract/messaging.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useAct } from '../kit/data.ts'
import { IconCopy, IconExternalLink } from '../kit/icons.ts'
import { newClientId } from '../kit/ids.ts'
import { tell } from '../kit/tell.tsx'
import { language, nameOf } from '../kit/words.ts'
import { column } from './column.ts'
import { CalendarPick, NameField, QueuePick, ReasonPick, Rows, useQueues } from './fields.tsx'
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
        hint={w.widgetsHint}
        fresh={{ brand: '#3552D6', greeting: '', greetingEn: '', closedText: '', closedTextEn: '', choices: [], calendarId: null }}
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
                  {w.preview}
                </Button>
              </span>
            ),
            176,
          ),
        ]}
        fields={<WidgetFields />}
      />
      {shown && <Install widget={shown} close={() => setShown(null)} />}
    </>
  )
}

function WidgetFields() {
  const text = (max: number) => ({ autoSize: { minRows: 2, maxRows: 6 }, maxLength: max })
  return (
    <>
      <NameField only />
      <Form.Item name="key" label={w.key} extra={w.keyHint} rules={[{ required: true, pattern: /^[a-z0-9-]{4,60}$/, message: w.keyBad }]}>
        <Input />
      </Form.Item>
      <Form.Item name="brand" label={w.brand} extra={w.brandHint}>
        <Brand />
      </Form.Item>
      <Form.Item name="greeting" label={w.greeting} rules={[{ required: true, message: w.required }]}>
        <Input.TextArea {...text(500)} />
      </Form.Item>
      <Form.Item name="greetingEn" label={w.greetingEn}>
        <Input.TextArea {...text(500)} lang="en" />
      </Form.Item>
      <QueuePick name="queueId" label={w.queue} extra={w.queueHint} required />
      <Rows
        name="choices"
        label={w.choices}
        add={w.addChoice}
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
      <CalendarPick name="calendarId" label={w.calendar} placeholder={w.calendarDefault} extra={w.calendarHint} />
      <Form.Item name="closedText" label={w.closedText}>
        <Input.TextArea {...text(500)} />
      </Form.Item>
      <Form.Item name="closedTextEn" label={w.closedTextEn}>
        <Input.TextArea {...text(500)} lang="en" />
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
  const code = `<script src="${location.origin}/widget.js" data-key="${widget.key}" async></script>`
  const copy = (text: string) => void navigator.clipboard?.writeText(text).then(() => tell(w.copied))
  return (
    <Modal open title={`${w.install} ${widget.name}`} onCancel={close} footer={<Button onClick={close}>{w.close}</Button>} width={560}>
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
