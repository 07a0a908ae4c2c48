import { Button, Form, Input, InputNumber, Modal, Popconfirm, Select, Switch } from 'antd'
import { useState } from 'react'
import { type NewProvider, type Provider, type ProviderKind, type ProviderSettings, providers } from '#contract/outgoingSettings.ts'
import { call } from '../kit/call.ts'
import { DataTable } from '../kit/DataTable.tsx'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { ChannelGlyph, Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { clockTime } from '../kit/time.ts'
import { language } from '../kit/words.ts'
import { Once } from '../settings/Once.tsx'
import { BounceFields } from './BounceFields.tsx'
import { MessageDrawer, wayWord } from './parts.tsx'
import { reasonText, w } from './words.ts'

type Values = Omit<NewProvider, 'settings'> & { settings: Record<string, unknown> & { kind: ProviderKind } }
const kinds: readonly ProviderKind[] = ['smtp', 'http', 'aliyun', 'smpp', 'practice']
const waysOf = (kind: ProviderKind): ('mail' | 'sms')[] => (kind === 'smtp' ? ['mail'] : kind === 'practice' ? ['mail', 'sms'] : ['sms'])
const begin: Record<ProviderKind, Record<string, unknown>> = {
  smtp: { port: 465, security: 'tls', user: '', fromName: '', replyTo: '' },
  http: { account: '', signature: '' },
  aliyun: { endpoint: 'https://dysmsapi.aliyuncs.com', signature: '' },
  smpp: { port: 2775, tls: false, systemType: '', source: '', signature: '', window: 10 },
  practice: {},
}

/** Mail servers and providers of short messages, in the order in which they are taken. */
export default function ProvidersPage() {
  const list = useFetch(providers.list, {}, { refetchInterval: 10_000 })
  const [open, setOpen] = useState<Provider | 'new' | null>(null)
  const [testing, setTesting] = useState<Provider | null>(null)
  const [seen, setSeen] = useState<string | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch(['settings', 'kind'], form)
  const renew = useAct(providers.receiptSecret, { done: made => setSecret(made.secret) })
  const retire = useAct(providers.retire, { done: () => setOpen(null) })
  const fresh: Values = {
    name: '',
    channel: 'mail',
    settings: { kind: 'smtp', ...begin.smtp },
    rate: 10,
    connections: 2,
    position: list.data?.length ?? 0,
    enabled: true,
  }
  const one = open === 'new' ? null : open
  return (
    <div className="page">
      <header>
        <h1>{w.waysOut}</h1>
        <span className="t3 cut">{w.waysHint}</span>
        <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {w.addWay}
        </Button>
      </header>
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} readAt={list.dataUpdatedAt} />}
      {!list.data ? (
        <Waiting />
      ) : (
        <div className="card">
          <DataTable<Provider>
            dataSource={list.data}
            empty={<Empty title={w.noWays} hint={w.noWaysHint} />}
            open={setOpen}
            faded={row => !row.enabled}
            columns={[
              {
                key: 'name',
                title: w.name,
                render: (_, p) => (
                  <span className="row nowrap">
                    <ChannelGlyph channel={p.channel} />
                    <b className="m5">{p.name}</b>
                    {p.settings.kind === 'practice' && <span className="tag wa">{w.practiceTag}</span>}
                  </span>
                ),
              },
              { key: 'kind', title: w.kind, render: (_, p) => <span className="t2">{w[p.settings.kind]}</span> },
              { key: 'state', title: w.state, render: (_, p) => <How provider={p} /> },
              {
                key: 'today',
                title: w.today,
                render: (_, p) => <span className="t2">{w.todayOf(p.today.handed, p.today.delivered, p.today.failed)}</span>,
              },
              { key: 'rate', title: w.rate, width: 88, align: 'end', render: (_, p) => p.rate },
              {
                key: 'acts',
                width: 88,
                align: 'end',
                render: (_, p) => (
                  <Button
                    size="small"
                    disabled={!p.enabled}
                    onClick={e => {
                      e.stopPropagation()
                      setTesting(p)
                    }}
                  >
                    {w.test}
                  </Button>
                ),
              },
            ]}
          />
        </div>
      )}
      <FormDrawer<Values>
        form={form}
        open={open !== null}
        width={520}
        title={one ? one.name : w.addWay}
        values={one ?? fresh}
        close={() => setOpen(null)}
        save={async ({ secret: typed, bounceSecret: box, ...values }) => {
          // The form's fields are those of the kind; the server checks them by the same contract.
          const body: NewProvider = {
            ...values,
            settings: values.settings as ProviderSettings,
            ...(typed ? { secret: typed } : {}),
            ...(box ? { bounceSecret: box } : {}),
          }
          if (one) await call(providers.change, { id: one.id, body })
          else await call(providers.add, { body })
          await queryClient.invalidateQueries({ queryKey: ['providers'] })
          tell(w.saved)
        }}
      >
        <div className="pairs">
          <Form.Item name={['settings', 'kind']} label={w.kind}>
            <Select
              disabled={one !== null}
              options={kinds.map(value => ({ value, label: w[value] }))}
              onChange={(next: ProviderKind) =>
                form.setFieldsValue({ channel: waysOf(next)[0] ?? 'sms', settings: { kind: next, ...begin[next] } } as never)
              }
            />
          </Form.Item>
          <Form.Item name="channel" label={w.channel}>
            <Select
              disabled={one !== null || kind !== 'practice'}
              options={waysOf(kind ?? 'smtp').map(value => ({ value, label: wayWord(value) }))}
            />
          </Form.Item>
        </div>
        <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.required }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        {kind && <KindFields kind={kind} hasSecret={one?.hasSecret ?? false} />}
        {kind === 'smtp' && <BounceFields saved={one} />}
        <div className="pairs4">
          <Form.Item name="rate" label={w.rate} rules={[{ required: true, message: w.required }]}>
            <InputNumber min={1} max={20_000} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="connections" label={w.connections} rules={[{ required: true, message: w.required }]}>
            <InputNumber min={1} max={50} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="position" label={w.order} rules={[{ required: true, message: w.required }]}>
            <InputNumber min={0} max={1000} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="enabled" label={w.on} valuePropName="checked">
            <Switch />
          </Form.Item>
        </div>
        {one?.receiptPath && (
          <Form.Item label={w.receipts}>
            <code style={{ overflowWrap: 'anywhere' }}>{`${location.origin}${one.receiptPath}`}</code>
            {one.settings.kind === 'http' && (
              <div>
                <Button size="small" loading={renew.acting} onClick={() => void renew.act({ id: one.id })}>
                  {w.receiptSecret}
                </Button>
              </div>
            )}
          </Form.Item>
        )}
        {one && (
          <Popconfirm title={w.removeSure} onConfirm={() => void retire.act({ id: one.id })}>
            <Button danger loading={retire.acting}>
              {w.remove}
            </Button>
          </Popconfirm>
        )}
      </FormDrawer>
      {testing && <Test provider={testing} close={() => setTesting(null)} look={setSeen} />}
      <MessageDrawer id={seen} close={() => setSeen(null)} />
      <Modal
        open={secret !== null}
        title={w.receiptSecret}
        onCancel={() => setSecret(null)}
        footer={<Button onClick={() => setSecret(null)}>{w.saved}</Button>}
      >
        {secret && <Once text={secret} hint={w.secretKept} />}
      </Modal>
    </div>
  )
}

