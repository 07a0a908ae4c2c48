import { tenantCard } from '#domains/identity/index.ts'
import { wallIn } from '#kernel/calendar.ts'
import { type Notice, type NoticeKind, type To, tells } from '#kernel/notices.ts'
import type { Ctx } from '#kernel/work.ts'
import {
  absenceEnded,
  absenceSet,
  approvalAsked,
  approvalCommentChanged,
  approvalCommented,
  approvalDecided,
  approvalOverdue,
  approvalPassed,
  taskAssigned,
  taskCommentChanged,
  taskCommented,
  taskFinished,
  taskOpened,
  taskOverdue,
} from './events.ts'
import { watchersOf } from './queries.ts'
import { absenceById } from './standing.ts'

const task = (key: `task.${string}`, name: NoticeKind['name'], says: NoticeKind['says'], more: Partial<NoticeKind> = {}): NoticeKind => ({
  key,
  group: ['待办', 'Tasks'],
  name,
  says,
  may: 'task:read',
  ...more,
})
const given = task('task.given', ['待办交给我', 'Task given to me'], ['有新的待办：{title}', 'A task for you: {titleEn}'], { mail: true })
const overdue = task('task.overdue', ['我的待办超时', 'My task overdue'], ['待办已超时：{title}', 'Overdue: {titleEn}'], {
  important: true,
})
const mentioned = task('task.mentioned', ['有人提到我', 'Mentioned'], ['在待办“{title}”里提到了您', 'You are mentioned in “{titleEn}”'], {
  mail: true,
})
const commented = task(
  'task.commented',
  ['我的或关注的待办有新评论', 'Comment on a task of mine or one I watch'],
  ['待办“{title}”有新评论', 'A comment on “{titleEn}”'],
)
const finished = task(
  'task.done',
  ['我交办或关注的待办已完成', 'A task I gave or watch is done'],
  ['待办已完成：{title}', 'Done: {titleEn}'],
)
const away = task(
  'task.away',
  ['有人登记我不在', 'Called away by somebody'],
  ['您被登记为不在：{from} 至 {until}', 'You are set as away: {from} to {until}'],
)
const back = task('task.back', ['有人结束我的不在', 'Called back by somebody'], ['您的不在已结束', 'You are no longer set as away'])
const approval = (
  key: `approval.${string}`,
  name: NoticeKind['name'],
  says: NoticeKind['says'],
  more: Partial<NoticeKind> = {},
): NoticeKind => ({ key, group: ['审批', 'Approvals'], name, says, may: 'approval:read', ...more })
const waiting = approval(
  'approval.waiting',
  ['等我审批', 'Waiting for my decision'],
  ['等您审批：{title}', 'Waiting for your decision: {title}'],
  {
    important: true,
    mail: true,
  },
)
const late = approval('approval.overdue', ['等我审批已超时', 'My decision overdue'], ['审批已超时：{title}', 'Decision overdue: {title}'], {
  important: true,
})
const named = approval(
  'approval.mentioned',
  ['审批里有人提到我', 'Mentioned in an approval'],
  ['在审批“{title}”里提到了您', 'You are mentioned in “{title}”'],
  { mail: true },
)
const approved = approval('approval.approved', ['我的申请已批准', 'My request approved'], ['已批准：{title}', 'Approved: {title}'], {
  mail: true,
})
const refused = approval('approval.refused', ['我的申请未批准', 'My request refused'], ['未批准：{title}', 'Refused: {title}'], {
  mail: true,
})

type About = { about: string }

