import { work } from '#contract/work.ts'
import { savedList } from '#kernel/lists.ts'
import { listWork } from './work.ts'

const most = 100
export const lists = [
  savedList({
    name: 'work',
    endpoint: work.list,
    columns: [],
    ask: async (ctx, query) => (await listWork(ctx, { ...query, after: undefined, size: most })).rows.length,
  }),
]
