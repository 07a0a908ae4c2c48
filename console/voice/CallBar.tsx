import { useNavigate } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { MyCall } from '#contract/voice.ts'
import { useCommands } from '../app/commands.ts'
import { useMe } from '../app/me.ts'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconCheck,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPlayerPause,
  IconPlayerPlay,
  IconRecord,
  IconUsers,
} from '../kit/icons.ts'
import { Timer } from '../kit/parts.tsx'
import { clockText, useNow } from '../kit/time.ts'
import { CallNotes } from './CallNotes.tsx'
import { Keypad } from './Keypad.tsx'
import { Panel } from './Panel.tsx'
import { usePhoneState } from './phone.ts'
import { isRunning } from './rules.ts'
import { useMicrophone } from './sound.ts'
import { type CallActs, nameOfCall, numberOfCall, stateOfCall, useCall } from './useCall.ts'
import { w } from './words.ts'

const HandOver = lazy(() => import('./HandOver.tsx'))

/** Identity, timer, what can be done. On a phone a strip above the foot. */
export default function CallBar({ call }: { call: MyCall }) {
  return isRunning(call) ? <Running call={call} /> : <Wrapping call={call} />
}

function Who({ call, children }: { call: MyCall; children?: ReactNode }) {
  const go = useNavigate()
  const name = nameOfCall(call)
  const number = numberOfCall(call)
  const Glyph = call.direction === 'in' ? IconPhoneIncoming : IconPhoneOutgoing
  return (
    <button
      type="button"
      className="callwho"
      title={w.openInDesk}
      aria-label={`${name} ${number} ${w.openInDesk}`}
      onClick={() => void go({ to: '/desk', search: { call: call.id } as never })}
    >
      <Glyph size={16} stroke={1.75} className="ac" />
      <span className="names">
        <b className="cut">{name}</b>
        {number !== name && <span className="t3 f12 nowrap num">{number}</span>}
      </span>
      {children}
    </button>
  )
}

function Running({ call }: { call: MyCall }) {
  const acts = useCall(call)
  const { at, weak } = usePhoneState()
  const microphone = useMicrophone()
  const { may } = acts
  const [open, setOpen] = useState<'keys' | 'hand' | null>(null)
  const state = stateOfCall(call, useMe()?.user.id ?? '')
  const first = { first: true }
  useHotkey('h', acts.hold, may.hold, first)
  useHotkey('m', acts.mute, may.mute, first)
  useHotkey('k', () => setOpen('keys'), may.keys, first)
  useHotkey('t', () => (may.decide ? void acts.transfer() : setOpen('hand')), may.hand || (may.decide && call.other?.state === 'up'), first)
  useHotkey('mod+e', acts.end, may.end, first)
  const offered = [
    may.hold && { id: 'call.hold', name: call.held ? w.resume : w.hold, key: 'H', run: acts.hold },
    may.mute && { id: 'call.mute', name: acts.muted ? w.unmute : w.mute, key: 'M', run: acts.mute },
    may.keys && { id: 'call.keys', name: w.keypad, key: 'K', run: () => setOpen('keys') },
    may.hand && { id: 'call.hand', name: w.handOver, key: 'T', run: () => setOpen('hand') },
    may.decide && { id: 'call.complete', name: w.complete, key: 'T', run: () => void acts.transfer() },
    may.decide && { id: 'call.together', name: w.together, run: acts.together },
    may.decide && { id: 'call.back', name: w.back, run: acts.back },
    may.record && { id: 'call.record', name: recordWord(call), run: acts.record },
    may.end && { id: 'call.end', name: endWord(call), key: withCommand('E'), run: acts.end },
  ].filter(one => one !== false)
  useCommands(offered, `${offered.map(o => o.name).join('|')}`)
  return (
    <section className={`callbar ${call.held ? 'held' : ''}`} aria-label={w.inCall}>
      <Who call={call}>
        <span className="time">{call.talkingSince ? <Timer since={call.talkingSince} /> : <Timer since={call.startedAt} />}</span>
        {state.word && <span className={`tag ${state.tone}`}>{state.word}</span>}
        {call.line === 'practice' && !state.word && <span className="tag wide">{w.practice}</span>}
      </Who>
      <CallNotes
        call={call}
        muted={acts.muted}
        unheard={at === 'here' && microphone !== 'granted'}
        elsewhere={at === 'elsewhere'}
        weak={weak}
      />
      <span className={`callacts row ${call.other && acts.owner ? 'deciding' : ''}`}>
        {call.other && acts.owner ? (
          <Deciding call={call} acts={acts} />
        ) : (
          <>
            {acts.owner && (
              <Act
                name={call.held ? w.resume : w.hold}
                at="H"
                on={call.held}
                disabled={!may.hold}
                icon={call.held ? <IconPlayerPlay size={16} stroke={1.75} /> : <IconPlayerPause size={16} stroke={1.75} />}
                run={acts.hold}
              />
            )}
            <Mute acts={acts} />
            <Panel
              title={w.keypad}
              open={open === 'keys'}
              setOpen={is => setOpen(is ? 'keys' : null)}
              content={<Keypad press={acts.press} />}
            >
              <Act name={w.keypad} at="K" disabled={!may.keys} icon={<IconDialpad size={16} stroke={1.75} />} run={() => setOpen('keys')} />
            </Panel>
            {acts.owner && (
              <Panel
                title={w.handOver}
                open={open === 'hand'}
                setOpen={is => setOpen(is ? 'hand' : null)}
                content={
                  <Suspense>
                    <HandOver call={call} acts={acts} done={() => setOpen(null)} />
                  </Suspense>
                }
              >
                <Act
                  name={w.handOver}
                  at="T"
                  disabled={!may.hand}
                  icon={<IconArrowsExchange size={16} stroke={1.75} />}
                  run={() => setOpen('hand')}
                />
              </Panel>
            )}
            {may.record && (
              <Act
                name={recordWord(call)}
                short={w.recordShort}
                on={call.recording === 'paused'}
                icon={<IconRecord size={16} stroke={1.75} className={call.recording === 'on' ? 'recording' : ''} />}
                run={acts.record}
              />
            )}
          </>
        )}
        <Tooltip title={`${endWord(call)} ${withCommand('E')}`}>
          <Button
            danger
            type="primary"
            size="small"
            className="endcall"
            aria-label={endWord(call)}
            disabled={!may.end}
            loading={acts.ending}
            icon={<IconPhoneOff size={16} stroke={1.75} />}
            onClick={acts.end}
          >
            <span className="label">{endWord(call)}</span>
          </Button>
        </Tooltip>
      </span>
    </section>
  )
}

