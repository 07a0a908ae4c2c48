import { Button, Popover, Tooltip } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Conversation, conversationCan, conversations } from '#contract/messaging.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconAlarmSnooze, IconArrowsExchange, IconChevronLeft, IconClock, IconUser } from '../kit/icons.ts'
import { Menu } from '../kit/Menu.tsx'
import { ChannelGlyph, channelWord, Kbd, Sep, TierTag } from '../kit/parts.tsx'
import { clockText, hour, useNow } from '../kit/time.ts'
import { undoable } from '../kit/undo.tsx'
import { usePhone } from '../kit/useMedia.ts'
import { useQueueName } from '../routing/presence.ts'
import { keep } from './inbox.ts'
import { w } from './words.ts'

const Sheet = lazy(() => import('../kit/Sheet.tsx'))
const Transfer = lazy(() => import('./Transfer.tsx'))
const BlockVisitor = lazy(() => import('./Block.tsx').then(m => ({ default: m.BlockVisitor })))

type Props = { c: Conversation; mine: boolean; close: () => void; back: (() => void) | null; assist: (() => void) | null }

/** Who it is, how long it has run, and what to do now. */
export function Header({ c, mine, close, back, assist }: Props) {
  const may = useMay()
  const queueName = useQueueName()
  const taking = useAct(conversations.take, { done: keep, also: ['presence'] })
  const over = useAct(conversations.takeOver, { done: keep, also: ['presence'] })
  const [handing, setHanding] = useState(false)
  useHotkey('t', () => setHanding(true), mine && conversationCan.transfer(c))
  const free = c.agentId === null && (c.state === 'waiting' || c.state === 'left')
  const next = nextStep(c, mine)
  return (
    <header className="chead">
      {back && <Button type="text" size="small" aria-label={w.back} icon={<IconChevronLeft size={20} />} onClick={back} />}
      <ChannelGlyph channel={c.channel} />
      <div className="grow">
        <div className="row">
          <h2 className="cut">{c.customerName || w.visitor}</h2>
          <TierTag tier={c.tier} />
          <span className="t3 f12 cut where">
            {channelWord(c.channel)}
            {c.queueId && (
              <>
                <Sep />
                {queueName(c.queueId, c.queueName)}
              </>
            )}
            {c.page && (
              <>
                <Sep />
                {c.page}
              </>
            )}
          </span>
        </div>
        <div className="row f12 t2">
          <RunTime c={c} />
          {next && (
            <>
              <Sep />
              <span className="row cut next">
                <span className="t3 nowrap">{w.next}</span>
                <b className="m5 ac cut">{next}</b>
              </span>
            </>
          )}
        </div>
      </div>
      <div className="row acts">
        {mine && conversationCan.transfer(c) && <Handing c={c} open={handing} setOpen={setHanding} />}
        {mine && c.state === 'active' && <Snooze c={c} />}
        {c.channel === 'chat' && c.state !== 'done' && may('conversation:write') && (
          <Suspense>
            <BlockVisitor c={c} />
          </Suspense>
        )}
        {assist && <Button size="small" aria-label={w.assistance} icon={<IconUser size={16} stroke={1.75} />} onClick={assist} />}
        {!mine && !free && (c.state === 'active' || c.state === 'wrap') && may('conversation:supervise') && (
          <Button
            size="small"
            loading={over.acting}
            onClick={() => {
              void over.act({ id: c.id })
            }}
          >
            {w.takeOver}
          </Button>
        )}
        {free && may('conversation:write') && (
          <Button
            size="small"
            type="primary"
            loading={taking.acting}
            onClick={() => {
              void taking.act({ id: c.id })
            }}
          >
            {w.take}
          </Button>
        )}
        {mine && (conversationCan.end(c) || conversationCan.wrapUp(c)) && (
          <Button size="small" type="primary" onClick={close}>
            {w.end} <Kbd>{withCommand('Enter')}</Kbd>
          </Button>
        )}
      </div>
    </header>
  )
}

