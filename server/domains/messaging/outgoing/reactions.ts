import { passwordLinkMade, peopleImported } from '#domains/identity/events.ts'
import { type Step, ticketClosed, ticketOpened, ticketResolved, ticketTaken, ticketWaiting } from '#domains/tickets/events.ts'
import type { EventDef } from '#kernel/events.ts'
import { every, outward, type Reaction, type Said, when } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { lookForBounces, readMailbox } from './bounces.ts'
import { bouncesDue } from './events.ts'
import { forgetMessages } from './forgetting.ts'
import { forgetReceipts } from './settle.ts'
import { mailPasswordLinks, tellProgress } from './telling.ts'

const tell = <D extends Step>(def: EventDef<D>, step: 'opened' | 'taken' | 'waiting' | 'resolved' | 'closed') =>
  when(
    def,
    'tell the customer by mail or short message',
    (ctx: Ctx, said: Said<D>) => tellProgress(ctx, said, step),
    detail => detail.customer,
  )

export const outgoingReactions: Reaction[] = [
  when(passwordLinkMade, 'mail the password link', (ctx, said) => mailPasswordLinks(ctx, [said.about], said)),
  when(peopleImported, 'mail the password link', (ctx, said) => mailPasswordLinks(ctx, said.detail.ids, said)),
  tell(ticketOpened, 'opened'),
  tell(ticketTaken, 'taken'),
  tell(ticketWaiting, 'waiting'),
  tell(ticketResolved, 'resolved'),
  tell(ticketClosed, 'closed'),
  every('*/5 * * * *', 'look for mails that came back', lookForBounces),
  outward(bouncesDue, 'read the mails that came back', readMailbox),
  every('43 3 * * *', 'forget receipts that nobody waits for', forgetReceipts),
  // One part at a time, each a short transaction: two million in a night.
  every('*/2 17-20 * * *', 'forget messages of more than a year ago', ctx => forgetMessages(ctx)),
]
