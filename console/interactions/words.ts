import type * as z from 'zod'
import type { InteractionState } from '#contract/interactions.ts'
import { contactStateWords } from '#contract/words.ts'
import { words } from '../kit/words.ts'

export const w = words({
  contacts: ['联系记录', 'Contacts'],
  hint: ['客户与我们的每一次联系', 'Every touch with a customer'],
  seek: ['客户姓名、户号、电话', 'Customer name, number, phone'],
  all: ['全部', 'All'],
  state: ['状态', 'State'],
  channel: ['渠道', 'Channel'],
  queue: ['队列', 'Queue'],
  agent: ['坐席', 'Agent'],
  anyTime: ['时间', 'Any time'],
  today: ['今天', 'Today'],
  lastDays: [(n: number) => `近 ${n} 天`, (n: number) => `Last ${n} days`],
  ownDays: ['选择日期', 'Choose days'],
  days: ['日期', 'Days'],
  onlyCustomer: ['只看这位客户', 'Of this customer'],
  clear: ['清除筛选', 'Clear filters'],
  startedAt: ['开始', 'Began'],
  customer: ['客户', 'Customer'],
  unknown: ['未识别', 'Not known'],
  subject: ['事由', 'About'],
  duration: ['时长', 'Length'],
  wait: ['等待', 'Waited'],
  reason: ['原因', 'Reason'],
  outcome: ['结果', 'Outcome'],
  rating: ['评分', 'Rating'],
  direction: ['由谁发起', 'Begun by'],
  in: ['客户找来', 'From the customer'],
  out: ['我们找去', 'From us'],
  note: ['小结', 'Note'],
  queuedAt: ['开始排队', 'Queued'],
  answeredAt: ['接入', 'Answered'],
  endedAt: ['结束', 'Ended'],
  wrappedAt: ['整理完毕', 'Wrapped up'],
  seeCustomer: ['看客户档案', 'See the customer'],
  none: ['没有联系记录', 'No contacts'],
  noneHint: ['换一个条件，或清除筛选', 'Change or clear the filters'],
  ...contactStateWords,
})

type State = z.output<typeof InteractionState>
export const stateWord = (state: State): string => w[state]
export const stateTone: Record<State, string> = { waiting: 'wa', active: 'ac', wrap: 'wr', done: '', abandoned: 'ba', left: 'wa' }
