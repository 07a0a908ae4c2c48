import { type NoticeKind, tells } from '#kernel/notices.ts'
import { actionMoved, effectMeasured, findingOverdue, standardEndangered, standardMissed } from './events.ts'

const group = ['标准与改进', 'Standards and improvement'] as const
const may = 'improvement:read'
/** Also to whoever asked for the computation: what it found is news to them too. */
const toDoer = true
const missed: NoticeKind = {
  key: 'standard.missed',
  ...{ group, may, toDoer, mail: true },
  name: ['我的标准未达成', 'My standard missed'],
  says: ['标准未达成：{name}', 'Standard missed: {name}'],
}
const endangered: NoticeKind = {
  key: 'standard.endangered',
  ...{ group, may, toDoer },
  name: ['我的标准本期难以达成', 'My standard hardly to be reached'],
  says: ['本期难以达成：{name}', 'Hard to reach this period: {name}'],
}
const actionsDone: NoticeKind = {
  key: 'finding.actions_done',
  ...{ group, may },
  name: ['改进的措施都完成了', 'All actions of my improvement done'],
  says: ['措施都已完成，可以开始检查：{title}', 'All actions done, the check can begin: {title}'],
}
const measured: NoticeKind = {
  key: 'finding.measured',
  ...{ group, may, toDoer, mail: true },
  name: ['改进的效果已检验', 'Effect of my improvement measured'],
  says: ['效果已检验，等您判定：{title}', 'Effect measured, yours to decide: {title}'],
}
const overdue: NoticeKind = {
  key: 'finding.overdue',
  ...{ group, may },
  name: ['我的改进超时', 'My improvement overdue'],
  says: ['改进已超时：{title}', 'Improvement overdue: {title}'],
}

export const notices = [
  tells(
    standardMissed,
    missed,
    async (_, { about, detail: { ownerId, name } }) => ({
      to: { people: [ownerId] },
      link: `/improvements/standards/${about}`,
      facts: { name },
    }),
    ({ ownerId }) => ownerId !== null,
  ),
  tells(
    standardEndangered,
    endangered,
    async (_, { about, detail: { ownerId, name } }) => ({
      to: { people: [ownerId] },
      link: `/improvements/standards/${about}`,
      facts: { name },
    }),
    ({ ownerId }) => ownerId !== null,
  ),
  tells(
    actionMoved,
    actionsDone,
    async (_, { about, detail: { ownerId, title } }) => ({ to: { people: [ownerId] }, link: `/improvements/${about}`, facts: { title } }),
    ({ done, left, ownerId }) => done && left === 0 && ownerId !== null,
  ),
  tells(
    effectMeasured,
    measured,
    async (_, { about, detail: { ownerId, title } }) => ({ to: { people: [ownerId] }, link: `/improvements/${about}`, facts: { title } }),
    ({ ownerId }) => ownerId !== null,
  ),
  tells(
    findingOverdue,
    overdue,
    async (_, { about, detail: { ownerId, title } }) => ({ to: { people: [ownerId] }, link: `/improvements/${about}`, facts: { title } }),
    ({ ownerId }) => ownerId !== null,
  ),
]
