import { Button, Drawer, Select, Slider } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { IconMicrophone, IconVolume } from '../kit/icons.ts'
import { chime } from '../routing/ring.ts'
import { closeStream, newEar, openMicrophone, setDevices, useDevices, useMicrophone } from './sound.ts'
import { w } from './words.ts'

/** Which microphone and speaker, how loud it rings, and whether one is heard. */
export default function Devices({ close }: { close: () => void }) {
  const devices = useDevices()
  const { microphones, speakers } = useDeviceNames()
  return (
    <Drawer title={w.settings} open onClose={close} size={Math.min(400, innerWidth)}>
      <div className="devices col">
        <label htmlFor="phone-microphone">{w.microphone}</label>
        <Select<string>
          id="phone-microphone"
          value={microphones.some(m => m.value === devices.microphone) ? devices.microphone : ''}
          options={[{ value: '', label: w.system }, ...microphones]}
          onChange={id => setDevices({ microphone: id || null })}
        />
        <Meter />
        <label htmlFor="phone-speaker">{w.speaker}</label>
        <Select<string>
          id="phone-speaker"
          value={speakers.some(s => s.value === devices.speaker) ? devices.speaker : ''}
          options={[{ value: '', label: w.system }, ...speakers]}
          onChange={id => setDevices({ speaker: id || null })}
        />
        <Button className="tone" icon={<IconVolume size={16} stroke={1.75} />} onClick={() => void playTone()}>
          {w.testSpeaker}
        </Button>
        <span id="phone-volume">{w.volume}</span>
        <Slider
          ariaLabelledByForHandle="phone-volume"
          min={0}
          max={100}
          value={Math.round(devices.volume * 100)}
          onChange={volume => setDevices({ volume: volume / 100 })}
          onChangeComplete={chime}
        />
        <span className="t3 f12">{w.kept}</span>
      </div>
    </Drawer>
  )
}

type Named = { value: string; label: string }
function useDeviceNames(): { microphones: Named[]; speakers: Named[] } {
  const [all, setAll] = useState<readonly MediaDeviceInfo[]>([])
  // Names are told once the microphone is allowed.
  const allowed = useMicrophone()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the permission is the occasion
  useEffect(() => {
    const { mediaDevices } = navigator
    if (mediaDevices === undefined) return
    const read = () => void mediaDevices.enumerateDevices().then(setAll, () => undefined)
    read()
    mediaDevices.addEventListener('devicechange', read)
    return () => mediaDevices.removeEventListener('devicechange', read)
  }, [allowed])
  const named = (kind: MediaDeviceKind) =>
    all
      .filter(d => d.kind === kind && d.deviceId !== '' && d.deviceId !== 'default')
      .map((d, n) => ({ value: d.deviceId, label: d.label || w.unnamed(n + 1) }))
  return { microphones: named('audioinput'), speakers: named('audiooutput') }
}

/** How loud the microphone hears, while it is tried. */
function Meter() {
  const { microphone } = useDevices()
  const how = useMicrophone()
  const [on, setOn] = useState(false)
  const bar = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another microphone is tried anew
  useEffect(() => {
    if (!on) return
    let over = false
    let stop = () => {}
    openMicrophone().then(
      stream => {
        if (over) {
          closeStream(stream)
          return
        }
        stop = measure(stream, level => bar.current?.style.setProperty('--level', String(level)))
      },
      () => setOn(false),
    )
    return () => {
      over = true
      stop()
    }
  }, [on, microphone])
  const why = { denied: w.micDeniedHint, none: w.micNoneHint, insecure: w.micInsecureHint, ask: '', granted: '' }[how]
  return (
    <>
      <div className="row">
        <Button icon={<IconMicrophone size={16} stroke={1.75} />} aria-pressed={on} onClick={() => setOn(!on)}>
          {on ? w.stopTest : w.testMicrophone}
        </Button>
        {on && (
          <span className="meter grow" role="img" aria-label={w.level}>
            <i ref={bar} />
          </span>
        )}
      </div>
      {on && <span className="t3 f12">{w.levelHint}</span>}
      {why && (
        <span className="bac f12" role="status">
          {why}
        </span>
      )}
    </>
  )
}

/** Tells the level, 0–1, until the returned function is called. */
function measure(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  context.createMediaStreamSource(stream).connect(analyser)
  const wave = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(wave)
    const rms = Math.sqrt(wave.reduce((sum, v) => sum + v * v, 0) / wave.length)
    // From −60 dB to full.
    tell(Math.max(0, Math.min(1, 1 + (20 * Math.log10(rms + 1e-6)) / 60)))
  }, 60)
  return () => {
    clearInterval(timer)
    closeStream(stream)
    void context.close()
  }
}

/** A second of 440 Hz on the chosen speaker. */
async function playTone(): Promise<void> {
  const context = new AudioContext()
  const out = context.createMediaStreamDestination()
  const tone = context.createOscillator()
  const volume = context.createGain()
  volume.gain.value = 0.2
  tone.frequency.value = 440
  tone.connect(volume).connect(out)
  const ear = newEar()
  ear.play(out.stream)
  tone.start()
  tone.stop(context.currentTime + 1)
  await new Promise(done => setTimeout(done, 1_200))
  ear.stop()
  await context.close()
}
