import { useNavigate } from '@tanstack/react-router'
import { Button, Drawer, Segmented } from 'antd'
import type { Message, MessageState, Way } from '#contract/outgoing.ts'
import { outbox } from '#contract/outgoing.ts'
import { useMay } from '../app/me.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { ChannelGlyph, Failure, Waiting } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { purposeWords, reasonText, stateWords, w } from './words.ts'
import './outgoing.css'

export const tones: Record<MessageState, 'ok' | 'wa' | 'ba' | 'ac' | 'wr' | undefined> = {
  waiting: undefined,
  sending: 'ac',
  handed: 'ac',
  delivered: 'ok',
  failed: 'ba',
  refused: 'wa',
  bounced: 'ba',
  cancelled: undefined,
  unknown: 'wa',
}
export const StateTag = ({ state }: { state: MessageState }) => <span className={`tag ${tones[state] ?? ''}`}>{stateWords[state]}</span>
export const wayWord = (channel: Way): string => w[channel]

/** The outbox and the notices stand beside one another. */
export function Places({ here }: { here: '/outbox' | '/notices' }) {
  const go = useNavigate()
  return (
    <Segmented<'/outbox' | '/notices'>
      value={here}
      onChange={to => void go({ to })}
      options={[
        { value: '/outbox', label: w.outbox },
        { value: '/notices', label: w.notices },
      ]}
    />
  )
}

export function Recipient({ message: m }: { message: Pick<Message, 'channel' | 'name' | 'address'> }) {
  return (
    <span className="row nowrap">
      <ChannelGlyph channel={m.channel} />
      <b className="m5">{m.name || m.address}</b>
      {m.name && <span className="t3">{m.address}</span>}
    </span>
  )
}

/** One message: what it says, how it fared, and what can still be done. */
export function MessageDrawer({ id, close }: { id: string | null; close: () => void }) {
  const may = useMay()
  const go = useNavigate()
  const one = useFetch(outbox.one, { id: id ?? '' }, { enabled: id !== null, keep: false })
  const retry = useAct(outbox.retry)
  const cancel = useAct(outbox.cancel)
  const m = one.data
  const canRetry = m && ['failed', 'refused', 'bounced', 'cancelled', 'unknown'].includes(m.state)
  const facts: [string, string | null | undefined][] = m
    ? [
        [w.purpose, purposeWords[m.purpose]],
        [w.to, m.address],
        [w.by, m.providerName],
        [w.made, full(m.madeAt)],
        [w.handed, m.handedAt && full(m.handedAt)],
        [w.ended, m.endedAt && full(m.endedAt)],
        [w.nextTry, m.state === 'waiting' ? full(m.dueAt) : null],
        [w.until, m.state === 'waiting' ? full(m.notAfter) : null],
        [w.tries, m.tries > 0 ? String(m.tries) : null],
        [w.said, m.detail],
      ]
    : []
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      size={480}
      title={m ? m.name || m.address || stateWords[m.state] : w.messages}
      destroyOnHidden
      footer={
        m && may('message:send') ? (
          <div className="row">
            {m.customerId && may('customer:read') && (
              <Button onClick={() => void go({ to: `/customers/${m.customerId}` })}>{w.customer}</Button>
            )}
            <span className="end row">
              {m.state === 'waiting' && (
                <Button loading={cancel.acting} onClick={() => void cancel.act({ id: m.id })}>
                  {w.cancel}
                </Button>
              )}
              {canRetry && (
                <Button type="primary" loading={retry.acting} onClick={() => void retry.act({ id: m.id })}>
                  {w.retry}
                </Button>
              )}
            </span>
          </div>
        ) : null
      }
    >
      {one.error && <Failure error={one.error} retry={() => void one.refetch()} />}
      {!m ? (
        <Waiting />
      ) : (
        <div className="col" style={{ gap: 16 }}>
          <div className="row">
            <StateTag state={m.state} />
            <span className="t2">{reasonText(m.reason)}</span>
          </div>
          <section className="letter" lang={m.language === 'zh' ? 'zh-CN' : 'en'}>
            {m.subject && <b>{m.subject}</b>}
            <p>{m.text || <span className="t3">{w.hidden}</span>}</p>
          </section>
          <dl className="lines">
            {facts.map(([name, value]) =>
              value ? (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ) : null,
            )}
          </dl>
        </div>
      )}
    </Drawer>
  )
}
