import { opportunities } from '#contract/sales.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './queries.ts'

export const lists = [
  savedList({
    name: 'opportunities',
    endpoint: opportunities.list,
    columns: ['title', 'who', 'stage', 'value', 'source', 'owner', 'expected', 'changed'],
    count: { noun: 'opportunity', way: ({ q, interactionId }) => (q || interactionId ? 'none' : 'kept'), rows: countable },
  }),
]
