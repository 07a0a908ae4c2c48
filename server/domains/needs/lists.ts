import { needs } from '#contract/needs.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './queries.ts'

export const lists = [
  savedList({
    name: 'needs',
    endpoint: needs.list,
    columns: ['title', 'voices', 'state', 'template', 'department', 'owner', 'changed', 'opened'],
    count: {
      noun: 'need',
      way: ({ q, customerId, segment, from }) => (q || customerId || segment || from ? 'none' : 'kept'),
      rows: countable,
    },
  }),
]
