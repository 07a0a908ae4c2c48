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
      whole: ['customer.imported', 'customer.taken_back'],
      way: ({ q }) => (q ? 'none' : 'kept'),
      rows: (ctx, { tier }) => {
        const rows = visibleCustomers(ctx).select('id')
        return tier ? rows.where('tier', '=', tier) : rows
      },
    },
  }),
]
