import { taskFinished, taskReopened } from '#domains/tasks/events.ts'
import { every, type Reaction, when } from '#kernel/react.ts'
import { markFindingOverdue, moveAction } from './actions.ts'
import { attainAll } from './attaining.ts'
import { lookAtRounds, measureWhenOver } from './checking.ts'
import { findingDue, windowOver } from './events.ts'

const ofFinding = ({ matter }: { matter: { noun: string; id: string } | null }) => matter?.noun === 'finding'

export const reactions: Reaction[] = [
  when(
    taskFinished,
    'an improvement knows that its action is done',
    (ctx, { about, detail }) => moveAction(ctx, about, detail.matter?.id ?? '', true),
    ofFinding,
  ),
  when(
    taskReopened,
    'an improvement knows that its action is not done after all',
    (ctx, { about, detail }) => moveAction(ctx, about, detail.matter?.id ?? '', false),
    ofFinding,
  ),
  when(findingDue, 'mark an improvement that missed its time', (ctx, { about }) => markFindingOverdue(ctx, about)),
  when(windowOver, 'measure the effect when the window is over', (ctx, { about, detail }) => measureWhenOver(ctx, about, detail.round)),
  every('12 * * * *', 'standards are judged by the period', attainAll),
  every('42 * * * *', 'figures of improvements under way are looked at', lookAtRounds),
]
