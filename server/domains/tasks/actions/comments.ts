import type * as z from 'zod'
import { type Said, type TaskComment, taskCan } from '#contract/tasks.ts'
import { actorId } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { lockApproval } from '../approvals.ts'
import { approvalCommentChanged, approvalCommented, taskCommentChanged, taskCommented } from '../events.ts'
import { mustBePeople } from '../matters.ts'
import { lockTask, shownComment } from '../queries.ts'
import { about as aboutApproval } from './approvals.ts'
import { about } from './tasks.ts'
import { addWatchers } from './watching.ts'

type Words = z.output<typeof Said>
type Who = { commentId: string; mentionIds: string[] }
/** What is talked about, seen and locked, and how it tells of it. */
export type Talk = {
  id: string
  said: (who: Who, words: string) => Promise<unknown>
  changed: (who: Who & { withdrawn: boolean }, was: string) => Promise<unknown>
}

export async function talkOfTask(ctx: Ctx, id: string): Promise<Talk> {
  const task = await lockTask(ctx, id, 'task:read')
  const whose = { id, customerId: task.customerId }
  return {
    id,
    said: (who, words) => ctx.emit(taskCommented, whose, { ...about(task), ...who }, { words }),
    changed: (who, was) => ctx.emit(taskCommentChanged, whose, { ...about(task), ...who }, { was }),
  }
}

export async function talkOfApproval(ctx: Ctx, id: string): Promise<Talk> {
  const approval = await lockApproval(ctx, id)
  const whose = { id, customerId: approval.customerId }
  return {
    id,
    said: (who, words) => ctx.emit(approvalCommented, whose, { ...aboutApproval(approval), ...who }, { words }),
    changed: (who, was) => ctx.emit(approvalCommentChanged, whose, { ...aboutApproval(approval), ...who }, { was }),
  }
}

/** Whoever is mentioned may see it from then on. */
export async function commentOn(ctx: Ctx, talk: Talk, { text, mentionIds }: Words): Promise<TaskComment> {
  await mustBePeople(ctx, mentionIds)
  const comment = { id: newId(), text, writerId: actorId(ctx.actor), writtenAt: ctx.now }
  await ctx.db
    .insertInto('tasks.comment')
    .values({ ...comment, aboutId: talk.id, mentions: JSON.stringify(mentionIds) })
    .execute()
  await Promise.all([addWatchers(ctx, talk.id, mentionIds), talk.said({ commentId: comment.id, mentionIds }, text)])
  return { ...comment, mentionIds, changedAt: null, withdrawnAt: null }
}

export async function changeComment(ctx: Ctx, talk: Talk, commentId: string, { text, mentionIds }: Words): Promise<TaskComment> {
  const comment = await ownComment(ctx, talk, commentId)
  if (comment.text === text) return comment
  await mustBePeople(ctx, mentionIds)
  await ctx.db
    .updateTable('tasks.comment')
    .set({ text, mentions: JSON.stringify(mentionIds), changedAt: ctx.now })
    .where('id', '=', commentId)
    .execute()
  await addWatchers(ctx, talk.id, mentionIds)
  const fresh = mentionIds.filter(p => !comment.mentionIds.includes(p))
  await talk.changed({ commentId, withdrawn: false, mentionIds: fresh }, comment.text)
  return { ...comment, text, mentionIds, changedAt: ctx.now }
}

export async function withdrawComment(ctx: Ctx, talk: Talk, commentId: string): Promise<TaskComment> {
  const comment = await ownComment(ctx, talk, commentId)
  await ctx.db.updateTable('tasks.comment').set({ withdrawnAt: ctx.now }).where('id', '=', commentId).execute()
  await talk.changed({ commentId, withdrawn: true, mentionIds: [] }, comment.text)
  return shownComment({ ...comment, withdrawnAt: ctx.now })
}

async function ownComment(ctx: Ctx, { id }: Talk, commentId: string): Promise<TaskComment> {
  const comment = found(
    await ctx.db
      .selectFrom('tasks.comment')
      .select(['id', 'text', 'mentions as mentionIds', 'writerId', 'writtenAt', 'changedAt', 'withdrawnAt'])
      .where('id', '=', commentId)
      .where('aboutId', '=', id)
      .executeTakeFirst(),
    'task_comment',
    commentId,
  )
  if (!taskCan.changeComment(comment, actorId(ctx.actor), ctx.now)) throw new Refusal('conflict', 'task_comment.stands')
  return comment
}
