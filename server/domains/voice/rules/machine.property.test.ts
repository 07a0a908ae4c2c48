import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyWorld, live, type Story, story } from '#testing/callLives.ts'
import type { CallWorld } from '#testing/callWorld.ts'

const runs = { numRuns: Number(process.env.RUNS ?? 200) }

function lived(told: Story): CallWorld {
  const world = anyWorld(told)
  live(world, told.deeds)
  return world
}

// callWorld looks after every step: whom the router holds, who is joined, what is recorded, that nothing is asked of a leg that is gone.
test('whatever happens in whatever order, time alone ends every call', () => {
  fc.assert(
    fc.property(story, told => {
      const world = lived(told)
      world.pass(40 * 3600)
      expect(world.call.stage.at).toBe('over')
    }),
    runs,
  )
})

test('when every leg is gone the call is over, or somebody is to be called back', () => {
  fc.assert(
    fc.property(story, told => {
      const world = lived(told)
      for (
        let open = world.call.legs.filter(l => l.state !== 'gone');
        open.length > 0;
        open = world.call.legs.filter(l => l.state !== 'gone')
      )
        for (const leg of open) world.sign({ kind: 'gone', leg: leg.id, cause: 'normal', code: null, quality: null })
      expect(['over', 'callback']).toContain(world.call.stage.at)
    }),
    runs,
  )
})