/** A leader who goes ends nobody's call. */
const endWord = (call: MyCall) => (call.leading ? w.leave : w.end)
const recordWord = (call: MyCall) =>
  call.recording === 'on' ? w.pauseRecording : call.recording === 'paused' ? w.resumeRecording : w.startRecording

/** While somebody is asked: hand over, talk all three, or go back. */
function Deciding({ call, acts }: { call: MyCall; acts: CallActs }) {
  const answered = call.other?.state === 'up'
  return (
    <>
      <Mute acts={acts} />
      <Act
        name={w.complete}
        at="T"
        lead
        disabled={!answered || acts.busy}
        icon={<IconCheck size={16} stroke={1.75} />}
        run={() => void acts.transfer()}
      />
      {!call.other?.together && (
        <Act name={w.together} disabled={!answered || acts.busy} icon={<IconUsers size={16} stroke={1.75} />} run={acts.together} />
      )}
      <Act name={w.back} disabled={acts.busy} icon={<IconArrowBackUp size={16} stroke={1.75} />} run={acts.back} />
    </>
  )
}

function Mute({ acts }: { acts: CallActs }) {
  return (
    <Act
      name={acts.muted ? w.unmute : w.mute}
      at="M"
      on={acts.muted}
      disabled={!acts.may.mute}
      icon={acts.muted ? <IconMicrophoneOff size={16} stroke={1.75} /> : <IconMicrophone size={16} stroke={1.75} />}
      run={acts.mute}
    />
  )
}

type ActProps = {
  name: string
  at?: string
  /** Its word on a phone, where the name has no room. */
  short?: string
  on?: boolean
  /** What the talk with the colleague is likely to end in. */
  lead?: boolean
  disabled?: boolean
  icon: ReactNode
  run: () => void
}
function Act({ name, at, short, on, lead, disabled, icon, run, ...rest }: ActProps) {
  return (
    <Tooltip title={name}>
      <Button
        {...rest}
        size="small"
        aria-label={name}
        {...(at ? { 'aria-keyshortcuts': at } : {})}
        {...(on === undefined ? {} : { 'aria-pressed': on })}
        className={`callact ${on ? 'on' : ''} ${lead ? 'lead' : ''}`}
        disabled={disabled ?? false}
        icon={icon}
        onClick={run}
      >
        <span className={`label ${short ? 'short' : ''}`}>{short ?? name}</span>
        {at && <kbd>{at}</kbd>}
      </Button>
    </Tooltip>
  )
}

/** The desk may still be drawing itself; where there is no room beside the call the summary is opened first. */
function reachSummary(tries = 60): void {
  const reason = document.getElementById('summary-reason')
  const opens = document.getElementById('summary-open')
  if (reason) reason.focus()
  else if (opens) opens.click()
  else if (tries > 0) setTimeout(() => reachSummary(tries - 1), 50)
}

/** After the talk: how long is left, and where it is written down. */
function Wrapping({ call }: { call: MyCall }) {
  const go = useNavigate()
  const now = useNow()
  const left = (call.wrapUntil?.getTime() ?? now) - now
  return (
    <section className="callbar wrap" aria-label={w.wrapUp}>
      <Who call={call}>
        <span className="tag wr">
          <IconPhone size={12} />
          {w.wrapLeft(clockText(left))}
        </span>
      </Who>
      <Button size="small" onClick={() => void go({ to: '/desk', search: { call: call.id } as never }).then(() => reachSummary())}>
        {w.writeSummary}
      </Button>
    </section>
  )
}
