import { Button, Form, Input, Popover, Segmented, Select, Switch } from 'antd'
import { useState } from 'react'
import { ConsentPurpose, outbox, reaching, Way } from '#contract/outgoing.ts'
import { useMay } from '../app/me.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { ChannelGlyph, Failure, Waiting } from '../kit/parts.tsx'
import { ago, full } from '../kit/time.ts'
import { MessageDrawer, StateTag, wayWord } from './parts.tsx'
import { purposeWords, reasonText, w } from './words.ts'

/** What was sent to this customer lately, and why something was not. */
export function Messages({ customerId }: { customerId: string }) {
  const may = useMay()
  const [open, setOpen] = useState<string | null>(null)
  const { data, error, refetch, isPending } = useFetch(outbox.ofCustomer, { id: customerId, query: { size: 6 } }, { keep: false })
  return (
    <section className="card" aria-label={w.messages}>
      <header>
        <h3>{w.messages}</h3>
      </header>
      <div className="body col" style={{ gap: 10 }}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {isPending && <Waiting rows={2} />}
        {data && data.rows.length === 0 && <span className="t3">{w.noMessages}</span>}
        {data?.rows.map(m => (
          <div key={m.id} className="row">
            <ChannelGlyph channel={m.channel} />
            <span className="cut grow" title={reasonText(m.reason)}>
              {may('message:read') ? (
                <button type="button" className="opens" onClick={() => setOpen(m.id)}>
                  {purposeWords[m.purpose]}
                </button>
              ) : (
                purposeWords[m.purpose]
              )}
            </span>
            <StateTag state={m.state} />
            <time className="t3 f12 nowrap" dateTime={m.madeAt.toISOString()} title={full(m.madeAt)}>
              {ago(m.madeAt)}
            </time>
          </div>
        ))}
      </div>
      <MessageDrawer id={open} close={() => setOpen(null)} />
    </section>
  )
}

type Said = { purpose: ConsentPurpose; channel: Way }
/** What the customer agreed to, by which way, and whether to leave them alone. */
export function Wishes({ customerId }: { customerId: string }) {
  const may = useMay()
  const { data, error, refetch } = useFetch(reaching.read, { id: customerId }, { keep: false })
  const disturb = useAct(reaching.disturb)
  const writes = may('customer:write')
  const given = (purpose: ConsentPurpose, channel: Way) => data?.consents.find(c => c.purpose === purpose && c.channel === channel)
  return (
    <section className="card" aria-label={w.reach}>
      <header>
        <h3>{w.reach}</h3>
      </header>
      <div className="body col" style={{ gap: 4 }}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {!data ? (
          <Waiting rows={3} />
        ) : (
          <>
            <div className="wish">
              <Switch
                size="small"
                disabled={!writes}
                loading={disturb.acting}
                checked={data.undisturbed !== null}
                onChange={on => void disturb.act({ id: customerId, body: { on, until: null, reason: '' } })}
                aria-label={w.alone}
              />
              {w.alone}
              {data.undisturbed && <span className="t3 f12">{w.aloneSince(full(data.undisturbed.since))}</span>}
            </div>
            {ConsentPurpose.options.map(purpose => (
              <div key={purpose} className="wish">
                <span className="grow">{purposeWords[purpose]}</span>
                <span className="row nowrap">
                  {Way.options.map(channel => (
                    <Consent
                      key={channel}
                      customerId={customerId}
                      said={{ purpose, channel }}
                      given={given(purpose, channel)}
                      writes={writes}
                    />
                  ))}
                </span>
              </div>
            ))}
          </>
        )}
      </div>
    </section>
  )
}

type Given = { given: boolean; source: string; proof: string; at: Date; byName: string } | undefined
function Consent({ customerId, said, given, writes }: { customerId: string; said: Said; given: Given; writes: boolean }) {
  const [open, setOpen] = useState(false)
  const record = useAct(reaching.consent, { done: () => setOpen(false) })
  const word = given === undefined ? w.notSaid : given.given ? w.agrees : w.declines
  const about = given ? `${full(given.at)} ${given.byName} ${given.proof}` : ''
  const chip = (
    <span className={`tag ${given === undefined ? '' : given.given ? 'ok' : 'ba'}`} title={about}>
      {wayWord(said.channel)} {word}
    </span>
  )
  if (!writes) return chip
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      title={`${wayWord(said.channel)} ${purposeWords[said.purpose]}`}
      content={
        <Form<{ given: boolean; source: 'phone'; proof: string }>
          layout="vertical"
          initialValues={{ given: given?.given ?? true, source: 'phone', proof: '' }}
          onFinish={v => void record.act({ id: customerId, body: { ...said, given: v.given, source: v.source, proof: v.proof ?? '' } })}
          style={{ width: 260 }}
        >
          <Form.Item name="given">
            <Segmented
              options={[
                { value: true, label: w.agrees },
                { value: false, label: w.declines },
              ]}
            />
          </Form.Item>
          <Form.Item name="source" label={w.sourceOf}>
            <Select
              options={(['counter', 'phone', 'chat', 'form', 'contract', 'message'] as const).map(value => ({ value, label: w[value] }))}
            />
          </Form.Item>
          <Form.Item name="proof" label={w.proof} extra={w.proofHint}>
            <Input maxLength={300} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={record.acting}>
            {w.record}
          </Button>
        </Form>
      }
    >
      <button type="button" className="opens" title={about}>
        {chip}
      </button>
    </Popover>
  )
}
