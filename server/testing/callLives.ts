import * as fc from 'fast-check'
import { FlowBody } from '#contract/flows.ts'
import type { Order } from '#domains/voice/ports.ts'
import type { Ask, Told } from '#domains/voice/rules/call.ts'
import { begin } from '#domains/voice/rules/machine.ts'
import { type CallWorld, callWorld, type Sign } from './callWorld.ts'

const queueId = '0190a000-0000-7000-8000-000000000001'
const sound = { text: '您好', textEn: 'Hello' }
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const next = fc.option(key)
const agent = fc.constantFrom('agent-a', 'agent-b', 'leader')
const cause = fc.constantFrom('normal', 'busy', 'no_answer', 'refused', 'unreachable', 'lost', 'switch_down' as const)
const digit = fc.constantFrom(...'0123456789*#')
/** Which leg something happens to: seldom the customer's, whose end is everybody's. */
const someLeg = fc.constantFrom(0, 1, 1, 2, 2, 3, 4, 1, 2, 3)

const seconds = fc.constantFrom(0, 30, 60)
const node = fc.oneof(
  fc.record({ kind: fc.constant('say'), next }),
  fc.record({
    kind: fc.constant('menu'),
    otherwise: next,
    options: fc.uniqueArray(fc.record({ key: digit, name: fc.constant('1'), next }), { selector: o => o.key, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('digits'),
    next,
    otherwise: next,
    min: fc.constant(2),
    max: fc.constant(4),
    meaning: fc.constantFrom('ticket', 'other'),
  }),
  fc.record({ kind: fc.constant('hours'), open: next, closed: next }),
  fc.record({ kind: fc.constant('customer'), yes: next, no: next }),
  fc.record({ kind: fc.constant('language'), language: fc.constantFrom('zh', 'en'), next }),
  fc.record({ kind: fc.constant('progress'), next, none: next }),
  fc.record({
    kind: fc.constant('queue'),
    queueId: fc.constant(queueId),
    tellEvery: seconds,
    callBackAfter: seconds,
    leaveAfter: seconds,
    late: next,
  }),
  fc.record({ kind: fc.constant('callback'), queueId: fc.constant(queueId), next }),
  fc.record({ kind: fc.constant('voicemail'), queueId: fc.constant(queueId), next }),
  fc.record({ kind: fc.constant('transfer'), number: fc.constant('110'), failed: next }),
  fc.record({ kind: fc.constant('hangup') }),
)
const queueOnly = FlowBody.parse({ first: 'a', nodes: [{ kind: 'queue', key: 'a', name: 'a', queueId, callBackAfter: 20, late: null }] })
/** Half of the calls come to an agent straight away: most can happen there. */
const flow = fc
  .oneof(
    fc.constant(queueOnly),
    fc
      .array(node, { maxLength: 6 })
      .map(nodes => ({ first: 'a', nodes: nodes.map((n, i) => ({ sound, name: 'x', ...n, key: 'abcdef'.charAt(i) })) })),
  )
  .map(body => FlowBody.parse(body))

const to = fc.oneof(
  agent.map(agentId => ({ kind: 'agent', agentId, name: agentId }) as const),
  fc.constant({ kind: 'queue', queueId, name: 'q' } as const),
  fc.constant({ kind: 'number', number: '110', shown: '4001', trunkId: null } as const),
)
const wish = fc.oneof(
  fc.record({ kind: fc.constantFrom('back', 'hold', 'resume', 'together', 'drop', 'together', 'resume', 'end'), by: agent }),
  fc.record({ kind: fc.constant('consult'), by: agent, to }),
  fc.record({ kind: fc.constant('transfer'), by: agent, to: fc.constant(null) }),
  fc.record({ kind: fc.constant('transfer'), by: agent, to: fc.option(to) }),
  fc.record({ kind: fc.constantFrom('takeOver', 'leave', 'takeOver'), by: agent }),
  fc.record({ kind: fc.constant('attend'), by: agent, mode: fc.constantFrom('listen', 'whisper', 'barge') }),
  fc.oneof(
    fc.record({ kind: fc.constant('press'), by: agent, digits: digit }),
    fc.record({ kind: fc.constant('recording'), by: agent, paused: fc.boolean() }),
  ),
)

const deed = fc.oneof(
  // What the switch owes us comes in any order, twice, or never.
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      which: fc.nat(7),
      fate: fc.constantFrom('once', 'once', 'once', 'twice', 'lost'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('wish' as const), told: wish, mine: fc.nat(3).map(n => n > 0) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('digit' as const), digit, leg: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('gone' as const, 'lost' as const, 'vanished' as const), leg: someLeg, cause }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('accepted' as const, 'moved' as const, 'expired' as const), agentId: agent }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 5, 20, 61) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('began' as const, 'stale' as const, 'adopted' as const, 'place' as const, 'due' as const) }),
  },
)
export type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

