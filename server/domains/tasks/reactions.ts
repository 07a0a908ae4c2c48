import { when } from '#kernel/react.ts'
import { markTaskOverdue } from './actions.ts'
import { taskDue } from './events.ts'

export const reactions = [when(taskDue, 'mark a task that missed its time', (ctx, { about }) => markTaskOverdue(ctx, about))]
