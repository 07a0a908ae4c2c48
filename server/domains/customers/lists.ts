import { customers } from '#contract/customers.ts'
import { savedList } from '#kernel/lists.ts'
import { visibleCustomers } from './queries.ts'

export const lists = [
  savedList({
    name: 'customers',
    endpoint: customers.list,
    columns: ['name', 'tier', 'no', 'phone', 'address', 'care', 'due', 'when', 'added'],
    count: {
      noun: 'customer',
      whole: ['customer.imported'],
      way: ({ q, segment }) => (q || segment ? 'none' : 'kept'),
      rows: (ctx, { tier }) => {
        const rows = visibleCustomers(ctx).select('id')
        return tier ? rows.where('tier', '=', tier) : rows
      },
    },
  }),
]
