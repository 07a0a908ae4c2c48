import assert from 'node:assert/strict'
import type { FlowBody } from '#contract/flows.ts'
import type { Order, Signal } from '#domains/voice/ports.ts'
import type { Act, Ask, Call, Clock, Input, Setting, Told } from '#domains/voice/rules/call.ts'
import { next } from '#domains/voice/rules/machine.ts'
import { partsOf } from '#domains/voice/rules/parts.ts'

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never
/** A signal of the switch as it is told in a test: when it happened is now. */
export type Sign = Without<Signal, 'at'>
export type Manners = Partial<ReturnType<Setting['queue']>>

/** What ends a stage in which nobody else does. */
const awaited: { [At in Call['stage']['at']]?: Clock[] } = {
  flow: ['key', 'ring'],
  connecting: ['ring'],
  mending: ['mend'],
  rating: ['rate', 'key'],
  voicemail: ['message'],
}

/** The router, the switch and the clock around one call, in so far as they keep account: what may never be is checked after every step. */
export function callWorld(begun: Call, options: { flow?: FlowBody; manners?: Manners; answer?: (ask: Ask) => Told } = {}) {
  let call = begun
  let now = new Date('2026-03-02T02:00:00Z')
  let ids = 0
  const orders: Order[] = []
  const acts: Act[] = []
  /** Legs of whose end the machine knows, or which it ended. */
  const gone = new Set<string>()
  const up = new Set<string>()
  const known = new Set(call.legs.map(leg => leg.id))
  const running = new Set<string>()
  const busy = new Set<string>()
  let queued = false
  const settled: string[] = []

  const setting = (): Setting => ({
    now,
    id: () => `id-${++ids}`,
    flow: options.flow ?? null,
    queue: () => ({ recording: 'on', rating: true, musicId: null, callbackTries: 1, callbackMinutes: 10, ...options.manners }),
    customer: null,
  })
  const answer = options.answer ?? usualAnswer

  /** `again`: after a restart what was ordered once is ordered once more; nothing else is new. */
  function checkOrder(order: Order, again: boolean): void {
    if (order.do === 'dial') {
      assert(known.has(order.leg) === again)
      assert(!gone.has(order.leg) && !up.has(order.leg))
      known.add(order.leg)
    } else if (order.do === 'join') {
      assert(order.legs.length !== 1)
      assert(new Set(order.legs).size === order.legs.length)
      const parties = order.legs.map(id => call.legs.find(leg => leg.id === id)?.party)
      assert(parties.filter(party => party === 'customer').length <= 1)
      for (const leg of order.legs) assert(up.has(leg))
      for (const leg of order.legs) assert(!gone.has(leg))
    } else if (order.do === 'pause' || order.do === 'keep') {
      assert(running.has(order.recording))
      if (order.do === 'keep') running.delete(order.recording)
    } else {
      assert(known.has(order.leg))
      assert(!gone.has(order.leg))
      if (order.do !== 'hangUp' && order.do !== 'answer') assert(up.has(order.leg))
      if (order.do === 'hangUp') gone.add(order.leg)
      if (order.do === 'record') {
        assert(again ? running.has(order.recording) : running.size === 0)
        running.add(order.recording)
      }
    }
  }

  function checkAct(act: Act): void {
    if (act.act === 'queue') queued = true
    if (act.act === 'leaveQueue') queued = false
    if (act.act === 'wrap' || act.act === 'release' || act.act === 'rest') free(act.agentId)
    if (act.act === 'reassign') {
      assert(act.agentId !== act.fromAgentId)
      free(act.fromAgentId)
      occupy(act.agentId)
    }
    if (act.act === 'ended' || act.act === 'abandoned' || act.act === 'left') settled.push(act.act)
    assert(settled.length <= 1)
  }
  function free(agentId: string): void {
    assert(busy.has(agentId))
    busy.delete(agentId)
  }
  function occupy(agentId: string): void {
    assert(!busy.has(agentId))
    busy.add(agentId)
  }

  function checkRest(): void {
    const { stage, timers, legs } = call
    assert(busy.size <= 1)
    const holder = stage.at === 'connecting' || stage.at === 'talking' || stage.at === 'mending' ? stage.agentId : null
    assert.deepEqual([...busy], holder === null ? [] : [holder])
    assert(queued === (stage.at === 'waiting' || (stage.at === 'callback' && timers.again === undefined)))
    assert.deepEqual([...running], call.recording === null ? [] : [call.recording.id])
    // Whoever else of us is held busy is on the line, and nobody twice.
    for (const agentId of partsOf(call).keys()) {
      assert(!busy.has(agentId))
      assert(legs.some(leg => leg.agentId === agentId && !gone.has(leg.id)))
    }
    if (stage.at !== 'talking') assert(partsOf(call).size === 0)
    if (stage.at === 'over') {
      assert(settled.length === 1)
      assert(running.size === 0)
      for (const leg of legs) assert(gone.has(leg.id))
      assert.deepEqual(timers, {})
    } else {
      assert(timers.limit !== undefined)
      const clocks = awaited[stage.at]
      assert(clocks === undefined || clocks.some(clock => timers[clock] !== undefined), `nothing ends ${stage.at}`)
      if (stage.at !== 'callback')
        assert(legs.some(leg => leg.party === 'customer' && leg.state !== 'gone') || call.direction === 'out' || stage.at === 'connecting')
    }
  }

  /** One step with everything it asks; what a person is refused is said. */
  function tell(input: Input): string | null {
    const before = structuredClone(call)
    if (input.from === 'house' && input.kind === 'accepted') {
      queued = false
      occupy(input.agentId)
    }
    if (input.from === 'house' && input.kind === 'placed' && call.stage.at === 'flow') occupy(input.agentId)
    if (input.from === 'switch' && known.has(input.leg) && !gone.has(input.leg)) {
      if (input.kind === 'answered') up.add(input.leg)
      if (input.kind === 'gone') gone.add(input.leg)
    }
    if (input.from === 'house' && input.kind === 'vanished' && known.has(input.leg)) gone.add(input.leg)
    const step = next(call, input, setting())
    assert.deepEqual(call, before)
    if ('refused' in step) return step.refused
    call = step.call
    assert.deepEqual(JSON.parse(JSON.stringify(call)), call)
    for (const order of step.orders) checkOrder(order, input.from === 'house' && input.kind === 'adopted')
    step.acts.forEach(checkAct)
    orders.push(...step.orders)
    acts.push(...step.acts)
    if (step.ask) return tell({ from: 'house', ...answer(step.ask) })
    checkRest()
    return null
  }

  const due = (clock: Clock) => tell({ from: 'house', kind: 'due', clock })
  const sign = (told: Sign) => tell({ from: 'switch', at: now, ...told })
  const timers = () =>
    Object.entries(call.timers)
      .map(([clock, at]) => ({ clock: clock as Clock, at }))
      .sort((a, b) => a.at.localeCompare(b.at))

  return {
    get call() {
      return call
    },
    get now() {
      return now
    },
    get queued() {
      return queued
    },
    orders,
    acts,
    house: (told: Told) => tell({ from: 'house', ...told }),
    sign,
    due,
    /** Time goes by; whatever strikes on the way is told. */
    pass(seconds: number): void {
      const until = now.getTime() + seconds * 1000
      for (let [first] = timers(); first && Date.parse(first.at) <= until; [first] = timers()) {
        now = new Date(Math.max(now.getTime(), Date.parse(first.at)))
        due(first.clock)
      }
      now = new Date(until)
    },
    /** What the customer hears is heard to its end. */
    heard(): void {
      const { play } = call.flow
      const leg = call.legs.findLast(l => l.party === 'customer')
      if (play !== null && leg) sign({ kind: 'played', leg: leg.id, play, heard: true })
    },
    /** The orders and acts since this was last asked. */
    since(): { orders: Order[]; acts: Act[] } {
      return { orders: orders.splice(0), acts: acts.splice(0) }
    },
  }
}
export type CallWorld = ReturnType<typeof callWorld>

const usualAnswer = (ask: Ask): Told =>
  (
    ({
      hours: { kind: 'hours', open: true },
      customer: { kind: 'customer', id: null, name: '', tier: null },
      progress: { kind: 'progress', prompts: null },
      place: { kind: 'place', position: 1, estimate: null },
    }) as const
  )[ask.ask]
