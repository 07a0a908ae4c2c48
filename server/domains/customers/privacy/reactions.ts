import { every, when } from '#kernel/react.ts'
import { keepingDue } from './events.ts'
import { beginKeeping, keepNoLonger } from './keeping.ts'

export const privacyReactions = [
  every('15 19 * * *', 'blank what is kept no longer', beginKeeping),
  when(keepingDue, 'blank the next of what is kept no longer', (ctx, { detail }) => keepNoLonger(ctx, detail)),
]
