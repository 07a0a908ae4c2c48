import { taskFinished, taskReopened } from '#domains/tasks/events.ts'
import { every, type Reaction, when } from '#kernel/react.ts'
import { customerLeftAlone } from '../events.ts'
import { careGoesOn, carePlanned } from './events.ts'
import { takeBack } from './settling.ts'
import { moveYear, roundDone, roundReopened, tend } from './tending.ts'

const isCare = ({ kind }: { kind: string }) => kind === 'care'

export const reactions: Reaction[] = [
  every('*/10 * * * *', 'customers are cared for by plan', ctx => tend(ctx)),
  every('*/10 * * * *', 'what no plan asks for any more is taken back', ctx => takeBack(ctx)),
  when(carePlanned, 'what the plan no longer asks for is taken back', (ctx, { about }) => takeBack(ctx, about)),
  when(customerLeftAlone, 'who asked to be left alone is not to be called', (ctx, { about }) => takeBack(ctx, about)),
  every('26 * * * *', 'the year of key accounts moves on', moveYear),
  when(careGoesOn, 'a long round of care goes on', ctx => tend(ctx)),
  when(taskFinished, 'a finished visit is a contact', (ctx, { about, actorId }) => roundDone(ctx, about, actorId), isCare),
  when(taskReopened, 'a visit finished by mistake is due again', (ctx, { about }) => roundReopened(ctx, about), isCare),
]
