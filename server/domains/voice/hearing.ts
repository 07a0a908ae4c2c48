import type { House } from '#kernel/house.ts'
import { wasHushed } from './hushed.ts'
import type { CallAt, Signal } from './ports.ts'
import { step } from './stepping.ts'

type Told = { signal: Signal; done: () => void; failed: (error: unknown) => void }
type Lane = { waiting: Told[]; wake: () => void }
const lanes = new WeakMap<House, Map<string, Lane>>()

/** A phone that begins to ring changes nothing that hurries: within this time it is most often answered, and both are one step. */
const ringingMs = 100
const mostAtOnce = 20

/** What a switch tells of one call, in its order; what was told while a step was under way is one step together. */
export function heard(house: House, call: CallAt, signal: Signal): Promise<void> {
  if (signal.kind === 'played' && wasHushed(house, signal.play)) return Promise.resolve()
  const here = lanes.get(house) ?? new Map<string, Lane>()
  lanes.set(house, here)
  return new Promise((done, failed) => {
    const told = { signal, done, failed }
    const lane = here.get(call.callId)
    if (lane) {
      lane.waiting.push(told)
      lane.wake()
      return
    }
    const begun: Lane = { waiting: [told], wake: () => {} }
    here.set(call.callId, begun)
    void walk(house, call, begun, () => here.delete(call.callId))
  })
}

async function walk(house: House, call: CallAt, lane: Lane, over: () => void): Promise<void> {
  while (lane.waiting.length > 0) {
    if (lane.waiting.every(({ signal }) => signal.kind === 'ringing')) await company(lane)
    await take(house, call, lane.waiting.splice(0, mostAtOnce))
  }
  // In the turn in which nothing waits any more: whatever comes next begins anew.
  over()
}

const company = (lane: Lane) =>
  new Promise<void>(resolve => {
    const late = setTimeout(resolve, ringingMs)
    lane.wake = () => {
      clearTimeout(late)
      resolve()
    }
  })

/** What fails together is tried one by one: one that cannot be taken keeps none of the others from it. */
async function take(house: House, call: CallAt, told: readonly Told[]): Promise<void> {
  try {
    await step(house, call, ...told.map(({ signal }) => ({ from: 'switch' as const, ...signal })))
    for (const { done } of told) done()
  } catch (error) {
    if (told.length > 1) for (const one of told) await take(house, call, [one])
    else for (const { failed } of told) failed(error)
  }
}
