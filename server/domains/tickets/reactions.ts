import { every, when } from '#kernel/react.ts'
import { lookAtClock } from './actions/steps.ts'
import { ticketDue } from './events.ts'
import { clearRacks } from './numbers.ts'

export const reactions = [
  when(ticketDue, 'mark a ticket that missed its target', (ctx, { about }) => lookAtClock(ctx, about)),
  every('17 19 * * *', 'take down the number racks of days gone by', ctx => clearRacks(ctx)),
]