function How({ provider: p }: { provider: Provider }) {
  if (!p.enabled) return <span className="t3">{w.off}</span>
  if (p.restingUntil)
    return (
      <span className="row" title={p.lastError}>
        <span className="tag ba">{w.resting(clockTime(p.restingUntil))}</span>
        <span className="t3 cut">{p.lastError}</span>
      </span>
    )
  if (p.bounceBox?.failure)
    return (
      <span className="row nowrap">
        <span className="tag wa">{w.bouncesUnread}</span>
        <span className="t3 cut">{reasonText(p.bounceBox.failure)}</span>
      </span>
    )
  return p.lastOkAt ? <span className="tag ok">{w.fine}</span> : <span className="t3">{w.unused}</span>
}

const must = () => [{ required: true, whitespace: true, message: w.required }]
function Field({ name, label, required }: { name: string; label: string; required?: boolean }) {
  return (
    <Form.Item name={['settings', name]} label={label} rules={required ? must() : []}>
      <Input autoComplete="off" />
    </Form.Item>
  )
}
const PortField = () => (
  <Form.Item name={['settings', 'port']} label={w.port} rules={[{ required: true, message: w.required }]}>
    <InputNumber min={1} max={65535} precision={0} style={{ width: '100%' }} />
  </Form.Item>
)