function Handing({ c, open, setOpen }: { c: Conversation; open: boolean; setOpen: (open: boolean) => void }) {
  const phone = usePhone()
  const form = (
    <Suspense>
      <Transfer c={c} done={() => setOpen(false)} />
    </Suspense>
  )
  const button = (
    <Button
      size="small"
      aria-label={w.transfer}
      icon={<IconArrowsExchange size={16} stroke={1.75} />}
      {...(phone ? { onClick: () => setOpen(true) } : {})}
    />
  )
  if (phone)
    return (
      <>
        {button}
        {open && (
          <Suspense>
            <Sheet title={w.transfer} placement="bottom" size="large" open onClose={() => setOpen(false)}>
              {form}
            </Sheet>
          </Suspense>
        )}
      </>
    )
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden open={open} onOpenChange={setOpen} content={form}>
      <Tooltip
        title={
          open ? (
            ''
          ) : (
            <>
              {w.transfer} <kbd>T</kbd>
            </>
          )
        }
      >
        {button}
      </Tooltip>
    </Popover>
  )
}

/** Since the answer while it runs, since the end while it is wrapped up, since the beginning while it waits. */
function RunTime({ c }: { c: Conversation }) {
  const now = useNow()
  const from = c.state === 'wrap' && c.endedAt ? c.endedAt : (c.answeredAt ?? c.startedAt)
  const to = c.state === 'done' || c.state === 'abandoned' ? (c.endedAt?.getTime() ?? now) : now
  const word =
    c.state === 'active'
      ? ''
      : c.state === 'wrap'
        ? w.wrap
        : c.state === 'waiting'
          ? w.waiting
          : c.state === 'left'
            ? w.left
            : c.state === 'done'
              ? w.done
              : w.abandoned
  return (
    <span className="row nowrap" style={{ gap: 4 }}>
      <IconClock size={14} stroke={1.75} />
      <b className="m6" style={{ color: c.state === 'wrap' ? 'var(--wr)' : 'var(--t1)' }}>
        {clockText(to - from.getTime())}
      </b>
      {word}
    </span>
  )
}

function nextStep(c: Conversation, mine: boolean): string | null {
  if (c.state === 'waiting' || c.state === 'left') return w.nextTake
  if (c.state === 'wrap') return mine ? w.nextWrap : w.with(c.agentName ?? '')
  if (c.state !== 'active') return null
  if (!mine) return w.with(c.agentName ?? '')
  if (c.handingTo) return w.nextHanding(c.handingTo)
  if (c.snoozedUntil) return w.nextWoken(hour(c.snoozedUntil))
  if (c.lastAuthor !== 'agent') return w.nextReply
  return c.customerId === null ? w.nextIdentify : w.nextWait
}

function Snooze({ c }: { c: Conversation }) {
  const { act } = useAct(conversations.snooze, { done: keep })
  const until = (at: Date) => {
    void act({ id: c.id, body: { until: at } }).then(set => {
      if (set) undoable(w.snoozed(c.customerName || w.visitor), () => void act({ id: c.id, body: { until: null } }))
    })
  }
  const tomorrow = () => {
    const at = new Date()
    at.setDate(at.getDate() + 1)
    at.setHours(9, 0, 0, 0)
    return at
  }
  if (c.snoozedUntil)
    return (
      <Tooltip title={w.wake}>
        <Button
          size="small"
          type="primary"
          ghost
          aria-label={w.wake}
          icon={<IconAlarmSnooze size={16} stroke={1.75} />}
          onClick={() => {
            void act({ id: c.id, body: { until: null } })
          }}
        />
      </Tooltip>
    )
  return (
    <Menu
      items={[
        ...[5, 15, 30, 60].map(n => ({ key: String(n), label: w.inMinutes(n), onClick: () => until(new Date(Date.now() + n * 60_000)) })),
        { key: 'tomorrow', label: w.tomorrow, onClick: () => until(tomorrow()) },
      ]}
    >
      <Tooltip title={w.snooze}>
        <Button size="small" aria-label={w.snooze} icon={<IconAlarmSnooze size={16} stroke={1.75} />} />
      </Tooltip>
    </Menu>
  )
}
