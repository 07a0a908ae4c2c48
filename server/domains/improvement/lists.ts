import { improvements } from '#contract/improvement.ts'
import { standards } from '#contract/standards.ts'
import { savedList } from '#kernel/lists.ts'
import { countable as findings } from './queries.ts'
import { countable as standardsOf } from './standards.ts'

export const lists = [
  savedList({
    name: 'findings',
    endpoint: improvements.list,
    columns: ['title', 'stage', 'source', 'figure', 'owner', 'due', 'closed', 'opened'],
    count: { noun: 'finding', way: () => 'kept', rows: findings },
  }),
  savedList({
    name: 'standards',
    endpoint: standards.list,
    columns: ['name', 'of', 'running', 'last', 'past', 'owner'],
    count: { noun: 'standard', way: () => 'kept', rows: standardsOf },
  }),
]
