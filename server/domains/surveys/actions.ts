import type * as z from 'zod'
import type { Rating, RatingPolicy } from '#contract/surveys.ts'
import { calendarOf, personName } from '#domains/identity/index.ts'
import { rateInteraction } from '#domains/interactions/index.ts'
import { openTask } from '#domains/tasks/index.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { ratingGiven, ratingPolicyChanged } from './events.ts'
import { policyOf } from './queries.ts'
import { dueAt, isLow } from './rules.ts'

export type NewRating = Pick<Rating, 'interactionId' | 'ticketId' | 'customerId' | 'agentId' | 'queueId' | 'score' | 'words'>

/** One rating per contact or ticket: the first one counts, whoever says it again changes nothing. A low one opens a win-back task, due in working time. */
export async function recordRating(ctx: Ctx, given: NewRating): Promise<void> {
  const id = newId()
  const [policy, inserted] = await Promise.all([
    policyOf(ctx),
    ctx.db
      .insertInto('surveys.rating')
      .values({ id, ...given, ratedAt: ctx.now, taskId: null })
      .onConflict(c => c.doNothing())
      .returning('id')
      .executeTakeFirst(),
  ])
  if (!inserted) return
  const taskId = isLow(given.score, policy) ? await openWinBack(ctx, given, id, policy) : null
  await Promise.all([
    given.interactionId === null ? undefined : rateInteraction(ctx, given.interactionId, given.score),
    taskId === null ? undefined : ctx.db.updateTable('surveys.rating').set({ taskId }).where('id', '=', id).execute(),
    ctx.emit(
      ratingGiven,
      { id, customerId: given.customerId, interactionId: given.interactionId },
      {
        interactionId: given.interactionId,
        ticketId: given.ticketId,
        agentId: given.agentId,
        queueId: given.queueId,
        score: given.score,
        taskId,
      },
    ),
  ])
}

const matterOf = ({ interactionId, ticketId }: NewRating) =>
  interactionId !== null ? { noun: 'interaction', id: interactionId } : ticketId !== null ? { noun: 'ticket', id: ticketId } : null

async function openWinBack(ctx: Ctx, given: NewRating, ratingId: string, policy: z.output<typeof RatingPolicy>): Promise<string> {
  const calendar = await calendarOf(ctx, policy.calendarId)
  const task = await openTask(ctx, {
    kind: 'winback',
    title: `低分回访：${given.score} 分`,
    text: given.words,
    matter: matterOf(given),
    customerId: given.customerId,
    ownerId: policy.ownerId,
    departmentId: null,
    dueAt: dueAt(ctx.now, policy.dueMinutes, calendar),
    facts: {
      score: given.score,
      ratingId,
      interactionId: given.interactionId,
      ticketId: given.ticketId,
      agentId: given.agentId,
      titleEn: `Win back: rated ${given.score}`,
    },
  })
  return task.id
}

export async function setPolicy(ctx: Ctx, policy: z.output<typeof RatingPolicy>): Promise<z.output<typeof RatingPolicy>> {
  if (policy.ownerId !== null) found(await personName(ctx, policy.ownerId), 'person', policy.ownerId)
  if (policy.calendarId !== null) await calendarOf(ctx, policy.calendarId)
  const changes = differenceOf(await policyOf(ctx), policy)
  if (Object.keys(changes).length === 0) return policy
  await Promise.all([
    ctx.db
      .insertInto('surveys.policy')
      .values(policy)
      .onConflict(c => c.columns([]).doUpdateSet(policy))
      .execute(),
    ctx.emit(ratingPolicyChanged, { id: ctx.tenantId }, { changes }),
  ])
  return policy
}
