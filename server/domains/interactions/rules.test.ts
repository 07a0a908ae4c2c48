import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InteractionState } from '#contract/interactions.ts'
import { afterEnd, mayBecome } from './rules.ts'

const states = InteractionState.options
const allowed = [
  'waiting active', 'waiting abandoned', 'waiting done', 'waiting left',
  'left waiting', 'left active', 'left wrap', 'left done',
  'active active', 'active waiting', 'active wrap', 'active done', 'active left',
  'wrap done',
] // biome-ignore format: one line per state

test('a contact moves along these edges and no others', () => {
  expect(states.flatMap(from => states.filter(to => mayBecome(from, to)).map(to => `${from} ${to}`)).sort()).toEqual([...allowed].sort())
})

test('what is over stays over, whatever follows', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...states)), tries => {
      let state: (typeof states)[number] = 'waiting'
      let over = false
      for (const to of tries) {
        if (mayBecome(state, to)) {
          expect(over).toBe(false)
          state = to
        }
        over ||= state === 'done' || state === 'abandoned'
      }
    }),
  )
})

test('wrap-up follows only when somebody answered', () => {
  expect([afterEnd('agent'), afterEnd(null)]).toEqual(['wrap', 'done'])
})
