import type { Invitation } from '#contract/invitations.ts'
import { day } from '../kit/time.ts'
import { nameOf, words } from '../kit/words.ts'
import { reasonText } from '../outgoing/words.ts'

export const v = words({
  ratings: ['评价', 'Ratings'],
  title: ['邀请', 'Invitations'],
  hint: ['请了谁评价，没请谁、为什么', 'Who was asked to rate, who was not and why'],
  all: ['全部', 'All'],
  sent: ['已邀请', 'Asked'],
  refused: ['未邀请', 'Not asked'],
  answered: ['已评价', 'Rated'],
  scored: [(n: number) => `已评 ${n} 分`, (n: number) => `Rated ${n} of 5`],
  customer: ['客户', 'Customer'],
  matter: ['事项', 'Matter'],
  way: ['渠道', 'Way'],
  state: ['状态', 'State'],
  why: ['说明', 'Why'],
  when: ['时间', 'When'],
  none: ['还没有邀请', 'Nobody was asked yet'],
  noneHint: ['在设置里打开评价邀请', 'Turn invitations on in the settings'],
  asked: ['满意度邀请', 'Survey'],
  by: [(way: string, until: string) => `${way}邀请，${until} 前可答`, (way: string, until: string) => `By ${way}, open until ${until}`],
  byOver: [(way: string) => `${way}邀请，没有回答`, (way: string) => `By ${way}, not answered`],
  sms: ['短信', 'SMS'],
  mail: ['邮件', 'Mail'],
  asked_recently: ['近期已邀请过', 'Asked not long ago'],
  no_way: ['没有发送渠道', 'No way out is set up'],
  no_public_address: ['没有设置对外网址', 'No public address is set'],

  settings: ['评价邀请', 'Survey invitations'],
  settingsHint: ['服务结束后请客户打分', 'Ask customers how it went'],
  contacts: ['联系结束后邀请', 'Ask after a contact'],
  contactsHint: ['坐席接待过、还没有评价的来电、会话等', 'Calls, chats and the like that an agent answered and nobody rated yet'],
  tickets: ['工单关闭后邀请', 'Ask after a ticket is closed'],
  ticketsHint: ['已知客户的工单', 'Tickets of known customers'],
  queues: ['队列', 'Queues'],
  everyQueue: ['全部队列', 'Every queue'],
  kinds: ['工单类型', 'Kinds of tickets'],
  everyKind: ['全部类型', 'Every kind'],
  after: ['多久以后', 'How long after'],
  share: ['抽样比例', 'Share that is asked'],
  first: ['先用', 'First by'],
  firstHint: ['发不了时用另一种', 'Where it cannot be, by the other'],
  pause: ['同一客户间隔', 'Pause per customer'],
  pauseHint: ['间隔内不再邀请', 'Within it nobody is asked again'],
  valid: ['链接有效期', 'The link lives'],
  days: ['天', 'days'],
  save: ['保存', 'Save'],
  saved: ['已保存', 'Saved'],
})

export const matterText = (i: Pick<Invitation, 'matter' | 'matterEn'>): string => nameOf({ name: i.matter, nameEn: i.matterEn })

const own = ['asked_recently', 'no_way', 'no_public_address'] as const
const ownReason = (reason: string | null) => own.find(code => code === reason)

/** Why nobody was asked; else by what, and until when it can be answered. */
export function whyText(i: Invitation, now = new Date()): string {
  if (i.state === 'refused') {
    const code = ownReason(i.reason)
    return code ? v[code] : reasonText(i.reason)
  }
  if (i.channel === null || i.score !== null) return ''
  return i.endsAt <= now ? v.byOver(v[i.channel]) : v.by(v[i.channel], day(i.endsAt))
}
