import { Button } from 'antd'
import { lazy, Suspense, useRef, useState } from 'react'
import { useCommands } from '../app/commands.ts'
import { useMe } from '../app/me.ts'
import { IconAlertTriangle, IconPhone, IconPhoneOutgoing, IconSettings } from '../kit/icons.ts'
import { useNow } from '../kit/time.ts'
import { language } from '../kit/words.ts'
import { Panel } from './Panel.tsx'
import { takePhone, useMyPhone, usePhoneKept, usePhoneState } from './phone.ts'
import { type Numbers, usePlace } from './place.ts'
import { callInHand } from './rules.ts'
import { closeStream, openMicrophone, useMicrophone } from './sound.ts'
import './voice.css'
import { w } from './words.ts'

const Dial = lazy(() => import('./Dial.tsx'))
const CallBar = lazy(() => import('./CallBar.tsx'))
const Devices = lazy(() => import('./Devices.tsx'))

/** The telephone in the bar: whom I talk with and what can be done, else a field to call somebody. */
export default function PhoneBar() {
  usePhoneKept()
  const me = useMe()
  const mine = useMyPhone()
  const now = useNow(2_000)
  const [sound, setSound] = useState(false)
  useCommands([{ id: 'phone.settings', name: w.settings, icon: <IconPhone size={16} />, run: () => setSound(true) }], language())
  if (!me || !mine) return null
  const call = callInHand(mine.calls, me.user.id, now)
  return (
    <>
      {call ? (
        <Suspense>
          <CallBar key={call.id} call={call} />
        </Suspense>
      ) : (
        <Idle settings={() => setSound(true)} numbers={mine.numbers} lines={mine.lines.length} />
      )}
      {sound && (
        <Suspense>
          <Devices close={() => setSound(false)} />
        </Suspense>
      )}
    </>
  )
}

function Idle({ settings, numbers, lines }: { settings: () => void; numbers: Numbers; lines: number }) {
  const how = usePhoneWords(lines)
  const [open, setOpen] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const dial = () => {
    // The field of the bar is out of sight where there is no room for it.
    if (field.current?.offsetParent) field.current.focus()
    else setOpen(true)
  }
  useCommands([{ id: 'phone.dial', name: w.dial, icon: <IconPhoneOutgoing size={16} />, run: dial }], language())
  return (
    <div className="phoneidle row">
      <Panel
        title={w.phone}
        open={open}
        setOpen={setOpen}
        content={
          <div className="phonepop col">
            <How how={how} />
            <Suspense>
              <Dial numbers={numbers} done={() => setOpen(false)} />
            </Suspense>
            <Button
              size="small"
              type="text"
              icon={<IconSettings size={14} />}
              onClick={() => {
                setOpen(false)
                settings()
              }}
            >
              {w.settings}
            </Button>
          </div>
        }
      >
        <button type="button" className={`phonestate ${how.tone}`} aria-label={how.name} title={how.name} onClick={() => setOpen(true)}>
          <IconPhone size={16} stroke={1.75} />
          <i className={`dot ${how.tone}`} />
          {how.tone === 'ba' && <span className="wide f12 nowrap">{how.name}</span>}
        </button>
      </Panel>
      <DialField field={field} />
    </div>
  )
}

type Words = { tone: 'ok' | 'wa' | 'ba' | ''; name: string; hint: string; act?: { name: string; run: () => void } }
/** How the phone is, and what to do about it. */
function usePhoneWords(lines: number): Words {
  const { at, state } = usePhoneState()
  const microphone = useMicrophone()
  const ask = () => void openMicrophone().then(closeStream, () => undefined)
  if (lines === 0) return { tone: '', name: w.noLine, hint: w.noLineHint }
  if (at === 'elsewhere') return { tone: 'ok', name: w.elsewhere, hint: w.elsewhereHint, act: { name: w.takeHere, run: takePhone } }
  if (microphone === 'insecure') return { tone: 'ba', name: w.micInsecure, hint: w.micInsecureHint }
  if (microphone === 'denied') return { tone: 'ba', name: w.micDenied, hint: w.micDeniedHint, act: { name: w.retry, run: ask } }
  if (microphone === 'none' || state === 'no_microphone')
    return { tone: 'ba', name: w.micNone, hint: w.micNoneHint, act: { name: w.retry, run: ask } }
  if (state === 'refused') return { tone: 'ba', name: w.refused, hint: w.refusedHint }
  if (state === 'connecting') return { tone: 'wa', name: w.connecting, hint: w.connectingHint }
  if (microphone === 'ask') return { tone: 'wa', name: w.micAsk, hint: w.micAskHint, act: { name: w.micAsk, run: ask } }
  return { tone: 'ok', name: w.ready, hint: '' }
}

function How({ how }: { how: Words }) {
  return (
    <div className="row how" role="status">
      {how.tone === 'ba' ? <IconAlertTriangle size={16} className="bac" /> : <i className={`dot ${how.tone}`} />}
      <span className="grow">
        <b className="m5">{how.name}</b>
        {how.hint && <span className="t3 f12 hint">{how.hint}</span>}
      </span>
      {how.act && (
        <Button size="small" onClick={how.act.run}>
          {how.act.name}
        </Button>
      )}
    </div>
  )
}

/** In the bar, where there is room: type and Enter. */
function DialField({ field }: { field: React.Ref<HTMLInputElement> }) {
  const [text, setText] = useState('')
  const { place, acting } = usePlace(() => setText(''))
  return (
    <input
      ref={field}
      className="dialfield"
      value={text}
      maxLength={40}
      inputMode="tel"
      autoComplete="off"
      placeholder={w.dial}
      aria-label={w.dialNumber}
      readOnly={acting}
      onChange={event => setText(event.target.value)}
      onKeyDown={event => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing && text.trim() && !acting) void place(text, null)
        if (event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
}
