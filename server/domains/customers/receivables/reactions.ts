import { every, type Reaction, when } from '#kernel/react.ts'
import { receivablesNight } from './events.ts'
import { lookAtOverdue } from './overdue.ts'

export const reactions: Reaction[] = [
  // Every hour has a midnight somewhere; what was told is not told again.
  every('6 * * * *', 'receivables past their day are overdue', lookAtOverdue),
  when(receivablesNight, 'a long night of receivables goes on', ctx => lookAtOverdue(ctx)),
]
