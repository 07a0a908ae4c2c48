import { useNavigate } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { type Notice, notices } from '#contract/outgoing.ts'
import { useMay } from '../app/me.ts'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useAct, useFetch, useListing } from '../kit/data.ts'
import { IconPlus } from '../kit/icons.ts'
import { ProgressBar } from '../kit/ProgressBar.tsx'
import { ChannelGlyph, Empty, Failure, Waiting } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { NewNoticeDrawer } from './NewNotice.tsx'
import { Places, StateTag, wayWord } from './parts.tsx'
import { purposeWords, reasonText, w } from './words.ts'

const states: Record<Notice['state'], { word: () => string; tone?: 'ok' | 'ac' | 'wa' }> = {
  gathering: { word: () => w.gathering, tone: 'ac' },
  sending: { word: () => w.sendingNotice, tone: 'ac' },
  done: { word: () => w.done, tone: 'ok' },
  cancelled: { word: () => w.cancelledNotice, tone: 'wa' },
}
const order = ['delivered', 'handed', 'sending', 'waiting', 'refused', 'bounced', 'failed', 'unknown', 'cancelled'] as const

/** What each is told alone stands as what it is. */
const spoken = (text: string): string => text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, key) => (key === 'name' ? w.ownName : '•••'))

export default function NoticesPage() {
  const may = useMay()
  const list = useListing(notices.list, {}, { refetchInterval: 5000 })
  const [open, setOpen] = useState<string | null>(null)
  const [making, setMaking] = useState(false)
  return (
    <div className="page">
      <header>
        <h1>{w.notices}</h1>
        <span className="t3 cut">{w.noticesHint}</span>
        <span className="end row wrap">
          <Places here="/notices" />
          {may('message:send') && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setMaking(true)}>
              {w.newNotice}
            </Button>
          )}
        </span>
      </header>
      <ListTable<Notice>
        list={list}
        empty={<Empty title={w.noNotices} hint={w.noNoticesHint} />}
        open={row => setOpen(row.id)}
        columns={[
          {
            key: 'name',
            title: w.name,
            render: (_, n) => (
              <span className="row nowrap">
                <ChannelGlyph channel={n.channel} />
                <b className="m5">{n.name}</b>
              </span>
            ),
          },
          { key: 'purpose', title: w.purpose, width: 128, render: (_, n) => purposeWords[n.purpose] },
          col.status<Notice>('state', w.state, n => ({
            word: states[n.state].word(),
            ...(states[n.state].tone ? { tone: states[n.state].tone } : {}),
          })),
          col.number<Notice>('total', w.total),
          { key: 'by', title: w.author, width: 112, render: (_, n) => <span className="t2">{n.byName}</span> },
          col.time<Notice>('begunAt', w.when),
        ]}
      />
      <NoticeDrawer id={open} close={() => setOpen(null)} />
      <NewNoticeDrawer open={making} close={() => setMaking(false)} sent={n => setOpen(n.id)} />
    </div>
  )
}

function NoticeDrawer({ id, close }: { id: string | null; close: () => void }) {
  const may = useMay()
  const go = useNavigate()
  const one = useFetch(notices.one, { id: id ?? '' }, { enabled: id !== null, keep: false, refetchInterval: 2000 })
  const cancel = useAct(notices.cancel)
  const n = one.data
  const running = n && (n.state === 'gathering' || n.state === 'sending')
  const open = n ? (n.counts.waiting ?? 0) + (n.counts.sending ?? 0) : 0
  const share = n && n.total > 0 ? Math.floor((100 * (n.total - open)) / n.total) : 0
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      size={480}
      title={n?.name ?? w.notices}
      destroyOnHidden
      footer={
        n ? (
          <div className="row">
            <Button onClick={() => void go({ to: '/outbox', search: { noticeId: n.id } as never })}>{w.seeMessages}</Button>
            {running && may('message:send') && (
              <Button danger className="end" loading={cancel.acting} onClick={() => void cancel.act({ id: n.id })}>
                {w.stop}
              </Button>
            )}
          </div>
        ) : null
      }
    >
      {one.error && <Failure error={one.error} retry={() => void one.refetch()} />}
      {!n ? (
        <Waiting />
      ) : (
        <div className="col" style={{ gap: 16 }}>
          <div className="row">
            <span className={`tag ${states[n.state].tone ?? ''}`}>{states[n.state].word()}</span>
            <span className="t2">
              {wayWord(n.channel)} {purposeWords[n.purpose]}
            </span>
          </div>
          {running && <ProgressBar share={n.state === 'gathering' ? null : share / 100} label={w.sendingNotice} />}
          <ul className="reasons">
            {order.map(state =>
              n.counts[state] ? (
                <li key={state}>
                  <StateTag state={state} />
                  <b className="m5">{n.counts[state]?.toLocaleString()}</b>
                </li>
              ) : null,
            )}
          </ul>
          {n.reasons.length > 0 && (
            <section>
              <h3>{w.why}</h3>
              <ul className="reasons">
                {n.reasons.map(r => (
                  <li key={r.reason}>
                    <span className="t2">{reasonText(r.reason)}</span>
                    <span>{r.n.toLocaleString()}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section className="letter">
            {n.subject && <b>{spoken(n.subject)}</b>}
            <p>{spoken(n.text)}</p>
          </section>
          <span className="t3">
            {w.begun} {full(n.begunAt)} {n.byName}
          </span>
        </div>
      )}
    </Drawer>
  )
}
