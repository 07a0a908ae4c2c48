import { tickets } from '#contract/tickets.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './queries.ts'

export const lists = [
  savedList({
    name: 'tickets',
    endpoint: tickets.list,
    columns: ['priority', 'number', 'title', 'customer', 'department', 'status', 'clock', 'changed', 'assignee', 'place', 'opened'],
    count: {
      noun: 'ticket',
      way: ({ box = 'open', q }) => (q ? 'none' : box === 'mine' || box === 'late' ? 'asked' : 'kept'),
      rows: countable,
    },
  }),
]