/** What a switch would answer to an order, sooner or later. */
function owed(order: Order, call: CallWorld, ends: boolean): Sign[] {
  if (order.do === 'answer') return [{ kind: 'answered', leg: order.leg }]
  if (order.do === 'play') return [{ kind: 'played', leg: order.leg, play: order.play, heard: true }]
  if (order.do === 'hangUp') return [{ kind: 'gone', leg: order.leg, cause: order.cause, code: null, quality: null }]
  if (order.do === 'keep')
    return [{ kind: 'recorded', leg: call.call.legs[0]?.id ?? '', recording: order.recording, seconds: 3, failed: ends }]
  if (order.do !== 'dial') return []
  if (ends) return [{ kind: 'gone', leg: order.leg, cause: 'busy', code: 486, quality: null }]
  return [
    { kind: 'ringing', leg: order.leg },
    { kind: 'answered', leg: order.leg },
  ]
}

/** Deed after deed; what was ordered meanwhile is told each time, and owed from then on. */
export function live(world: CallWorld, deeds: readonly Deed[], ordered: (orders: readonly Order[]) => void = () => {}): void {
  const open: Sign[] = []
  let n = 0
  const collect = () => {
    const { orders } = world.since()
    open.push(...orders.flatMap(order => owed(order, world, n++ % 7 === 6)))
    ordered(orders)
  }
  collect()
  for (const d of deeds) {
    act(world, d, open)
    collect()
  }
}

function act(world: CallWorld, d: Deed, open: Sign[]): void {
  const { call } = world
  const leg = 'leg' in d ? (call.legs[d.leg % Math.max(1, call.legs.length)]?.id ?? 'nobody') : 'nobody'
  if (d.do === 'signal') {
    // Mostly the earliest, so that calls get somewhere.
    const at = d.which > 3 ? 0 : d.which
    const sign = open[at]
    if (!sign) return
    open.splice(at, 1)
    if (d.fate !== 'lost') world.sign(sign)
    if (d.fate === 'twice') {
      world.sign(sign)
      open.push(sign)
    }
  } else if (d.do === 'wish') {
    const { stage } = call
    const holder = 'agentId' in stage ? stage.agentId : null
    world.house(d.mine && holder !== null && !['attend', 'takeOver', 'leave'].includes(d.told.kind) ? { ...d.told, by: holder } : d.told)
  } else if (d.do === 'digit') world.sign({ kind: 'digit', leg, digit: d.digit })
  else if (d.do === 'gone') world.sign({ kind: 'gone', leg, cause: d.cause, code: null, quality: null })
  else if (d.do === 'lost') world.sign({ kind: 'lost', leg })
  else if (d.do === 'vanished') world.house({ kind: 'vanished', leg, cause: d.cause })
  else if (d.do === 'accepted') {
    if (world.queued) world.house({ kind: 'accepted', agentId: d.agentId, queueId })
  } else if (d.do === 'moved') world.house({ kind: 'moved', queueId })
  else if (d.do === 'expired') world.house({ kind: 'expired' })
  else if (d.do === 'pass') world.pass(d.seconds)
  else if (d.do === 'began') world.house({ kind: 'began' })
  else if (d.do === 'adopted') world.house({ kind: 'adopted' })
  else if (d.do === 'place') world.house({ kind: 'place', position: 2, estimate: 90 })
  else if (d.do === 'due') for (const clock of ['key', 'ring', 'mend', 'late', 'limit'] as const) world.due(clock)
  else world.sign({ kind: 'played', leg, play: 'stale', heard: true })
}

const inbound = { id: 'call', direction: 'in', leg: 'caller', language: 'zh', called: '4001', trunkId: null } as const
export function anyWorld({ flow: body, outbound, caller, manners, open, talks }: Story): CallWorld {
  const answers: Record<Ask['ask'], Told> = {
    hours: { kind: 'hours', open },
    customer: { kind: 'customer', id: open ? 'c' : null, name: '', tier: null },
    progress: { kind: 'progress', prompts: open ? [{ kind: 'said', key: 'your_ticket' }] : null },
    place: { kind: 'place', position: 3, estimate: open ? 200 : null },
  }
  const options = { flow: body, manners, answer: (ask: Ask) => answers[ask.ask] }
  if (outbound) {
    const world = callWorld(begin({ id: 'call', direction: 'out', language: 'zh', caller: '', called: '', trunkId: null }), options)
    world.house({ kind: 'placed', agentId: 'agent-a', to: '13800000000', shown: '4001', trunkId: null })
    return world
  }
  if (talks) options.flow = queueOnly
  const world = callWorld(begin({ ...inbound, caller }), options)
  world.house({ kind: 'began' })
  if (!talks) return world
  world.sign({ kind: 'answered', leg: 'caller' })
  world.house({ kind: 'accepted', agentId: 'agent-a', queueId })
  world.sign({ kind: 'answered', leg: world.call.legs[1]?.id ?? '' })
  return world
}
export const story = fc.record({
  flow,
  outbound: fc.nat(3).map(n => n === 0),
  caller: fc.constantFrom('13800000000', 'anonymous'),
  manners: fc.record({ recording: fc.constantFrom('on', 'off', 'demand'), rating: fc.boolean(), callbackTries: fc.constantFrom(1, 2, 3) }),
  open: fc.boolean(),
  /** Straight into a talk, where most can happen. */
  talks: fc.boolean(),
  deeds: fc.array(deed, { maxLength: 60, size: 'max' }),
})
export type Story = typeof story extends fc.Arbitrary<infer S> ? S : never
