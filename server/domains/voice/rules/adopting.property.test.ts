import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyWorld, live, type Story, story } from '#testing/callLives.ts'
import type { CallWorld, Sign } from '#testing/callWorld.ts'
import { type SwitchState, switchState } from '#testing/switchState.ts'
import type { Order } from '../ports.ts'
import { missedBy } from './adopting.ts'
import type { Told } from './call.ts'

const runs = { numRuns: Number(process.env.RUNS ?? 200) }
/** A process dies during the last deed: so many of its orders were carried. */
const death = fc.record({ story, carried: fc.nat(6), more: fc.nat(20) })

/** A story up to its death before two switches: one had every order, the other all but those that died with the process. */
function killed({ deeds, ...told }: Story, carried: number) {
  const world = anyWorld({ ...told, deeds })
  const legs = world.call.direction === 'in' ? ['caller'] : []
  const [whole, cut] = [switchState(legs), switchState(legs)]
  let last: readonly Order[] | null = null
  /** Orders of earlier deeds were carried before anything else happened. */
  const catchUp = () => {
    if (last) cut.carry(last)
    last &&= []
  }
  const happens = (sign: Sign) => {
    catchUp()
    whole.happens(sign)
    cut.happens(sign)
  }
  live(watched(world, happens), deeds, orders => {
    catchUp()
    whole.carry(orders)
    const begins = last === null
    last = orders
    if (!begins) return
    // How it came to the beginning of the story is not told.
    for (const leg of world.call.legs) if (leg.state === 'up') happens({ kind: 'answered', leg: leg.id })
    catchUp()
  })
  cut.carry((last ?? []).slice(0, carried))
  return { world, whole, cut }
}

/** The world, overheard by its switches. */
function watched(world: CallWorld, happens: (sign: Sign) => void): CallWorld {
  return Object.create(world, {
    sign: {
      value: (sign: Sign) => {
        happens(sign)
        return world.sign(sign)
      },
    },
    house: {
      value: (told: Told) => {
        if (told.kind === 'vanished') happens({ kind: 'gone', leg: told.leg, cause: told.cause, code: null, quality: null })
        return world.house(told)
      },
    },
  })
}

/** As `back` does it. */
function adopt(world: CallWorld, at: SwitchState): Order[] {
  const { call, now } = world
  const open = new Set(call.legs.filter(leg => leg.state !== 'gone').map(leg => leg.id))
  const living = at.live()
  const forgot = living.length === 0
  const kept = at.recordings().filter(id => id !== call.recording?.id)
  if (call.stage.at !== 'over') {
    for (const { from, ...input } of missedBy(call, open, living, forgot, now))
      if (from === 'house') world.house(input as Told)
      else world.sign(input as Sign)
    if (!forgot) world.house({ kind: 'adopted' })
  }
  const { orders } = world.since()
  const strangers = living.filter(({ leg }) => !open.has(leg))
  return [
    ...orders,
    ...kept.map((recording): Order => ({ do: 'keep', recording })),
    ...strangers.map(({ leg }): Order => ({ do: 'hangUp', leg, cause: 'lost' })),
  ]
}

test('whatever orders died with a process, the switch holds afterwards what it would hold had none been lost, and the call ends', () => {
  fc.assert(
    fc.property(death, told => {
      const { world, whole, cut } = killed(told.story, told.carried)
      const wanted = whole.holds()
      const { stage } = world.call
      const again = adopt(world, cut)
      cut.carry(again)
      whole.carry(again)
      expect(whole.holds(), 'whoever hears it still is not disturbed').toEqual(wanted)
      if (world.call.stage.at === stage.at) expect(cut.holds()).toEqual(wanted)
      else expect(cut.live(), 'nothing had lived any more').toEqual([])
      const { stage: now, legs } = world.call
      const customer = legs.find(leg => leg.party === 'customer' && leg.state === 'up')
      if (now.at === 'talking' && customer && !customer.held) expect(cut.holds().room, 'no silent talk').toContain(customer.id)
      live(watched(world, cut.happens), told.story.deeds.slice(0, told.more), orders => cut.carry(orders))
      world.pass(40 * 3600)
      cut.carry(world.since().orders)
      expect(world.call.stage.at).toBe('over')
      expect(cut.live(), 'no leg that nobody knows').toEqual([])
    }),
    runs,
  )
})
