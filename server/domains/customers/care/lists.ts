import { keyAccounts } from '#contract/keyAccounts.ts'
import { savedList } from '#kernel/lists.ts'

export const lists = [
  savedList({
    name: 'key-accounts',
    endpoint: keyAccounts.list,
    columns: ['name', 'value', 'open', 'contact', 'complaints', 'rating', 'owner', 'care'],
  }),
]
