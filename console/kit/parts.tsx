import { Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import type * as z from 'zod'
import type { Channel } from '#contract/interactions.ts'
import type { PresenceState } from '#contract/routing.ts'
import type { Priority } from '#contract/tickets.ts'
import type { RefusalError } from './call.ts'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCornerDownLeft,
  IconDeviceMobileMessage,
  IconForms,
  IconInbox,
  IconMail,
  IconMessageCircle,
  IconMessages,
  IconPhone,
  IconPlayerPause,
} from './icons.ts'
import { ago, clockText, full, hour, roughText, useNow } from './time.ts'
import { words } from './words.ts'

export const w = words({
  ready: ['示闲', 'Ready'],
  busy: ['示忙', 'Busy'],
  break: ['小休', 'Break'],
  call: ['通话中', 'On a call'],
  ringing: ['振铃', 'Ringing'],
  wrap: ['话后整理', 'Wrap-up'],
  offline: ['离线', 'Offline'],
  urgent: ['紧急', 'Urgent'],
  high: ['高', 'High'],
  normal: ['普通', 'Normal'],
  low: ['低', 'Low'],
  phone: ['电话', 'Phone'],
  chat: ['网页', 'Web chat'],
  wechat: ['微信', 'WeChat'],
  mail: ['邮件', 'Mail'],
  sms: ['短信', 'SMS'],
  form: ['表单', 'Form'],
  tierNormal: ['普通', 'Normal'],
  tierSilver: ['银', 'Silver'],
  tierGold: ['金', 'Gold'],
  tierKey: ['大客户', 'Key account'],
  left: [(t: string) => `剩 ${t}`, (t: string) => `${t} left`],
  over: [(t: string) => `超 ${t}`, (t: string) => `${t} over`],
  paused: ['已暂停', 'Paused'],
  met: ['达标', 'On time'],
  missed: ['超时', 'Late'],
  retry: ['重试', 'Retry'],
  failed: ['没有取到', 'Could not load'],
  since: [(t: string) => `显示 ${t}的数据`, (t: string) => `showing data from ${t}`],
})

/** A number that runs: since an instant, or towards one. */
export function Timer({ since }: { since: Date }) {
  return <span>{clockText(useNow() - since.getTime())}</span>
}

const stateTone: Record<PresenceState, string> = {
  ready: 'ok',
  busy: 'ba',
  break: 'wa',
  call: 'ac',
  ringing: 'ac',
  wrap: 'wr',
  offline: '',
}
export const stateWord = (state: PresenceState): string => w[state]
export function StateChip({
  state,
  since,
  reason,
  small,
}: {
  state: PresenceState
  since?: Date
  reason?: string | undefined
  small?: boolean
}) {
  return (
    <span className={`state ${stateTone[state]} ${small ? 'small' : ''}`}>
      <i className={`dot ${stateTone[state]}`} />
      {stateWord(state)}
      {reason && (
        <span className="why">
          <i className="sep" />
          {reason}
        </span>
      )}
      {since && state !== 'offline' && <Timer since={since} />}
    </span>
  )
}

const closing = 600_000
/** Time against a target: neutral ring, amber from `warnAt` or else 75 % used, red when over, dashed when paused, green when met. */
export function SlaChip({
  due,
  start,
  warnAt,
  pausedAt,
  doneAt,
  label,
}: {
  due: Date | null
  start: Date
  warnAt?: Date | null
  pausedAt?: Date | null
  doneAt?: Date | null
  label?: string
}) {
  // The last ten minutes are counted down by the second.
  const now = useNow(due && !doneAt && !pausedAt && Math.abs(due.getTime() - Date.now()) < 2 * closing ? 1_000 : 15_000)
  if (!due) return null
  if (doneAt)
    return doneAt <= due ? (
      <span className="sla ok">
        <IconCircleCheck size={14} />
        {w.met}
      </span>
    ) : (
      <span className="sla ba">
        <IconAlertTriangle size={14} />
        {w.missed}
      </span>
    )
  if (pausedAt)
    return (
      <span className="sla paused">
        <IconPlayerPause size={12} />
        {w.paused}
      </span>
    )
  const left = due.getTime() - now
  const name = label ? `${label} ` : ''
  if (left < 0)
    return (
      <span className="sla ba" title={full(due)}>
        <IconAlertTriangle size={14} />
        {name}
        {w.over(roughText(Math.max(60_000, -left)))}
      </span>
    )
  const part = Math.min(100, Math.max(2, (100 * (now - start.getTime())) / Math.max(1, due.getTime() - start.getTime())))
  return (
    <span
      className={`sla ${(warnAt === undefined ? part >= 75 : warnAt !== null && warnAt.getTime() <= now) ? 'wa' : ''}`}
      title={full(due)}
    >
      <i className="ring" style={{ '--part': part } as React.CSSProperties} />
      {name}
      {w.left(left < closing ? clockText(left) : roughText(left))}
    </span>
  )
}

export function PriorityBars({ priority }: { priority: z.output<typeof Priority> }) {
  return (
    <span className={`priority ${priority}`} role="img" aria-label={w[priority]} title={w[priority]}>
      <i />
      <i />
      <i />
    </span>
  )
}

