import { every, when } from '#kernel/react.ts'
import { recount, recountAll } from './counting.ts'
import { recountDue } from './events.ts'

export const reactions = [
  when(recountDue, 'count what a view holds', (ctx, { about }) => recount(ctx, about)),
  every('50 19 * * *', 'count every counted view anew', recountAll),
]
