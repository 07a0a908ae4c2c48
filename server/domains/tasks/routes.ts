import { approvalPolicies, approvals } from '#contract/approvals.ts'
import { absences, tasks } from '#contract/tasks.ts'
import { work } from '#contract/work.ts'
import { endpointsOf } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { endAbsence, setAbsence } from './actions/absences.ts'
import { askOwnApproval, decideApproval, recallOwnApproval } from './actions/approvals.ts'
import { bulkTasks } from './actions/bulk.ts'
import { setItems, tickItem } from './actions/checklist.ts'
import { changeComment, commentOn, talkOfApproval, talkOfTask, withdrawComment } from './actions/comments.ts'
import { addEvidence, removeEvidence } from './actions/evidence.ts'
import { addPolicy, changePolicy, policies } from './actions/policies.ts'
import { assignTask, changeTask, finishTask, openOwnTask, reopenTask } from './actions/tasks.ts'
import { setWatchers, watchTask } from './actions/watching.ts'
import { approvalWhole, listApprovals } from './approvals.ts'
import { courseOf, listTasks, taskWhole } from './queries.ts'
import { listAbsences } from './standing.ts'
import { countWork, listWork } from './work.ts'

export function routes(door: Door): void {
  serve(door, work, { list: (ctx, { query }) => listWork(ctx, query), counts: ctx => countWork(ctx) })
  serve(door, tasks, {
    list: (ctx, { query }) => listTasks(ctx, query),
    one: (ctx, { id }) => taskWhole(ctx, id),
    course: (ctx, { id }) => courseOf(ctx, id),
    open: (ctx, { body }) => openOwnTask(ctx, body),
    change: (ctx, { id, body }) => changeTask(ctx, id, body),
    assign: (ctx, { id, body }) => assignTask(ctx, id, body.ownerId),
    finish: (ctx, { id, body }) => finishTask(ctx, id, body.result),
    reopen: (ctx, { id }) => reopenTask(ctx, id),
    setItems: (ctx, { id, body }) => setItems(ctx, id, body),
    tick: (ctx, { id, itemId, body }) => tickItem(ctx, id, itemId, body.done),
    addEvidence: (ctx, { id, body }) => addEvidence(ctx, id, body),
    removeEvidence: (ctx, { id, evidenceId }) => removeEvidence(ctx, id, evidenceId),
    comment: async (ctx, { id, body }) => commentOn(ctx, await talkOfTask(ctx, id), body),
    changeComment: async (ctx, { id, commentId, body }) => changeComment(ctx, await talkOfTask(ctx, id), commentId, body),
    withdrawComment: async (ctx, { id, commentId }) => withdrawComment(ctx, await talkOfTask(ctx, id), commentId),
    watch: (ctx, { id, body }) => watchTask(ctx, id, body.on),
    setWatchers: (ctx, { id, body }) => setWatchers(ctx, id, body.personIds),
    bulk: (ctx, { body }) => bulkTasks(ctx, body),
  })
  serve(door, absences, {
    list: (ctx, { query }) => listAbsences(ctx, query.personId),
    set: (ctx, { body }) => setAbsence(ctx, body),
    end: (ctx, { id }) => endAbsence(ctx, id),
  })
  serve(door, approvals, {
    list: (ctx, { query }) => listApprovals(ctx, query),
    one: (ctx, { id }) => approvalWhole(ctx, id),
    ask: (ctx, { body }) => askOwnApproval(ctx, body),
    decide: (ctx, { id, body }) => decideApproval(ctx, id, body),
    recall: (ctx, { id, body }) => recallOwnApproval(ctx, id, body.reason),
    comment: async (ctx, { id, body }) => commentOn(ctx, await talkOfApproval(ctx, id), body),
    changeComment: async (ctx, { id, commentId, body }) => changeComment(ctx, await talkOfApproval(ctx, id), commentId, body),
    withdrawComment: async (ctx, { id, commentId }) => withdrawComment(ctx, await talkOfApproval(ctx, id), commentId),
  })
  serve(door, endpointsOf(approvalPolicies), {
    list: (ctx, { query }) => policies.list(ctx, query.retired === true),
    add: (ctx, { body }) => addPolicy(ctx, body),
    change: (ctx, { id, body }) => changePolicy(ctx, id, body),
    retire: (ctx, { id, body }) => policies.retire(ctx, id, body.retired),
  })
}