const channelIcon = {
  phone: IconPhone,
  chat: IconMessageCircle,
  wechat: IconMessages,
  mail: IconMail,
  sms: IconDeviceMobileMessage,
  form: IconForms,
}
export const channelWord = (channel: Channel): string => w[channel]
export function ChannelGlyph({ channel }: { channel: Channel }) {
  const Icon = channelIcon[channel]
  return (
    <span className={`glyph ${channel}`} role="img" aria-label={w[channel]} title={w[channel]}>
      <Icon size={14} stroke={1.75} />
    </span>
  )
}

const tierWords = { normal: 'tierNormal', silver: 'tierSilver', gold: 'tierGold', key: 'tierKey' } as const
export const tierWord = (tier: keyof typeof tierWords): string => w[tierWords[tier]]
export function TierTag({ tier }: { tier: string | null }) {
  return tier === 'gold' || tier === 'key' || tier === 'silver' ? (
    <span className={`tag ${tier === 'silver' ? '' : 'wa'}`}>{tierWord(tier)}</span>
  ) : null
}

/** 许 for 许知夏, CY for Chen Yutong. */
const initialOf = (name: string): string => {
  // A number is nobody's initial.
  if (/^[+\d]/.test(name)) return '?'
  const [first = '?', second] = name.trim().split(/\s+/)
  const letter = (part: string | undefined) => (part ? ([...part][0] ?? '') : '')
  return /^[a-z]/i.test(first) && second ? (letter(first) + letter(second)).toUpperCase() : letter(first) || '?'
}
/** The first character of a name on a tint that stays the same for the same name. */
export function Avatar({ name, size = 24 }: { name: string; size?: number }) {
  const n = [...name].reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 9973, 7) % 5
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * (initialOf(name).length > 1 ? 0.38 : 0.46)),
        background: `var(--av${n})`,
        color: `var(--av${n}t)`,
      }}
    >
      {initialOf(name)}
    </span>
  )
}

export function Empty({ title, hint, children, icon }: { title: string; hint?: string; children?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="empty">
      {icon ?? <IconInbox size={24} stroke={1.75} />}
      <b>{title}</b>
      {hint && <span>{hint}</span>}
      {children}
    </div>
  )
}

/** What failed, since when, what still stands, and a way to try again. */
export function Failure({ error, retry, readAt }: { error: RefusalError; retry?: () => void; readAt?: number }) {
  return (
    <div className="note ba" role="alert">
      <IconAlertTriangle size={16} className="bac" />
      <div className="grow">
        <b>{error.message}</b>
        {readAt ? <div className="t2 f12">{w.since(ago(new Date(readAt)))}</div> : null}
      </div>
      {retry && (
        <Button size="small" onClick={retry}>
          {w.retry}
        </Button>
      )}
    </div>
  )
}

/** A skeleton, but only for waits that are felt. */
export function Waiting({ rows = 4 }: { rows?: number }) {
  const [felt, setFelt] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setFelt(true), 200)
    return () => clearTimeout(timer)
  }, [])
  if (!felt) return null
  const widths = [42, 86, 64, 92, 55, 78]
  return (
    <div className="bones" aria-busy="true">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <i key={i} style={{ width: `${widths[i % widths.length]}%` }} />
      ))}
    </div>
  )
}

export type Step = { key: string; name: string; state: 'done' | 'now' | 'later'; note?: ReactNode }
export function FlowSteps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="steps">
      {steps.map(s => (
        <li key={s.key} className={s.state} {...(s.state === 'now' ? { 'aria-current': 'step' as const } : {})}>
          <b>{s.name}</b>
          <span>{s.note}</span>
        </li>
      ))}
    </ol>
  )
}

export type TimelineItem = { key: string; at: Date; glyph: ReactNode; title: ReactNode; detail?: ReactNode }
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  return (
    <ol className="timeline">
      {items.map((item, i) => {
        const before = items[i - 1]
        return [
          before && before.at.toDateString() === item.at.toDateString() ? null : (
            <li key={`day-${item.key}`} className="day">
              {full(item.at).replace(/ \d\d:\d\d$/, '')}
            </li>
          ),
          <li key={item.key}>
            {item.glyph}
            <div className="grow">
              <div className="head">
                <b className="m5">{item.title}</b>
                <time dateTime={item.at.toISOString()} title={full(item.at)}>
                  {hour(item.at)}
                </time>
              </div>
              {item.detail && <div className="t2">{item.detail}</div>}
            </div>
          </li>,
        ]
      })}
    </ol>
  )
}

const enter = /Enter$/
/** A key as it is printed on the button it belongs to, where there is a keyboard. Enter is drawn: not every machine's letters have a sign for it. */
export const Kbd = ({ children: key }: { children: string }) => (
  <kbd>
    {key.replace(enter, '')}
    {enter.test(key) && <IconCornerDownLeft size={12} stroke={2} role="img" aria-label="Enter" />}
  </kbd>
)
export const Sep = () => <i className="sep" />
