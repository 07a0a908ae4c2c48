import { conversationRated } from '#domains/messaging/events.ts'
import { when } from '#kernel/react.ts'
import { recordRating } from './actions.ts'

export const reactions = [
  when(conversationRated, 'record the rating and win back whoever was let down', (ctx, { detail, personal }) =>
    recordRating(ctx, { ...detail, words: personal.words ?? '' }),
  ),
]