function KindFields({ kind, hasSecret }: { kind: ProviderKind; hasSecret: boolean }) {
  const secret = (label: string) => (
    <Form.Item name="secret" label={label} {...(hasSecret ? { extra: w.secretKept } : {})}>
      <Input.Password autoComplete="new-password" />
    </Form.Item>
  )
  if (kind === 'smtp')
    return (
      <>
        <div className="pairs">
          <Field name="host" label={w.host} required />
          <PortField />
        </div>
        <Form.Item name={['settings', 'security']} label={w.security}>
          <Select
            options={[
              { value: 'tls', label: w.tls },
              { value: 'starttls', label: w.starttls },
              { value: 'plain', label: w.plain },
            ]}
          />
        </Form.Item>
        <div className="pairs">
          <Field name="user" label={w.user} />
          {secret(w.password)}
        </div>
        <div className="pairs">
          <Field name="from" label={w.from} required />
          <Field name="fromName" label={w.fromName} />
        </div>
        <Field name="replyTo" label={w.replyTo} />
      </>
    )
  if (kind === 'http')
    return (
      <>
        <Field name="url" label={w.url} required />
        <div className="pairs">
          <Field name="account" label={w.account} />
          <Field name="signature" label={w.signature} />
        </div>
        {secret(w.secret)}
      </>
    )
  if (kind === 'aliyun')
    return (
      <>
        <Field name="endpoint" label={w.endpoint} required />
        <div className="pairs">
          <Field name="accessKeyId" label={w.accessKey} required />
          <Field name="signature" label={w.signature} required />
        </div>
        {secret('AccessKey Secret')}
      </>
    )
  if (kind === 'smpp')
    return (
      <>
        <div className="pairs">
          <Field name="host" label={w.host} required />
          <PortField />
        </div>
        <div className="pairs">
          <Field name="systemId" label={w.systemId} required />
          {secret(w.password)}
        </div>
        <div className="pairs">
          <Field name="systemType" label={w.systemType} />
          <Field name="source" label={w.source} />
        </div>
        <div className="pairs">
          <Field name="signature" label={w.signature} />
          <Form.Item name={['settings', 'window']} label={w.window} rules={[{ required: true, message: w.required }]}>
            <InputNumber min={1} max={100} precision={0} style={{ width: '100%' }} />
          </Form.Item>
        </div>
        <Form.Item name={['settings', 'tls']} label={w.useTls} valuePropName="checked">
          <Switch />
        </Form.Item>
      </>
    )
  return null
}

/** Really sends, and shows how it fared. */
function Test({ provider, close, look }: { provider: Provider; close: () => void; look: (id: string) => void }) {
  const [to, setTo] = useState('')
  const test = useAct(providers.test, {
    quiet: true,
    also: ['outgoing'],
    done: ({ id }) => {
      close()
      tell(w.testGone)
      look(id)
    },
  })
  return (
    <Modal
      open
      title={`${w.test} ${provider.name}`}
      onCancel={close}
      okText={w.testSend}
      okButtonProps={{ loading: test.acting, disabled: to.trim() === '' }}
      onOk={() => void test.act({ id: provider.id, body: { to: to.trim(), language: language() } })}
    >
      <div className="col">
        {w.testTo}
        <Input
          value={to}
          onChange={e => setTo(e.target.value)}
          autoFocus
          aria-label={w.testTo}
          placeholder={provider.channel === 'mail' ? 'name@example.com' : '138…'}
        />
      </div>
      {test.refused && <Failure error={test.refused} />}
      {provider.lastError && <p className="t3">{reasonText(provider.lastError)}</p>}
    </Modal>
  )
}
