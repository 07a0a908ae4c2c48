import type * as z from 'zod'
import { type Answer, type Dialling, type LegNow, type PhonePush, PhoneSaid } from '#contract/practiceLine.ts'
import type { Quality } from '#contract/voice.ts'
import type { CallAt, Ears, Signal } from '#domains/voice/ports.ts'
import type { Actor } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { newLimit } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Eye } from './eye.ts'
import type { Keeping } from './keeping.ts'
import { after, ended, newLeg, peersOf, told } from './now.ts'
import { passOf, readPass } from './passes.ts'
import type { Pieces } from './pieces.ts'

type Said = z.output<typeof PhoneSaid>
type Counted = Extract<Said, { no: number }>
type Around = {
  house: House
  keeping: Keeping
  pieces: Pieces
  eye: Eye
  say: (at: CallAt, signal: Signal) => Promise<void>
  push: (at: CallAt, topic: string, what: PhonePush) => void
  ears: () => Ears | undefined
  name: string
}

const dials = newLimit({ burst: 10, perSecond: 0.2, code: 'practice.too_many' })
/** A page that dials twice because the answer was lost has one call. */
const mostOnce = 1_000
/** What a browser may say it was recording when this process did not live yet. */
const mostRecordings = 50

/** What browsers say of their legs. A failure is not answered: they say it again. */
export function newHearing({ house, keeping, pieces, eye, say, push, ears, name }: Around) {
  const dialled = new Map<string, Promise<Dialling>>()

  async function dial(actor: Extract<Actor, { kind: 'caller' }>, to: string): Promise<Dialling> {
    try {
      await dials(house, actor.id, house.clock())
    } catch (error) {
      if (error instanceof Refusal) return { refused: 'too_many' }
      throw error
    }
    const here = ears()
    if (!here) throw new Error('the practice line is not started')
    const at = await here.arrived({ line: name, tenantId: actor.tenantId, caller: actor.number, called: to, at: house.clock() })
    if (!at) return { refused: 'nobody' }
    const pass = passOf(house.key, at, at.leg)
    eye.expect(at, pass, null)
    return { leg: at.leg, pass }
  }

  /** The same dialling said again is answered the same; one that failed may be tried again. */
  function dialOnce(actor: Extract<Actor, { kind: 'caller' }>, to: string, once: string): Promise<Dialling> {
    const known = dialled.get(`${actor.id} ${once}`)
    if (known) return known
    const key = `${actor.id} ${once}`
    const dialling = dial(actor, to)
    dialled.set(key, dialling)
    const oldest = dialled.size > mostOnce ? dialled.keys().next().value : undefined
    if (oldest !== undefined) dialled.delete(oldest)
    dialling.catch(() => dialled.delete(key))
    return dialling
  }

  const signalOf = (leg: string, said: Counted, at: Date): Signal | null => {
    if (said.kind === 'ringing' || said.kind === 'answered') return { kind: said.kind, leg, at }
    if (said.kind === 'digit') return { kind: 'digit', leg, at, digit: said.digit }
    if (said.kind === 'played') return { kind: 'played', leg, at, play: said.play, heard: said.heard }
    if (said.kind === 'gone') return { kind: 'gone', leg, at, cause: said.cause, code: null, quality: rated(said.quality) }
    return null
  }

  const hearingNow = new Map<string, Promise<Answer>>()
  /** Said again while the first is still being heard, it is heard once. */
  function counted(at: CallAt & { leg: string }, said: Counted): Promise<Answer> {
    const name = `${said.pass} ${said.page} ${said.no}`
    const running = hearingNow.get(name) ?? heardOnce(at, said).finally(() => hearingNow.delete(name))
    hearingNow.set(name, running)
    return running
  }

  async function heardOnce(at: CallAt & { leg: string }, said: Counted): Promise<Answer> {
    const { leg } = at
    // Whoever takes it first has it.
    const before = await keeping.change(at, call => {
      const is = call.legs[leg] ?? newLeg(null)
      if (is.page !== null && is.page !== said.page) return { call, result: null }
      const takes = said.kind === 'answered' || is.agentId === null
      return { call: takes ? { ...call, legs: { ...call.legs, [leg]: { ...is, page: said.page } } } : call, result: is }
    })
    if (!before) return { yours: false, now: null }
    if (said.no > (before.heard[said.page] ?? 0)) {
      const signal = signalOf(leg, said, new Date(house.clock().getTime() - said.ago))
      if (signal && !before.gone) await say(at, signal)
      if (said.kind === 'recorded') await recorded(at, said.recording)
      if (said.kind === 'answered') eye.up(said.pass, true)
      if (said.kind === 'gone') {
        eye.forget(said.pass)
        await finish(at, leg)
      }
    }
    const now = await keeping.change(at, call => {
      const is = call.legs[leg] ?? newLeg(null)
      const heard = { ...is.heard, [said.page]: Math.max(is.heard[said.page] ?? 0, said.no) }
      const known = { ...call, legs: { ...call.legs, [leg]: { ...is, heard, up: is.up || said.kind === 'answered' } } }
      const next =
        said.kind === 'gone'
          ? ended(known, leg, said.cause)
          : said.kind === 'played'
            ? after(known, { do: 'hush', leg, play: said.play })
            : known
      return { call: next, result: { ...told(next, leg, said.pass), n: next.n } }
    })
    return { yours: true, now }
  }

  async function here(actor: Actor, at: CallAt & { leg: string }, said: Extract<Said, { kind: 'here' }>): Promise<Answer> {
    const agentId = actor.kind === 'user' ? actor.id : null
    eye.expect(at, said.pass, agentId)
    if (said.up) eye.up(said.pass, true)
    return keeping.change<Answer>(at, before => {
      const is = before.legs[at.leg] ?? newLeg(agentId)
      if (is.page !== null && is.page !== said.page) return { call: before, result: { yours: false, now: null } }
      const recording = said.recording
      const isNew = recording && is.recordings.length < mostRecordings && !is.recordings.some(r => r.id === recording.id)
      const recordings = isNew ? [...is.recordings, { ...recording, paused: false, kept: false, told: false }] : is.recordings
      const leg = { ...is, agentId, up: is.up || said.up, page: said.up ? said.page : is.page, recordings }
      const call = { ...before, legs: { ...before.legs, [at.leg]: leg } }
      return { call, result: { yours: true, now: { ...told(call, at.leg, said.pass), n: call.n } } }
    })
  }

  async function sound(
    at: CallAt & { leg: string },
    { recording, from, pcm }: Extract<Said, { kind: 'sound' }>,
  ): Promise<{ taken: boolean }> {
    const known = (await keeping.get(at))?.legs[at.leg]?.recordings.find(r => r.id === recording)
    if (!known) return { taken: false }
    await pieces.put(at, recording, known.sides, from, pcm)
    return { taken: true }
  }

  /** From leg to leg of one room, and to nobody else. */
  async function relay(at: CallAt & { leg: string }, to: string, data: string): Promise<{ taken: boolean }> {
    const call = await keeping.get(at)
    if (!call || !peersOf(call, at.leg)?.some(p => p.leg === to)) return { taken: false }
    push(at, `leg:${passOf(house.key, at, to)}`, { kind: 'signal', leg: to, from: at.leg, data })
    return { taken: true }
  }

  /** Told once. */
  async function recorded(at: CallAt, recording: string): Promise<void> {
    const owner = await keeping.change<string | null>(at, before => {
      const [leg, is] = Object.entries(before.legs).find(([, l]) => l.recordings.some(r => r.id === recording && !r.told)) ?? []
      if (leg === undefined || is === undefined) return { call: before, result: null }
      const recordings = is.recordings.map(r => (r.id === recording ? { ...r, kept: true, told: true } : r))
      return { call: { ...before, legs: { ...before.legs, [leg]: { ...is, recordings } } }, result: leg }
    })
    if (owner === null) return
    const seconds = await pieces.seconds(at, recording)
    await say(at, { kind: 'recorded', leg: owner, at: house.clock(), recording, seconds: seconds ?? 0, failed: seconds === null })
  }

  /** The leg is over: what it recorded is what there is. */
  async function finish(at: CallAt, leg: string): Promise<void> {
    for (const { id, told: done } of (await keeping.get(at))?.legs[leg]?.recordings ?? []) if (!done) await recorded(at, id)
  }

  /** A recording is to be kept; its browser finishes it, where there is one. */
  async function kept(at: CallAt, recording: string): Promise<void> {
    const call = await keeping.get(at)
    const owner = Object.entries(call?.legs ?? {}).find(([, l]) => l.recordings.some(r => r.id === recording))
    if (!owner) {
      const seconds = await pieces.seconds(at, recording)
      const leg = Object.keys(call?.legs ?? {})[0]
      if (leg) await say(at, { kind: 'recorded', leg, at: house.clock(), recording, seconds: seconds ?? 0, failed: seconds === null })
    } else if (owner[1].over || !(await eye.isThere(at.tenantId, passOf(house.key, at, owner[0])))) await recorded(at, recording)
  }

  async function rings(actor: Actor): Promise<LegNow[]> {
    if (actor.kind !== 'user') return []
    const now: LegNow[] = []
    for (const { pass, leg, ...at } of await eye.of(actor.tenantId, actor.id)) {
      const call = await keeping.get(at)
      const is = call?.legs[leg]
      if (call && is && is.page === null && is.over === null) now.push({ ...told(call, leg, pass), n: call.n })
    }
    return now
  }

  async function hear(actor: Actor, payload: Record<string, unknown>): Promise<unknown> {
    if (actor.kind !== 'user' && actor.kind !== 'caller') return { refused: 'nobody' }
    const said = PhoneSaid.safeParse(payload)
    if (!said.success) return { refused: 'nobody' }
    if (said.data.kind === 'dial') return actor.kind === 'caller' ? dialOnce(actor, said.data.to, said.data.once) : { refused: 'nobody' }
    if (said.data.kind === 'mine') return rings(actor)
    const at = readPass(house.key, actor.tenantId, said.data.pass)
    if (!at) return { yours: false, now: null }
    if (said.data.kind === 'here') return here(actor, at, said.data)
    if (said.data.kind === 'sound') return sound(at, said.data)
    if (said.data.kind === 'signal') return relay(at, said.data.to, said.data.data)
    return counted(at, said.data)
  }
  return { hear, finish, kept }
}

/** ITU-T G.107 for Opus between two browsers: what loss and delay take from the best that a telephone is heard at. */
function rated(quality: Quality | null): Quality | null {
  if (!quality || quality.mos !== null) return quality
  const delay = (quality.rttMs ?? 0) / 2 + (quality.jitterMs ?? 0) * 2 + 20
  const loss = Math.max(quality.lossIn ?? 0, quality.lossOut ?? 0) * 100
  const late = delay < 160 ? delay / 40 : (delay - 120) / 10
  const r = Math.max(0, Math.min(93.2, 93.2 - late - (95 * loss) / (loss + 10)))
  return { ...quality, mos: Math.round((1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6) * 100) / 100 }
}
