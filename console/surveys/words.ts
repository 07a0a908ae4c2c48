import { enterRefusals, words } from '../kit/words.ts'
import { reasonText } from '../outgoing/words.ts'
import { v } from './invitations.words.ts'

export const w = words({
  title: ['满意度', 'Satisfaction'],
  hint: ['服务结束后客户打的分', 'What customers said afterwards'],
  days: [(n: number) => (n === 365 ? '一年' : `${n} 天`), (n: number) => (n === 365 ? 'A year' : `${n} days`)],
  period: ['时段', 'Period'],
  average: ['平均分', 'Average'],
  ofFive: ['满分 5', 'out of 5'],
  csat: ['CSAT（4–5 分）', 'CSAT (4 or 5)'],
  interval: [(low: string, high: string) => `95% 区间 ${low}–${high}`, (low: string, high: string) => `95% interval ${low}–${high}`],
  ratings: ['评价', 'Ratings'],
  inPeriod: [(n: number) => `近 ${n} 天`, (n: number) => `last ${n} days`],
  response: ['回收率', 'Response rate'],
  asked: [(n: number) => `请 ${n} 位客户评价`, (n: number) => `${n} customers were asked`],
  few: ['样本太少，区间很宽', 'Too few to say much'],
  nothing: ['还没有评价', 'No ratings yet'],
  nothingHint: ['会话结束后、受邀请时客户会打分', 'Customers rate after a chat and when they are invited'],
  nothingLow: ['没有低分', 'No low ratings'],
  nothingLowHint: ['换成全部看看', 'Look at all of them'],
  all: ['全部', 'All'],
  low: [(n: number) => `低分（≤ ${n}）`, (n: number) => `Low (≤ ${n})`],
  anyAgent: ['全部坐席', 'Every agent'],
  score: ['评分', 'Score'],
  scoreOf: [(n: number) => `${n} 分`, (n: number) => `${n} of 5`],
  words: ['留言', 'Words'],
  noWords: ['没有留言', 'No words'],
  customer: ['客户', 'Customer'],
  captureNeed: ['记下需求', 'Write down a need'],
  anonymous: ['匿名访客', 'Anonymous visitor'],
  agent: ['坐席', 'Agent'],
  queue: ['队列', 'Queue'],
  ticket: ['工单', 'Ticket'],
  at: ['时间', 'When'],
  followUp: ['挽回', 'Win-back'],
  seeTask: ['看待办', 'See the task'],
  definition: [
    'CSAT = 打 4 分或 5 分的评价 ÷ 有效评价；区间为 Wilson 95%。回收率 = 评价 ÷ 同期坐席接待并结束的会话与其他受邀客户。',
    'CSAT = ratings of 4 and 5 ÷ valid ratings, with the Wilson interval at 95 %. Response rate = ratings ÷ chats that an agent answered and finished in the period, and others who were invited.',
  ],
})

enterRefusals({
  'invitation.answered': ['已经评价过了', 'It was answered already'],
  'invitation.not_found': ['没有这个邀请', 'No such invitation'],
  'invitation.over': ['评价时间已过', 'The time to answer is over'],
})

type Detail = Record<string, unknown>
const whyNot = (d: Detail) => {
  const code = String(d.reason)
  return code === 'asked_recently'
    ? v.asked_recently
    : code === 'no_way'
      ? v.no_way
      : code === 'no_public_address'
        ? v.no_public_address
        : reasonText(code)
}
/** What the customer's time line says. */
export const eventWords = words({
  'invitation.sent': [
    (d: Detail) => `请客户评价：${d.channel === 'mail' ? v.mail : v.sms}`,
    (d: Detail) => `Asked for a rating by ${d.channel === 'mail' ? v.mail : v.sms}`,
  ],
  'invitation.refused': [(d: Detail) => `没有请客户评价：${whyNot(d)}`, (d: Detail) => `Not asked for a rating: ${whyNot(d)}`],
  'invitation.answered': [() => '客户回答了评价邀请', () => 'Answered the invitation to rate'],
})
