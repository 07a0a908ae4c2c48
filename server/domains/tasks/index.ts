export { askApproval, type NewApproval, recallApproval } from './actions/approvals.ts'
export { finishTask, type NewTask, openTask, reopenTask } from './actions/tasks.ts'
