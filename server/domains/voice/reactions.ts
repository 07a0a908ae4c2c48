import { interactionRated } from '#domains/interactions/events.ts'
import { markMessageDone } from '#domains/interactions/index.ts'
import { taskFinished } from '#domains/tasks/events.ts'
import { when } from '#kernel/react.ts'
import { rateCall } from './records.ts'
import { voicemailReactions } from './voicemail.ts'

export const reactions = [
  ...voicemailReactions,
  when(interactionRated, 'a call bears the rating of its contact', (ctx, { about, detail }) => rateCall(ctx, about, detail.score)),
  when(
    taskFinished,
    'a message that was answered is done',
    async (ctx, { detail, actorId }) => {
      if (detail.matter) await markMessageDone(ctx, detail.matter.id, actorId)
    },
    ({ kind, matter }) => kind === 'voicemail' && matter?.noun === 'interaction',
  ),
]
