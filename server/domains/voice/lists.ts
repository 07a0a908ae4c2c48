import { calls } from '#contract/voice.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './records.ts'

export const lists = [
  savedList({
    name: 'calls',
    endpoint: calls.list,
    columns: [
      'other',
      'startedAt',
      'queue',
      'agent',
      'cause',
      'talked',
      'waited',
      'quality',
      'rating',
      'recorded',
      'number',
      'line',
      'direction',
    ],
    count: {
      noun: 'call',
      way: ({ days }) => (days ? 'asked' : 'kept'),
      rows: countable,
    },
  }),
]
