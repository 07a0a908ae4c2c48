import { every, when } from '#kernel/react.ts'
import { eraseLeft } from './erasure.ts'
import { keepingDue } from './events.ts'
import { beginKeeping, keepNoLonger } from './keeping.ts'
import { sweepLeft } from './sweep.ts'

export const privacyReactions = [
  every('15 19 * * *', 'blank what is kept no longer', beginKeeping),
  every('40 19 * * *', 'go on with erasures that broke off or had to wait', eraseLeft),
  every('45 19 * * *', 'look through everything for those whom a look left behind', sweepLeft),
  when(keepingDue, 'blank the next of what is kept no longer', (ctx, { detail }) => keepNoLonger(ctx, detail)),
]
