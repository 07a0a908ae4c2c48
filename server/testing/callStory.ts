import { FlowBody } from '#contract/flows.ts'
import type { Order } from '#domains/voice/ports.ts'
import type { Act, To } from '#domains/voice/rules/call.ts'
import { begin } from '#domains/voice/rules/machine.ts'
import { type CallWorld, callWorld, type Manners } from './callWorld.ts'

const queueId = 'service'
const sound = { text: '您好', textEn: 'Hello' }
export const flowOf = (...nodes: object[]) =>
  FlowBody.parse({ first: 'first', nodes: nodes.map((node, n) => ({ name: 'n', sound, ...(n === 0 ? { key: 'first' } : {}), ...node })) })
export const queueNode = {
  kind: 'queue',
  queueId: '0190a000-0000-7000-8000-000000000001',
  tellEvery: 45,
  callBackAfter: 60,
  leaveAfter: 300,
  late: 'end',
}
export const end = { kind: 'hangup', key: 'end' }
export const queueFlow = flowOf(queueNode, end)

export function arrive(flow: FlowBody = queueFlow, manners: Manners = {}, caller = '13800000000'): CallWorld {
  const world = callWorld(
    begin({ id: 'call', direction: 'in', leg: 'customer', language: 'zh', caller, called: '4001', trunkId: 'trunk' }),
    { flow, manners },
  )
  world.house({ kind: 'began' })
  world.sign({ kind: 'answered', leg: 'customer' })
  return world
}
export const newest = (world: CallWorld) => world.call.legs.at(-1)?.id ?? ''
export const accept = (world: CallWorld, agentId = 'lin') => world.house({ kind: 'accepted', agentId, queueId })
export const answer = (world: CallWorld) => world.sign({ kind: 'answered', leg: newest(world) })
export const gone = (world: CallWorld, leg = newest(world), cause: 'normal' | 'lost' | 'busy' | 'unreachable' = 'normal') =>
  world.sign({ kind: 'gone', leg, cause, code: null, quality: null })
export const key = (world: CallWorld, digit: string) => world.sign({ kind: 'digit', leg: 'customer', digit })
/** Lin talks with the customer; nothing of how it came to that is told any more. */
export function talk(manners: Manners = {}): { world: CallWorld; agent: string } {
  const world = arrive(queueFlow, manners)
  accept(world)
  answer(world)
  world.since()
  return { world, agent: newest(world) }
}
export const wu: To = { kind: 'agent', agentId: 'wu', name: '吴' }
export const outside: To = { kind: 'number', number: '110', shown: '4001', trunkId: null }

/** Orders and acts in a few words. */
export const told = (world: CallWorld) => {
  const { orders, acts } = world.since()
  return [...orders.map(o => inWords(world, o)), ...acts.map(actInWords)]
}
function inWords(world: CallWorld, order: Order): string {
  const who = (id: string) => {
    const leg = world.call.legs.find(l => l.id === id)
    return leg?.agentId ?? leg?.party ?? id
  }
  if (order.do === 'play')
    return `play ${order.prompts.map(p => (p.kind === 'said' ? p.key : p.kind === 'number' ? p.value : p.kind)).join(' ')}`
  if (order.do === 'join') return `join ${order.legs.map(who).join('+')}`
  if (order.do === 'music') return `${order.music ?? 'no'} music ${who(order.leg)}`
  if (order.do === 'attend') return `${order.whisper ? 'whisper' : 'listen'} ${who(order.leg)} to ${who(order.agent)}`
  if (order.do === 'pause') return order.paused ? 'pause' : 'go on'
  if (order.do === 'keep') return 'keep'
  if (order.do === 'digits') return `digits ${who(order.leg)} ${order.digits}`
  return `${order.do} ${who(order.leg)}`
}
const actInWords = (act: Act): string => {
  const words = Object.entries(act).flatMap(([name, value]) =>
    name === 'act' || name === 'recording' || value === null || value === false ? [] : [value === true ? name : String(value)],
  )
  return `(${[act.act, ...words].join(' ')})`
}
