import { expect, test } from 'vitest'
import { stagesOf } from './stages.ts'

const levels = (demands: Parameters<typeof stagesOf>[0]) =>
  stagesOf(demands).map(s => [s.from, s.to, ...s.levels.map(l => `${l.skillId}${l.level}`)])

test.each([
  ['no demand: anyone, for ever', [], [[0, null]]],
  ['a fixed demand never relaxes', [{ skillId: 'a', level: 2, relaxAfter: 0 }], [[0, null, 'a2']]],
  [
    'one level less every thirty seconds, then gone',
    [{ skillId: 'a', level: 2, relaxAfter: 30 }],
    [
      [0, 30, 'a2'],
      [30, 60, 'a1'],
      [60, null],
    ],
  ],
  [
    'two demands keep their own step',
    [
      { skillId: 'a', level: 1, relaxAfter: 30 },
      { skillId: 'b', level: 3, relaxAfter: 0 },
    ],
    [
      [0, 30, 'a1', 'b3'],
      [30, null, 'b3'],
    ],
  ],
])('%s', (_, demands, expected) => {
  expect(levels(demands)).toEqual(expected)
})
