import { presenceChanged, shiftChanged } from '#domains/routing/events.ts'
import {
  type Step,
  ticketClosed,
  ticketCommented,
  ticketDispatched,
  ticketOpened,
  ticketReopened,
  ticketResolved,
  ticketResumed,
  ticketTaken,
  ticketWaiting,
} from '#domains/tickets/events.ts'
import type { EventDef } from '#kernel/events.ts'
import { clearUnusedFiles } from '#kernel/files.ts'
import { every, type Reaction, type Said, when } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { staffMoved, tellPlaces } from './actions/places.ts'
import { endIfSilent } from './actions/silence.ts'
import { tellTicket } from './actions/tickets.ts'
import { placesDue, silenceDue } from './events.ts'
import { outgoingReactions } from './outgoing/reactions.ts'

const tell = <D extends Step>(def: EventDef<D>) =>
  when(
    def,
    'tell the customer in the chat',
    (ctx: Ctx, said: Said<D>) => tellTicket(ctx, def.name, said),
    detail => detail.conversationId !== null,
  )

export const reactions: Reaction[] = [
  when(silenceDue, 'end a talk whose customer is gone', (ctx, { about }) => endIfSilent(ctx, about)),
  when(placesDue, 'tell the waiting customers their place', (ctx, { about }) => tellPlaces(ctx, about)),
  when(
    presenceChanged,
    'tell the waiting customers how long it takes now',
    (ctx, { about }) => staffMoved(ctx, [about]),
    ({ from, to }) => (from === 'ready') !== (to === 'ready'),
  ),
  when(shiftChanged, 'tell the waiting customers how long it takes now', (ctx, { detail }) => staffMoved(ctx, detail.agentIds)),
  tell(ticketOpened),
  tell(ticketDispatched),
  tell(ticketTaken),
  tell(ticketWaiting),
  tell(ticketResumed),
  tell(ticketResolved),
  tell(ticketClosed),
  tell(ticketReopened),
  when(
    ticketCommented,
    'tell the customer in the chat',
    (ctx, said) => tellTicket(ctx, ticketCommented.name, said),
    detail => detail.public && detail.conversationId !== null,
  ),
  every('17 * * * *', 'clear away files that were uploaded and never sent', clearUnusedFiles),
  ...outgoingReactions,
]