/** As the task stands by now, while it is open, or `done`. */
async function aboutTask(
  ctx: Ctx,
  id: string,
  to: (task: { ownerId: string | null; deputyId: string | null; openedById: string | null }) => To,
  done = false,
): Promise<Notice | null> {
  const row = await ctx.db
    .selectFrom('tasks.task')
    .select(['title', 'facts', 'ownerId', 'deputyId', 'openedById', 'doneAt'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || (row.doneAt !== null) !== done) return null
  const titleEn = typeof row.facts.titleEn === 'string' ? row.facts.titleEn : row.title
  return { to: to(row), link: `/tasks?t=${id}`, facts: { title: row.title, titleEn } }
}
const owner = (ctx: Ctx, { about }: About) => aboutTask(ctx, about, ({ ownerId }) => ({ people: [ownerId] }))
const followers = async (ctx: Ctx, { about }: About) => {
  const watchers = await watchersOf(ctx, about)
  return aboutTask(ctx, about, ({ ownerId }) => ({ people: [ownerId, ...watchers] }))
}
const givers = async (ctx: Ctx, { about }: About) => {
  const watchers = await watchersOf(ctx, about)
  return aboutTask(ctx, about, ({ openedById }) => ({ people: [openedById, ...watchers] }), true)
}
const mentions = (ctx: Ctx, { about, detail }: About & { detail: { mentionIds: string[] } }) =>
  aboutTask(ctx, about, () => ({ people: detail.mentionIds }))

/** `stillOpen`: only while it is undecided, or only once it is not; null: either way. */
async function aboutApproval(ctx: Ctx, id: string, to: To, stillOpen: boolean | null): Promise<Notice | null> {
  const row = await ctx.db.selectFrom('tasks.approval').select(['title', 'state']).where('id', '=', id).executeTakeFirst()
  return row && (stillOpen === null || (row.state === 'open') === stillOpen)
    ? { to, link: `/tasks?a=${id}`, facts: { title: row.title } }
    : null
}
const deciders = (ctx: Ctx, { about, detail }: About & { detail: { deciderIds: string[] } }) =>
  aboutApproval(ctx, about, { people: detail.deciderIds }, true)
const asker = (ctx: Ctx, { about, detail }: About & { detail: { askedById: string } }) =>
  aboutApproval(ctx, about, { people: [detail.askedById] }, false)

const namedIn = (ctx: Ctx, { about, detail }: About & { detail: { mentionIds: string[] } }) =>
  aboutApproval(ctx, about, { people: detail.mentionIds }, null)

/** Whoever says it of themselves knows: no news goes to whoever did it. */
async function whoIsAway(ctx: Ctx, { about, detail }: About & { detail: { personId: string } }): Promise<Notice | null> {
  const [absence, { timezone }] = await Promise.all([absenceById(ctx, about), tenantCard(ctx)])
  if (!absence) return null
  const at = (time: Date) => wallIn(timezone, time).replace('T', ' ')
  return { to: { people: [detail.personId] }, link: '/tasks', facts: { from: at(absence.fromAt), until: at(absence.untilAt) } }
}

export const notices = [
  // Whoever answers for a standard is told that it was missed, by its own notice.
  tells(taskOpened, given, owner, ({ ownerId, kind }) => ownerId !== null && kind !== 'standard'),
  tells(taskAssigned, given, owner),
  tells(taskOverdue, overdue, owner),
  tells(taskCommented, mentioned, mentions, ({ mentionIds }) => mentionIds.length > 0),
  tells(taskCommented, commented, followers),
  tells(taskFinished, finished, givers),
  tells(taskCommentChanged, mentioned, mentions, ({ mentionIds, withdrawn }) => !withdrawn && mentionIds.length > 0),
  tells(absenceSet, away, whoIsAway),
  tells(absenceEnded, back, whoIsAway),
  tells(approvalAsked, waiting, deciders),
  tells(approvalPassed, waiting, deciders),
  tells(approvalOverdue, late, deciders),
  tells(approvalCommented, named, namedIn, ({ mentionIds }) => mentionIds.length > 0),
  tells(approvalCommentChanged, named, namedIn, ({ mentionIds, withdrawn }) => !withdrawn && mentionIds.length > 0),
  tells(approvalDecided, approved, asker, ({ outcome }) => outcome === 'approved'),
  tells(approvalDecided, refused, asker, ({ outcome }) => outcome === 'refused'),
]
