import type { LegNow, PhonePush } from '#contract/practiceLine.ts'
import type { LineState } from '#contract/voiceSettings.ts'
import type { CallAt, Ears, Order, Signal, Switch } from '#domains/voice/ports.ts'
import { begin, type House } from '#kernel/house.ts'
import { newEye, type Patience } from './eye.ts'
import { newHearing } from './hearing.ts'
import { newKeeping } from './keeping.ts'
import { after, ended, newLeg, told } from './now.ts'
import { passOf, plainNumber, readPass, readPhone } from './passes.ts'
import { newPieces } from './pieces.ts'
import type { Sounds } from './sounds.ts'

const practiceName = 'practice'
const patience: Patience = { beatMs: 1_000, goneMs: 5_000, graceMs: 8_000 }

/**
 * The telephone between two browsers of this installation: the customer's page and the agent's console. The server says who is joined with whom and what is heard;
 * the sound itself goes from browser to browser.
 */
export function newPracticeLine(
  house: House,
  sounds: Sounds,
  { beatMs, goneMs, graceMs }: Patience = patience,
): Switch & { attend: (ears: Ears) => { stop: () => Promise<void> } } {
  let ears: Ears | undefined
  /** Browsers come to processes that are no switch: those look after them all the same. */
  let attending: { by: number; stop: () => Promise<void> } | undefined
  /** Every browser whose leg is meant to be otherwise than before. */
  const keeping = newKeeping(house, (at, before, call) => {
    for (const leg of Object.keys(call.legs))
      if (JSON.stringify(told(before, leg, '')) !== JSON.stringify(told(call, leg, '')))
        push(at, topicOf(at, leg), { kind: 'now', now: { ...told(call, leg, pass(at, leg)), n: call.n } })
  })
  const pieces = newPieces(house)
  const since = house.clock()

  const say = (at: CallAt, signal: Signal): Promise<void> =>
    ears?.heard(at, signal) ?? Promise.reject(new Error('the practice line is not started'))
  const later = (at: CallAt, signals: readonly Signal[]) => {
    if (signals.length > 0)
      begin(house, 'signals of the practice line', async () => {
        for (const signal of signals) await say(at, signal)
      })
  }
  const push = ({ tenantId }: CallAt, topic: string, what: PhonePush) => house.live.push(tenantId, topic, 'phone', what)
  const pass = (at: CallAt, leg: string) => passOf(house.key, at, leg)
  const topicOf = (at: CallAt, leg: string) => `leg:${pass(at, leg)}`

  const eye = newEye(house, { beatMs, goneMs, graceMs }, async ({ leg, agentId, up, ...at }) => {
    const known = (await keeping.get(at))?.legs[leg] ?? newLeg(agentId)
    if (!known.gone) {
      const wasUp = known.up || up
      const lost = known.agentId !== null && wasUp && known.over === null
      const cause = known.over ?? (lost ? 'lost' : wasUp ? 'normal' : 'unreachable')
      // Told before it is noted: a house that cannot hear just now is told again.
      await say(at, { leg, at: house.clock(), ...(lost ? { kind: 'lost' } : { kind: 'gone', cause, code: null, quality: null }) })
      await keeping.change(at, call => ({ call: ended(call, leg, cause, call.legs[leg] ?? known), result: undefined }))
    }
    await hearing.finish(at, leg)
  })
  const hearing = newHearing({ house, keeping, pieces, eye, say, push, ears: () => ears, name: practiceName })

  async function dial(at: CallAt, { leg, to, ringSeconds, atOnce, caller }: Extract<Order, { do: 'dial' }>): Promise<void> {
    const topic = to.kind === 'agent' ? `user:${to.agentId}` : `dialled:${plainNumber(to.number)}`
    const agentId = to.kind === 'agent' ? to.agentId : null
    const isThere = (await house.live.watchers(at.tenantId, topic)) > 0
    const now = await keeping.change<LegNow | null>(at, call => {
      const known = call.legs[leg]
      if (known?.over || known?.up) return { call, result: null }
      const dialled = { ...newLeg(agentId), ...known, ring: { ...caller, seconds: ringSeconds, atOnce } }
      const next = isThere ? { ...call, legs: { ...call.legs, [leg]: dialled } } : ended(call, leg, 'unreachable', dialled)
      return { call: next, result: { ...told(next, leg, pass(at, leg)), n: next.n } }
    })
    if (now === null) return
    if (isThere) {
      eye.expect({ ...at, leg }, pass(at, leg), agentId)
      push(at, topic, { kind: 'now', now })
    } else later(at, [{ kind: 'gone', leg, at: house.clock(), cause: 'unreachable', code: null, quality: null }])
  }

  async function plain(at: CallAt, order: Exclude<Order, { do: 'dial' | 'digits' }>) {
    if (order.do === 'play') return { ...order, heard: await sounds.prompts(at, order.prompts, order.language) }
    if (order.do === 'music') return { ...order, music: order.music === null ? null : { url: await sounds.music(at, order.music) } }
    return order
  }

  async function carry(at: CallAt, orders: readonly Order[]): Promise<void> {
    for (const order of orders) {
      if (order.do === 'digits') push(at, topicOf(at, order.leg), { kind: 'digits', leg: order.leg, digits: order.digits })
      else if (order.do === 'dial') await dial(at, order)
      else {
        const known = await plain(at, order)
        await keeping.change(at, call => ({ call: after(call, known), result: undefined }))
      }
      // Whoever has no browser hangs up, and has recorded, what there is.
      if (order.do === 'hangUp' && !(await eye.isThere(at.tenantId, pass(at, order.leg)))) {
        eye.forget(pass(at, order.leg))
        await keeping.change(at, call => ({ call: ended(call, order.leg, order.cause), result: undefined }))
        later(at, [{ kind: 'gone', leg: order.leg, at: house.clock(), cause: order.cause, code: null, quality: null }])
        begin(house, 'recordings of a leg without a browser', () => hearing.finish(at, order.leg))
      }
      if (order.do === 'keep') begin(house, 'a recording of a leg without a browser', () => hearing.kept(at, order.recording))
    }
  }

  function attend(given: Ears): { stop: () => Promise<void> } {
    ears = given
    attending ??= begun(given)
    attending.by++
    const mine = attending
    return {
      stop: async () => {
        if (--mine.by > 0) return
        attending = undefined
        await mine.stop()
        ears = undefined
      },
    }
  }
  function begun(given: Ears) {
    const watch = eye.start()
    // Browsers whose socket broke with the process before come back within this time.
    const grace = setTimeout(() => begin(house, 'the practice line is back', () => given.back(practiceName, eye.live)), graceMs)
    const stop = async () => {
      clearTimeout(grace)
      await watch.stop()
    }
    return { by: 0, stop }
  }

  house.authenticate.c = async (ctx, secret) => {
    const phone = readPhone(house.key, ctx.tenantId, secret, ctx.now)
    return phone ? { kind: 'caller', tenantId: ctx.tenantId, ...phone } : null
  }
  house.live.guard('dialled', async ({ actor }, number) => actor.kind === 'caller' && plainNumber(actor.number) === number)
  house.live.guard('leg', async ({ actor, tenantId }, text) => {
    const at = readPass(house.key, tenantId, text)
    if (!at || (actor.kind !== 'user' && actor.kind !== 'caller')) return false
    eye.expect(at, text, actor.kind === 'user' ? actor.id : null)
    return true
  })
  house.live.on('phone', (_house, actor, payload) => hearing.hear(actor, payload))

  return {
    name: practiceName,
    kind: 'practice',
    attend,
    start: async given => attend(given),
    carry,
    look: eye.live,
    store: (call, recording, into) => pieces.wav(call, recording, into),
    forget: (call, recording) => pieces.forget(call, recording),
    state: (): LineState => ({
      name: practiceName,
      kind: 'practice',
      state: 'ready',
      code: null,
      since,
      calls: Math.ceil(eye.count() / 2),
      phones: eye.count(),
      version: null,
      trunks: [],
    }),
    phone: async () => null,
  }
}
