import { every, when } from '#kernel/react.ts'
import { remindApproval } from './actions/approvals.ts'
import { markTaskOverdue } from './actions/tasks.ts'
import { approvalDue, taskDue } from './events.ts'
import { readTitles } from './finding.ts'

export const reactions = [
  when(taskDue, 'mark a task that missed its time', (ctx, { about }) => markTaskOverdue(ctx, about)),
  when(approvalDue, 'remind of an approval nobody decided in time', (ctx, { about }) => remindApproval(ctx, about)),
  every('* * * * *', 'titles from before are found by their words', readTitles),
]
