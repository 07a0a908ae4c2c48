import { Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { type Provider, providers } from '#contract/outgoingSettings.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { clockTime } from '../kit/time.ts'
import { reasonText, w } from './words.ts'

const begin = { address: '', tagged: false, host: '', port: 993, security: 'tls', user: '', folder: '' }
const at = (name: string) => ['settings', 'bounces', name]
const must = () => [{ required: true, whitespace: true, message: w.required }]

/** The mailbox in which the mails are read that come back. `saved`: the way out as it stands, null for a new one. */
export function BounceFields({ saved }: { saved: Provider | null }) {
  const form = Form.useFormInstance()
  const on = Boolean(Form.useWatch(['settings', 'bounces'], { form, preserve: true }))
  return (
    <>
      <Form.Item label={w.bounceBox} extra={w.bounceHint} htmlFor="bounce-box">
        <Switch id="bounce-box" checked={on} onChange={yes => form.setFieldValue(['settings', 'bounces'], yes ? { ...begin } : null)} />
      </Form.Item>
      {on && (
        <>
          <div className="pairs">
            <Form.Item name={at('address')} label={w.bounceAddress} rules={must()}>
              <Input autoComplete="off" placeholder="bounce@example.com" />
            </Form.Item>
            <Form.Item name={at('tagged')} label={w.bounceTagged} tooltip={w.bounceTaggedHint} valuePropName="checked">
              <Switch />
            </Form.Item>
          </div>
          <div className="pairs">
            <Form.Item name={at('host')} label={w.imapHost} rules={must()}>
              <Input autoComplete="off" placeholder="imap.example.com" />
            </Form.Item>
            <Form.Item name={at('port')} label={w.port} rules={[{ required: true, message: w.required }]}>
              <InputNumber min={1} max={65535} precision={0} style={{ width: '100%' }} />
            </Form.Item>
          </div>
          <div className="pairs">
            <Form.Item name={at('user')} label={w.user} rules={must()}>
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="bounceSecret" label={w.password} {...(saved?.hasBounceSecret ? { extra: w.secretKept } : {})}>
              <Input.Password autoComplete="new-password" />
            </Form.Item>
          </div>
          <div className="pairs">
            <Form.Item name={at('security')} label={w.security}>
              <Select
                options={[
                  { value: 'tls', label: w.tls },
                  { value: 'starttls', label: w.starttls },
                  { value: 'plain', label: w.plain },
                ]}
              />
            </Form.Item>
            <Form.Item name={at('folder')} label={w.folder}>
              <Input autoComplete="off" placeholder="INBOX" />
            </Form.Item>
          </div>
          {saved?.bounceBox && <Reading id={saved.id} />}
        </>
      )}
    </>
  )
}

/** How the mailbox was last read, and a way to read it now: with what is saved, not with what is being typed. */
function Reading({ id }: { id: string }) {
  const [asked, setAsked] = useState<string | null>(null)
  const list = useFetch(providers.list, {}, { refetchInterval: asked === null ? 10_000 : 1_000 })
  const box = list.data?.find(p => p.id === id)?.bounceBox
  const now = JSON.stringify([box?.readAt, box?.failedAt])
  const waiting = asked !== null && asked === now
  if (asked !== null && !waiting) setAsked(null)
  const read = useAct(providers.readBounces)
  return (
    <div className="row" role="status" style={{ marginBottom: 16 }}>
      <Button
        size="small"
        loading={waiting || read.acting}
        onClick={() => {
          setAsked(now)
          void read.act({ id }).then(done => done ?? setAsked(null))
        }}
      >
        {w.readBounces}
      </Button>
      {box?.failure ? (
        <>
          <span className="tag ba">{w.readFailed}</span>
          <span className="t2">{reasonText(box.failure)}</span>
        </>
      ) : (
        <span className="t3">{box?.readAt ? w.readAt(clockTime(box.readAt), box.found) : w.neverRead}</span>
      )}
    </div>
  )
}
