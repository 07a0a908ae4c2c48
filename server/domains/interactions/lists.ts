import { interactions } from '#contract/interactions.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './queries.ts'

export const lists = [
  savedList({
    name: 'contacts',
    endpoint: interactions.list,
    columns: [
      'customer',
      'subject',
      'queue',
      'agent',
      'state',
      'duration',
      'startedAt',
      'wait',
      'reason',
      'outcome',
      'rating',
      'direction',
    ],
    count: {
      noun: 'interaction',
      way: ({ q, days }) => (q ? 'none' : days ? 'asked' : 'kept'),
      rows: countable,
    },
  }),
]
