import { tasks } from '#contract/tasks.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { assignTask, finishTask, openOwnTask, reopenTask } from './actions.ts'
import { listTasks, taskById } from './queries.ts'

export function routes(door: Door): void {
  serve(door, tasks, {
    list: (ctx, { query }) => listTasks(ctx, query),
    one: (ctx, { id }) => taskById(ctx, id),
    open: (ctx, { body }) => openOwnTask(ctx, body),
    assign: (ctx, { id, body }) => assignTask(ctx, id, body.ownerId),
    finish: (ctx, { id, body }) => finishTask(ctx, id, body.result),
    reopen: (ctx, { id }) => reopenTask(ctx, id),
  })
}
