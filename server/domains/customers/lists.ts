import { customers } from '#contract/customers.ts'
import { savedList } from '#kernel/lists.ts'
import { mineOf, visibleCustomers } from './queries.ts'

export const lists = [
  savedList({
    name: 'customers',
    endpoint: customers.list,
    columns: ['name', 'tier', 'no', 'phone', 'address', 'care', 'due', 'when', 'added'],
    count: {
      noun: 'customer',
      whole: ['customer.imported', 'customer.taken_back', 'customer.many_moved'],
      way: ({ q, segment, mine }) => (q || segment ? 'none' : mine ? 'asked' : 'kept'),
      rows: (ctx, { tier, mine }) => {
        let rows = visibleCustomers(ctx).select('id')
        if (mine) rows = rows.where(mineOf(ctx))
        return tier ? rows.where('tier', '=', tier) : rows
      },
    },
  }),
]
