import {
  interactionAbandoned,
  interactionAnswered,
  interactionEnded,
  interactionLeft,
  interactionMoved,
  interactionOpened,
  interactionQueued,
  interactionRated,
  interactionWrapped,
} from '#domains/interactions/events.ts'
import { catalogChanged } from '#kernel/catalog.ts'
import { every, type Reaction, when } from '#kernel/react.ts'
import { countSlot, keepCounted, touchSlots } from './counting.ts'
import { slotDue } from './events.ts'

export const reactions: Reaction[] = [
  when(interactionOpened, 'the contact is counted', (ctx, { about }) => touchSlots(ctx, about)),
  when(interactionQueued, 'the contact is counted where it began to wait', (ctx, { about }) => touchSlots(ctx, about)),
  when(interactionMoved, 'the contact is counted in its new queue', (ctx, { about }) => touchSlots(ctx, about)),
  when(interactionAnswered, 'its wait is counted', (ctx, { about }) => touchSlots(ctx, about)),
  when(interactionAbandoned, 'the lost contact is counted', (ctx, { about }) => touchSlots(ctx, about)),
  when(interactionLeft, 'whoever left a message waits no longer', (ctx, { about }) => touchSlots(ctx, about)),
  // What an agent had in hand is counted when it is wrapped up.
  when(
    interactionEnded,
    'the contact that ended is counted',
    (ctx, { about }) => touchSlots(ctx, about),
    ({ agentId }) => agentId === null,
  ),
  when(interactionWrapped, 'its handling is counted', (ctx, { about }) => touchSlots(ctx, about)),
  when(interactionRated, 'its rating is counted', (ctx, { about }) => touchSlots(ctx, about)),
  when(slotDue, 'count the quarter again', (ctx, { detail }) => countSlot(ctx, new Date(detail.at))),
  when(
    catalogChanged,
    'figures follow the targets of the queues',
    ctx => keepCounted(ctx),
    ({ table }) => table === 'routing.queue',
  ),
  every('*/5 * * * *', 'figures are counted whole where they are not', keepCounted),
]
