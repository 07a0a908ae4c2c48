import { type NoticeKind, tells } from '#kernel/notices.ts'
import { ruleHalted, ruleStopped, ruleTold } from './events.ts'

const group = ['自动化规则', 'Rules'] as const
const told: NoticeKind = {
  key: 'rule.told',
  group,
  name: ['规则通知我', 'A rule tells me'],
  says: ['{text}：{label}', '{text}: {label}'],
  toDoer: true,
}
const stopped: NoticeKind = {
  key: 'rule.stopped',
  group,
  name: ['规则自己停了', 'A rule stopped by itself'],
  says: ['规则「{name}」停了，要重新发布', 'Rule “{name}” stopped and must be published again'],
  may: 'rule:configure',
  important: true,
}
const halted: NoticeKind = {
  key: 'rule.halted',
  group,
  name: ['规则互相触发', 'Rules feed one another'],
  says: ['规则「{name}」互相触发或太频繁，已拦下', 'Rule “{name}” was held back: it feeds itself or acts too often'],
  may: 'rule:configure',
  important: true,
}

export const notices = [
  tells(ruleTold, told, async (_ctx, { detail, personal }) => ({
    to: { people: detail.people, departmentId: detail.departmentId ?? null },
    link: detail.link,
    facts: { text: personal.text ?? '', label: personal.label ?? '' },
  })),
  tells(ruleStopped, stopped, async (_ctx, { about, detail }) => ({
    to: { holders: true },
    link: `/automation/${about}`,
    facts: { name: detail.name },
  })),
  tells(ruleHalted, halted, async (_ctx, { about, detail }) => ({
    to: { holders: true },
    link: `/automation/${about}`,
    facts: { name: detail.name },
  })),
]
