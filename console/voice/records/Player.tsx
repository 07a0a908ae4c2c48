import { Button, Segmented } from 'antd'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { type CallMark, calls, type Recording } from '#contract/voice.ts'
import { useMay } from '../../app/me.ts'
import { useAct } from '../../kit/data.ts'
import { IconPlayerPause, IconPlayerPlay } from '../../kit/icons.ts'
import { clockText } from '../../kit/time.ts'
import { Keeping } from './Keeping.tsx'
import './player.css'
import { Wave } from './Wave.tsx'
import { markWord, reasonWord, w } from './words.ts'

const speeds = [0.75, 1, 1.25, 1.5, 2] as const
const stepSeconds = 5

/** A recording: both sides drawn apart, heard by whoever may. */
export function Player({ recording, marks = [] }: { recording: Recording; marks?: readonly CallMark[] }) {
  const { state, reason, kind } = recording
  if (state === 'kept') return <Kept recording={recording} marks={marks} />
  const says = {
    running: w.recordingNow,
    paused: w.recordingPaused,
    storing: w.storing,
    removed: w.removed,
    failed: reason === null ? w.failed : reasonWord(reason),
  }[state]
  return (
    <p className="row t2 norecording">
      {state === 'running' && <i className="dot ba" />}
      {kind === 'voicemail' && <span className="tag">{w.voicemail}</span>}
      {says}
    </p>
  )
}

function Kept({ recording, marks }: { recording: Recording; marks: readonly CallMark[] }) {
  const { id, kind, pauses, peaks, startedAt } = recording
  const whole = recording.seconds ?? 0
  const may = useMay()
  const mayListen = may('voice:listen')
  const audio = useRef<HTMLAudioElement>(null)
  const [at, setAt] = useState(0)
  const [playing, setPlaying] = useState(false)
  const [broken, setBroken] = useState(false)
  const [speed, setSpeed] = useState(1)
  const { act: ask, acting } = useAct(calls.play)

  /** The address is asked for at the first listening, and again when it has run out. */
  async function ready(): Promise<HTMLAudioElement | null> {
    const here = audio.current
    if (!here || !mayListen) return null
    if (!here.src || broken) {
      const given = await ask({ id })
      if (!given) return null
      setBroken(false)
      here.src = given.url
      here.currentTime = at
      here.playbackRate = speed
    }
    return here
  }
  async function play() {
    if (playing) return audio.current?.pause()
    const here = await ready()
    if (here && at >= whole - 0.05) seek(0)
    await here?.play().catch(() => setBroken(true))
  }
  const seek = (to: number) => {
    const next = Math.min(whole, Math.max(0, to))
    setAt(next)
    if (audio.current?.src) audio.current.currentTime = next
  }
  const hurry = (next: number) => {
    setSpeed(next)
    if (audio.current) audio.current.playbackRate = next
  }
  const keys = (e: KeyboardEvent) => {
    const jumps: Record<string, number> = {
      ArrowLeft: at - stepSeconds,
      ArrowRight: at + stepSeconds,
      ArrowDown: at - stepSeconds,
      ArrowUp: at + stepSeconds,
      PageDown: at - 6 * stepSeconds,
      PageUp: at + 6 * stepSeconds,
      Home: 0,
      End: whole,
    }
    const to = jumps[e.key]
    if (e.key === ' ') void play()
    else if (to !== undefined) seek(to)
    else return
    e.preventDefault()
  }
  const point = (e: PointerEvent<HTMLElement>) => {
    const { left, width } = e.currentTarget.getBoundingClientRect()
    seek(((e.clientX - left) / width) * whole)
  }
  const says = [
    ...pauses.map(p => ({ at: p.from, what: w.notRecorded })),
    ...marks.map(m => ({ at: (m.at.getTime() - startedAt.getTime()) / 1000, what: markWord(m) })),
  ]
    .filter(m => m.at >= 0 && m.at <= whole)
    .sort((a, b) => a.at - b.at)
  const clock = (seconds: number) => clockText(seconds * 1000)
  return (
    <fieldset className="player" aria-label={kind === 'voicemail' ? w.voicemail : w.recordings}>
      {/* biome-ignore lint/a11y/useMediaCaption: what was said on the telephone has no captions */}
      <audio
        ref={audio}
        preload="none"
        onTimeUpdate={e => setAt(e.currentTarget.currentTime)}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
        onError={() => {
          setPlaying(false)
          setBroken(true)
        }}
      />
      <div className="lanes" aria-hidden>
        <span>{w.customer}</span>
        {kind === 'talk' && <span>{w.agentSide}</span>}
      </div>
      <div
        className="wave"
        role="slider"
        tabIndex={0}
        aria-label={w.position}
        aria-valuemin={0}
        aria-valuemax={Math.round(whole)}
        aria-valuenow={Math.round(at)}
        aria-valuetext={w.at(clock(at), clock(whole))}
        onKeyDown={keys}
        onPointerDown={e => {
          e.currentTarget.setPointerCapture(e.pointerId)
          point(e)
        }}
        onPointerMove={e => e.buttons === 1 && point(e)}
      >
        <Wave peaks={peaks} whole={whole} at={at} pauses={pauses} marks={says.map(m => m.at)} both={kind === 'talk'} />
      </div>
      <div className="row wrap playing">
        <Button
          type="primary"
          shape="circle"
          loading={acting}
          disabled={!mayListen}
          icon={playing ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          aria-label={playing ? w.pause : w.play}
          title={mayListen ? w.playKey : w.mayNot}
          onClick={() => void play()}
        />
        <span className="nowrap time">
          {clock(at)} <span className="t3">/ {clock(whole)}</span>
        </span>
        <Segmented
          size="small"
          aria-label={w.speed}
          value={speed}
          onChange={hurry}
          options={speeds.map(value => ({ value, label: `${value}×`, title: w.times(value) }))}
        />
        <Keeping recording={recording} />
      </div>
      {broken && <p className="bac">{w.noSound}</p>}
      {says.length > 0 && (
        <ul className="row wrap marks">
          {says.map(m => (
            <li key={`${m.at} ${m.what}`}>
              <Button size="small" type="text" aria-label={w.jump(m.what, clock(m.at))} onClick={() => seek(m.at)}>
                <span className="t3">{clock(m.at)}</span> {m.what}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  )
}
