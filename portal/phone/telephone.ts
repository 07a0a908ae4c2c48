import { io } from 'socket.io-client'
import { newLine } from '../../console/app/line.ts'
import type { Dialling, LegNow, PhonePush } from '../../contract/practiceLine.ts'
import type { Cause } from '../../contract/voice.ts'
import { type HeldLeg, holdLeg } from '../kit/phone/leg.ts'
import { newRecorder, type Recorder } from '../kit/phone/record.ts'
import { noVoice, openMicrophone, type Voice } from './microphone.ts'
import { newPlayer } from './sounds.ts'

export type Stage = 'idle' | 'calling' | 'ringing' | 'up' | 'over'
export type Telephone = {
  stage: Stage
  line: 'off' | 'connecting' | 'ready' | 'elsewhere' | 'refused'
  /** Whom it is with. */
  other: string
  since: number
  /** What was said last, and whether it is still being said. */
  caption: string
  saying: boolean
  music: boolean
  talking: boolean
  /** Whoever talks with us cannot be reached just now. */
  cutOff: boolean
  recorded: boolean
  keys: string
  cause: Cause | null
  problem: 'nobody' | 'too_many' | 'unreachable' | null
  microphone: Voice['state']
}
export type Opened = { phone: string; token: string; from: string; iceServers: readonly RTCIceServer[] }
const begin: Telephone = {
  stage: 'idle',
  line: 'off',
  other: '',
  since: 0,
  caption: '',
  saying: false,
  music: false,
  talking: false,
  cutOff: false,
  recorded: false,
  keys: '',
  cause: null,
  problem: null,
  microphone: 'unasked',
}
/** What the exchange itself has to play; until it knows, nobody is left in silence. */
const meanwhile = '/sounds/music.wav'
/** A call is not held up for longer until the browser knows whether it may use the microphone. */
const patience = () => new Promise<null>(done => setTimeout(() => done(null), 3_000))
const plain = (number: string) => number.replaceAll(/[^0-9*#]/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '')
const newId = () =>
  crypto.randomUUID?.() ??
  '10000000-1000-4000-8000-100000000000'.replaceAll(/[018]/g, c => (Number(c) ^ ((Math.random() * 16) >> (Number(c) / 4))).toString(16))

/** A telephone that plays the customer: it dials and is called, hears what the exchange lets it hear, and takes down what is to be recorded. */
export function newTelephone(changed: () => void) {
  const page = newId()
  let now = begin
  let line: ReturnType<typeof newLine> | undefined
  let iceServers: readonly RTCIceServer[] = []
  let leg: HeldLeg | null = null
  let givenUp = false
  let voice: Voice | null = null
  let music: string | null = null
  let context: AudioContext | null = null
  let recorder: Recorder | null = null
  const finishedRecordings = new Set<string>()
  let flushed: Promise<unknown> = Promise.resolve()
  let ringing: ReturnType<typeof setTimeout> | undefined
  const set = (to: Partial<Telephone>) => {
    now = { ...now, ...to }
    changed()
  }
  const playMusic = () => player.music(now.cutOff ? meanwhile : now.talking ? null : music)
  const player = newPlayer(caption => set(caption === null ? { saying: false } : { caption, saying: true }))

  /** No longer under the number before. */
  function switchOff(): void {
    line?.close()
    line = undefined
    set({ line: 'connecting' })
  }

  /** Under this number from now on. */
  function switchOn({ phone, token, from, iceServers: servers }: Opened): void {
    switchOff()
    iceServers = servers
    const own = newLine({
      open: () =>
        io({
          path: '/api/socket',
          transports: ['websocket', 'polling'],
          auth: { token },
          forceNew: true,
          reconnectionDelay: 300,
          reconnectionDelayMax: 2_000,
        }),
      missed: () => {},
      refused: () => set({ line: 'refused' }),
    })
    line = own
    const tell = (next: Telephone['line']) => line === own && now.line !== 'elsewhere' && set({ line: next })
    own.onLine(() => own.state().line !== 'live' && tell('connecting'))
    const stopHearing = own.watch(
      `dialled:${plain(from)}`,
      (name, payload) => {
        if (line !== own || name !== 'phone') return
        const push = payload as PhonePush
        if (push.kind === 'now') called(push.now)
        // The new one may hear of itself. At the one before, a call in hand is brought to its end.
        if (push.kind === 'elsewhere' && push.phone !== phone) {
          stopHearing()
          if (now.stage === 'ringing') void hangUp()
          set({ line: 'elsewhere' })
        }
      },
      () => tell('ready'),
    )
    own.start()
  }

  function hold(first: LegNow): HeldLeg {
    if (!line) throw new Error('the telephone is off')
    const held: HeldLeg = holdLeg(first, {
      wire: line,
      page,
      iceServers,
      newEar,
      voices: streams => recorder?.hear(streams),
      cutOff: is => {
        if (leg !== held || held.isOver() || is === now.cutOff) return
        set({ cutOff: is })
        playMusic()
      },
      recording: () => recorder?.now() ?? null,
      last: async () => void (await flushed),
      changed: (is, mine) => leg === held && take(held, is, mine),
    })
    return held
  }

  function called(first: LegNow): void {
    if (leg?.leg === first.leg) return
    const held = hold(first)
    if (leg) {
      void held.gone('busy')
      return
    }
    leg = held
    void held.ringing()
    ringing = setTimeout(() => now.stage === 'ringing' && void over('no_answer'), (first.ring?.seconds ?? 30) * 1000)
    set({ ...begin, line: now.line, microphone: now.microphone, stage: 'ringing', other: first.ring?.number ?? '', since: Date.now() })
  }

  async function dial(to: string, name: string): Promise<void> {
    if (!line || leg || now.stage === 'calling') return
    givenUp = false
    set({ ...begin, line: now.line, microphone: now.microphone, stage: 'calling', other: name, since: Date.now() })
    await listen()
    const answer = (await line.tell('phone', { kind: 'dial', to, once: newId() }, 15_000)) as Dialling | undefined
    if (answer === undefined || 'refused' in answer) {
      if (!givenUp) set({ stage: 'idle', problem: answer?.refused ?? 'unreachable' })
      return
    }
    const held = hold({ leg: answer.leg, pass: answer.pass })
    leg = held
    void held.ringing()
    if (givenUp) void over('normal')
  }

  /** Sound in and out, from the touch of a button on. */
  async function listen(): Promise<void> {
    context ??= new AudioContext()
    void context.resume().catch(() => undefined)
    if (voice) return
    const asked = openMicrophone(context)
    const soon = await Promise.race([asked, patience()])
    voice = soon ?? noVoice(context)
    set({ microphone: voice.state })
    if (soon === null) void asked.then(heardLate)
  }
  /** The browser was still asking: they are heard from when they have said yes. */
  function heardLate(late: Voice): void {
    if (!voice || voice.state === 'open') {
      late.close()
      return
    }
    voice = late
    recorder?.say(late.stream)
    if (leg?.isUp()) leg.speak(late.track)
    set({ microphone: late.state })
  }

  function takeUp(held: HeldLeg): void {
    if (held.isUp() || !voice || !context || !line) return
    const to = line
    recorder = newRecorder(context, (recording, from, pcm) => to.tell('phone', { kind: 'sound', pass: held.pass, recording, from, pcm }))
    recorder.say(voice.stream)
    void held.answered(voice.track)
    set({ stage: 'up', since: Date.now() })
  }

  function take(held: HeldLeg, is: LegNow, mine: boolean): void {
    if (is.over !== undefined || !mine) {
      finished(mine ? (is.over ?? 'normal') : 'normal')
      return
    }
    if (is.up && now.stage === 'calling') takeUp(held)
    const talking = (is.room?.length ?? 0) > 0
    if (is.music !== undefined) music = is.music?.url ?? null
    if (is.play) {
      const { id, heard, language } = is.play
      void player.play(id, heard, language).then(whole => {
        if (whole !== null && !held.isOver()) void held.played(id, whole)
      })
    } else if (is.play === null) player.hush()
    const wanted = is.recording ?? null
    const done = is.keep ?? []
    void recorder?.be(wanted).then(finishedOne => {
      for (const id of [finishedOne, ...done]) {
        if (id === null || finishedRecordings.has(id)) continue
        finishedRecordings.add(id)
        void held.recorded(id)
      }
    })
    // What was pressed in the menu is no answer to what is asked after the talk.
    const keys = talking ? '' : now.keys
    set({ music: Boolean(is.music) && !talking, talking, keys, recorded: wanted !== null && !wanted.paused })
    playMusic()
  }

  function finished(cause: Cause): void {
    clearTimeout(ringing)
    leg = null
    player.close()
    music = null
    const done = recorder
    recorder = null
    if (done) flushed = done.be(null).then(done.close)
    voice?.close()
    voice = null
    set({ stage: 'over', cause, music: false, talking: false, cutOff: false, recorded: false, caption: '', saying: false })
  }
  async function over(cause: Cause): Promise<void> {
    const held = leg
    if (!held) return
    const told = held.gone(cause)
    finished(cause)
    await told
  }
  async function hangUp(): Promise<void> {
    if (leg) await over(now.stage === 'ringing' ? 'refused' : 'normal')
    else if (now.stage === 'calling') {
      givenUp = true
      set({ stage: 'idle' })
    }
  }

  return {
    now: () => now,
    switchOn,
    switchOff,
    dial,
    answer: async () => {
      const held = leg
      if (!held || now.stage !== 'ringing') return
      clearTimeout(ringing)
      await listen()
      if (leg === held) takeUp(held)
    },
    hangUp,
    press: (key: string) => {
      if (!leg || now.stage !== 'up') return
      set({ keys: `${now.keys}${key}`.slice(-24) })
      void leg.digit(key)
    },
    clear: () => set({ stage: 'idle', cause: null, problem: null, keys: '' }),
  }
}

function newEar() {
  const audio = new Audio()
  audio.autoplay = true
  return {
    play: (stream: MediaStream) => {
      audio.srcObject = stream
      void audio.play().catch(() => undefined)
    },
    onto: async () => {},
    stop: () => {
      audio.srcObject = null
    },
  }
}
