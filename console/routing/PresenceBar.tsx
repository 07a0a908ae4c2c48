import { Button, Tooltip } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type ChosenState as Chosen, type OwnPresence, routing } from '#contract/routing.ts'
import { useLine } from '../app/live.ts'
import { useAct } from '../kit/data.ts'
import {
  IconAlertTriangle,
  IconChevronDown,
  IconDeviceMobileMessage,
  IconForms,
  IconMail,
  IconMessageCircle,
  IconMessages,
  IconPhone,
  IconVolume,
  IconVolumeOff,
} from '../kit/icons.ts'
import { Menu, type MenuItem } from '../kit/Menu.tsx'
import { channelWord, StateChip, stateWord } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { Hand } from './Hand.tsx'
import { showPresence, useMine, usePresenceLive, useReasons } from './presence.ts'
import { setSound, useNotices, useSound } from './ring.ts'
import './routing.css'
import { w } from './words.ts'

const glyphs = {
  phone: IconPhone,
  chat: IconMessageCircle,
  wechat: IconMessages,
  mail: IconMail,
  sms: IconDeviceMobileMessage,
  form: IconForms,
}

/** My state, and how much I carry. Ready is chosen by the person and by nobody else. */
export default function PresenceBar() {
  usePresenceLive()
  const mine = useMine()
  const aside = useRef(false)
  const { unreachable = false, chosen } = mine?.presence ?? {}
  useEffect(() => {
    if (aside.current && !unreachable && chosen === 'ready') tell(w.phoneBack)
    aside.current = unreachable
  }, [unreachable, chosen])
  const wentOffline = useWentOffline(mine?.presence)
  const reasons = useReasons()
  const { act, acting } = useAct(routing.setMine, { done: showPresence })
  const sound = useSound()
  const notices = useNotices()
  if (!mine) return null
  const { presence } = mine
  const choose = (state: Chosen, reasonId: string | null = null) => {
    void act({ body: { state, reasonId } })
  }
  const now = presence.reasonId ?? presence.chosen
  const reason = reasons.find(r => r.id === presence.reasonId)
  const why = reason && nameOf(reason) !== stateWord(presence.chosen) ? nameOf(reason) : null
  // While a call runs the chip says what comes after it, when that is not to be ready.
  const after =
    presence.state === presence.chosen ? why : presence.chosen === 'ready' ? null : w.afterCall(why ?? stateWord(presence.chosen))
  const away = (state: 'busy' | 'break'): MenuItem[] => {
    const why = reasons.filter(r => r.state === state)
    return [
      // A reason that bears the state's own name says as much as none.
      ...(why.some(r => nameOf(r) === stateWord(state))
        ? []
        : [{ key: state, label: <Label state={state} />, chosen: now === state, onClick: () => choose(state) }]),
      ...why.map(r => ({
        key: r.id,
        label: <Label state={state} reason={nameOf(r)} />,
        chosen: now === r.id,
        onClick: () => choose(state, r.id),
      })),
    ]
  }
  const told = wentOffline ? w.wentOffline : presence.unreachable ? w.unreachable : w.missed
  const items: MenuItem[] = [
    { key: 'ready', label: <Label state="ready" hint={w.readyHint} />, chosen: now === 'ready', onClick: () => choose('ready') },
    { type: 'divider' },
    ...away('busy'),
    { type: 'divider' },
    ...away('break'),
    { type: 'divider' },
    { key: 'offline', label: <Label state="offline" hint={w.offlineHint} />, chosen: now === 'offline', onClick: () => choose('offline') },
    { type: 'divider' },
    {
      key: 'sound',
      icon: sound ? <IconVolume size={16} /> : <IconVolumeOff size={16} />,
      label: <Switched name={w.sound} on={sound} />,
      onClick: () => setSound(!sound),
    },
    ...(notices.allowed === 'never'
      ? []
      : [
          {
            key: 'notices',
            label:
              notices.allowed === 'denied' ? (
                <span className="t3 f12">{w.noticesDenied}</span>
              ) : (
                <Switched name={w.notices} on={notices.allowed === 'granted'} />
              ),
            disabled: notices.allowed !== 'default',
            onClick: notices.ask,
          },
        ]),
  ]
  return (
    <div className="row presence">
      <Menu items={items} disabled={acting} placement="bottomLeft">
        <button type="button" className="chipbutton" aria-label={`${w.state} ${stateWord(presence.state)}`}>
          <StateChip state={presence.state} since={presence.since} {...(after ? { reason: after } : {})} />
          <IconChevronDown size={14} />
        </button>
      </Menu>
      {(presence.missed || presence.unreachable || wentOffline) && (
        <span className="missed row f12" role="status">
          <IconAlertTriangle size={14} />
          <span className="wide" title={told}>
            {told}
          </span>
          <Button size="small" onClick={() => choose('ready')}>
            {w.goReady}
          </Button>
        </span>
      )}
      <span className="row load wide">
        {presence.load
          .filter(l => l.capacity > 0)
          .map(l => {
            const Glyph = glyphs[l.channel]
            return (
              <Tooltip key={l.channel} title={w.capacity(channelWord(l.channel), l.used, l.capacity)}>
                <span className={`row f12 ${l.used >= l.capacity ? 'wac' : 't2'}`}>
                  <Glyph size={16} stroke={1.75} />
                  {l.used}/{l.capacity}
                </span>
              </Tooltip>
            )
          })}
      </span>
      {presence.load.some(l => l.capacity > 0) && <Hand />}
    </div>
  )
}

function Label({ state, reason, hint }: { state: Chosen; reason?: string; hint?: string }) {
  const tone = { ready: 'ok', busy: 'ba', break: 'wa', offline: '' }[state]
  return (
    <span className="row">
      <i className={`dot ${tone}`} />
      {stateWord(state)}
      {reason && reason !== stateWord(state) && (
        <>
          <i className="sep" />
          {reason}
        </>
      )}
      {hint && <span className="t3 f12">{hint}</span>}
    </span>
  )
}

function Switched({ name, on }: { name: string; on: boolean }) {
  return (
    <span className="row between" aria-current={on}>
      <span>{name}</span>
      <i className={`toggle ${on ? 'on' : ''}`} />
    </span>
  )
}

/** This machine slept, or had no network, until nobody expected its agent any more: only the agent can say to be back. */
function useWentOffline(presence: OwnPresence | undefined): boolean {
  const { line, since } = useLine()
  const before = useRef<Chosen>(undefined)
  const [went, setWent] = useState(false)
  const { chosen, since: changed } = presence ?? {}
  useEffect(() => {
    if (chosen === undefined || line !== 'live' || before.current === chosen) return
    setWent(chosen === 'offline' && before.current !== undefined && changed !== undefined && changed.getTime() < since)
    before.current = chosen
  }, [chosen, changed, line, since])
  return went
}
