import { audit } from '#contract/audit.ts'
import { accounts } from '#contract/people.ts'
import { auditCountable } from '#kernel/audit.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './people.ts'

export const lists = [
  savedList({
    name: 'people',
    endpoint: accounts.people,
    columns: ['name', 'role', 'department', 'team', 'second'],
    count: { noun: 'person', way: ({ q, ids }) => (q || ids ? 'none' : 'kept'), rows: countable },
  }),
  savedList({
    name: 'audit',
    endpoint: audit.list,
    columns: ['at', 'who', 'what', 'about', 'changes'],
    count: {
      // Entries of all nouns: counted at the moment, where one index answers what is asked.
      noun: 'audit',
      way: ({ actorId, what, about }) => ([actorId, what, about].filter(Boolean).length > 1 ? 'none' : 'asked'),
      rows: auditCountable,
    },
  }),
]
