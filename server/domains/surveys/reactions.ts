import { interactionEnded } from '#domains/interactions/events.ts'
import { conversationRated, messageFailed, messageHanded, messageRefused } from '#domains/messaging/events.ts'
import { ticketClosed } from '#domains/tickets/events.ts'
import { callRated } from '#domains/voice/events.ts'
import { when } from '#kernel/react.ts'
import { recordRating } from './actions.ts'
import { invitationDue } from './events.ts'
import { considerContact, considerTicket, follow, invite } from './inviting.ts'

const ofSurvey = ({ purpose }: { purpose: string }) => purpose === 'survey'

export const reactions = [
  when(conversationRated, 'record the rating and win back whoever was let down', (ctx, { detail, personal }) =>
    recordRating(ctx, { ...detail, ticketId: null, words: personal.words ?? '' }),
  ),
  when(callRated, 'record what the caller keyed in and win back whoever was let down', (ctx, { customerId, interactionId, detail }) =>
    recordRating(ctx, { ...detail, customerId, interactionId, ticketId: null, words: '' }),
  ),
  when(interactionEnded, 'ask the customer later how it went', considerContact, detail => detail.agentId !== null),
  when(ticketClosed, 'ask the customer later how it went', considerTicket, detail => detail.customer),
  when(invitationDue, 'ask the customer how it went', (ctx, { about, detail }) => invite(ctx, detail.noun, about)),
  when(
    messageRefused,
    'an invitation that was not sent says why',
    (ctx, { about, detail }) => follow(ctx, about, detail.reason ?? 'failed'),
    ofSurvey,
  ),
  when(
    messageFailed,
    'an invitation that was not sent says why',
    (ctx, { about, detail }) => follow(ctx, about, detail.reason ?? 'failed'),
    ofSurvey,
  ),
  when(messageHanded, 'an invitation that was sent after all says so', (ctx, { about }) => follow(ctx, about, null), ofSurvey),
]
