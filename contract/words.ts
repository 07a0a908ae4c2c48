import type * as z from 'zod'
import type { Stage } from './improvement.ts'
import type { InteractionState } from './interactions.ts'
import type { MessageState, Purpose } from './outgoing.ts'
import type { TicketStatus } from './tickets.ts'
import type { Cause } from './voice.ts'

// What states are called wherever they are said: on pages, in files, letters and rules.
type Said<K extends string> = Readonly<Record<K, readonly [zh: string, en: string]>>

export const ticketStatusWords = {
  accepted: ['已受理', 'Accepted'],
  dispatched: ['待接单', 'To be taken'],
  handling: ['处理中', 'In progress'],
  waiting: ['等客户', 'Waiting'],
  resolved: ['已办结', 'Resolved'],
  closed: ['已关闭', 'Closed'],
} as const satisfies Said<TicketStatus>
export const contactStateWords = {
  waiting: ['排队中', 'Waiting'],
  active: ['进行中', 'Active'],
  wrap: ['整理中', 'Wrapping up'],
  done: ['已完成', 'Done'],
  abandoned: ['未接入', 'Not answered'],
  left: ['留言', 'Left a message'],
} as const satisfies Said<z.output<typeof InteractionState>>
/** How a call, or a leg of it, ended. */
export const causeWords = {
  normal: ['正常结束', 'Ended'],
  busy: ['忙', 'Busy'],
  no_answer: ['无人接听', 'No answer'],
  refused: ['被拒接', 'Refused'],
  unreachable: ['无法接通', 'Not reached'],
  wrong_number: ['号码不存在', 'Wrong number'],
  abandoned: ['排队中放弃', 'Gave up waiting'],
  transferred: ['已转出', 'Handed over'],
  blocked: ['已拦截', 'Blocked'],
  lost: ['线路中断', 'Line broke'],
  switch_down: ['线路故障', 'Switch failed'],
  silence: ['长时间无声', 'Long silence'],
  limit: ['超过时限', 'Over the limit'],
} as const satisfies Said<Cause>
export const messageStateWords = {
  waiting: ['待发', 'Waiting'],
  sending: ['发送中', 'Sending'],
  handed: ['已发出', 'Sent'],
  delivered: ['已送达', 'Delivered'],
  failed: ['失败', 'Failed'],
  refused: ['不发', 'Not sent'],
  bounced: ['退信', 'Bounced'],
  cancelled: ['已撤回', 'Taken back'],
  unknown: ['结果不明', 'Not known'],
} as const satisfies Said<MessageState>
export const purposeWords = {
  password_link: ['密码链接', 'Password link'],
  invitation: ['加入邀请', 'Invitation'],
  code: ['验证码', 'Code'],
  notification: ['工作提醒', 'Work notification'],
  ticket: ['工单进展', 'Ticket progress'],
  urgent: ['紧急通知', 'Urgent notice'],
  notice: ['服务通知', 'Service notice'],
  survey: ['满意度调查', 'Survey'],
  marketing: ['营销', 'Marketing'],
  test: ['测试', 'Test'],
} as const satisfies Said<Purpose>
export const needStateWords = {
  heard: ['收集', 'Heard'],
  taken: ['受理', 'Taken on'],
  planned: ['已列计划', 'Planned'],
  done: ['已实现', 'Done'],
  declined: ['不采纳', 'Declined'],
} as const
export const opportunitySourceWords = {
  contact: ['客户来访来电', 'Contact'],
  referral: ['转介绍', 'Referral'],
  research: ['市场调研', 'Research'],
  campaign: ['营销活动', 'Campaign'],
  visit: ['上门走访', 'Visit'],
  other: ['其他', 'Other'],
} as const
export const findingStageWords = {
  found: ['待计划', 'To plan'],
  planned: ['已计划', 'Planned'],
  doing: ['实施中', 'Doing'],
  checking: ['观察中', 'Watching'],
  checked: ['待判定', 'To decide'],
  acting: ['待固化', 'To standardise'],
  closed: ['已完成', 'Done'],
  dropped: ['已放弃', 'Given up'],
} as const satisfies Said<Stage>
