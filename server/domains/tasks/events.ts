import * as z from 'zod'
import { audited, event } from '#kernel/events.ts'

const Matter = z.object({ noun: z.string(), id: z.uuid() }).nullable()
/** `forId`: in whose place a deputy acted. `batchId`: done to several at once. What a person wrote stands in the event's personal values. */
const About = z.object({
  kind: z.string(),
  ownerId: z.uuid().nullable(),
  matter: Matter,
  forId: z.uuid().optional(),
  batchId: z.uuid().optional(),
})

export const taskOpened = event('task.opened', About)
export const taskAssigned = event('task.assigned', About)
export const taskFinished = event('task.finished', About.extend({ late: z.boolean() }))
export const taskReopened = event('task.reopened', About)
/** Title, text, due time or deputy; personal: `reason`. */
export const taskChanged = event(
  'task.changed',
  About.extend({ fields: z.array(z.string()), dueAt: z.iso.datetime().nullable().optional() }),
)
/** Once: the due time has passed and it is still open. */
export const taskOverdue = event('task.overdue', About)
/** The timer behind it. */
export const taskDue = event('task.due', z.object({}))
/** Its checklist was written anew. */
export const taskListed = event('task.listed', About.extend({ items: z.int() }))
/** Personal: `item`. */
export const taskTicked = event('task.ticked', About.extend({ done: z.boolean() }))
export const taskProven = event('task.proven', About.extend({ act: z.enum(['added', 'removed']), what: z.string() }))
const Comment = { commentId: z.uuid(), mentionIds: z.array(z.uuid()) }
/** Personal: `words`. Whoever is mentioned watches from then on. */
export const taskCommented = event('task.commented', About.extend(Comment))
/** Personal: `was`. */
export const taskCommentChanged = event('task.comment_changed', About.extend({ ...Comment, withdrawn: z.boolean() }))
export const taskWatched = event('task.watched', About.extend({ watcherIds: z.array(z.uuid()) }))
/** Once for everything that was done to several; each of them has told of itself, with this id. */
export const taskBatch = event(
  'task.batch',
  z.object({ act: z.enum(['give', 'due', 'finish', 'reopen']), done: z.int(), refused: z.int(), ownerId: z.uuid().nullable() }),
)

/** Another's tasks come into a deputy's hands by it, so it stands in the audit. */
const Away = z.object({ personId: z.uuid(), deputyId: z.uuid().nullable() })
export const absenceSet = audited('absence.set', Away, 'task:read')
export const absenceEnded = audited('absence.ended', Away, 'task:read')

const Asked = z.object({ kind: z.string(), askedById: z.uuid(), matter: Matter })
/** `deciderIds`: who may decide the step that is open now, their deputies among them; at most fifty. */
const Waiting = Asked.extend({ step: z.int(), of: z.int(), deciderIds: z.array(z.uuid()) })
export const approvalAsked = event('approval.asked', Waiting)
/** A step was approved and the next one waits. */
export const approvalPassed = event('approval.passed', Waiting.extend({ byId: z.uuid(), forId: z.uuid().optional() }))
/** The last word, for whoever asked. Money and promises hang on it, so it stands in the audit. Personal: `reason`. */
export const approvalDecided = audited(
  'approval.decided',
  Asked.extend({ outcome: z.enum(['approved', 'refused']), step: z.int(), byId: z.uuid(), forId: z.uuid().optional() }),
)
/** Personal: `words`. Whoever is mentioned watches from then on. */
export const approvalCommented = event('approval.commented', Asked.extend(Comment))
/** Personal: `was`. */
export const approvalCommentChanged = event('approval.comment_changed', Asked.extend({ ...Comment, withdrawn: z.boolean() }))
export const approvalRecalled = event('approval.recalled', Asked)
/** Still undecided past its time. */
export const approvalOverdue = event('approval.overdue', Waiting.extend({ times: z.int() }))
/** The timer behind it. */
export const approvalDue = event('approval.due', z.object({ step: z.int() }))
