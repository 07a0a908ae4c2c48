import { words } from '../../kit/words.ts'

// Apart from the other words of customers: how it stands with one is told on the desk too.
export const w = words({
  next: ['下一步', 'What to do next'],
  nothing: ['眼下没有要办的', 'Nothing to do right now'],
  call_back: ['来电没接通，回拨', 'Call missed: call back'],
  answer: ['留言还没回复', 'A message waits for an answer'],
  late: [(n: number) => `${n} 张工单超时`, (n: number) => (n === 1 ? 'A ticket is late' : `${n} tickets are late`)],
  overdue: [(sum: string) => `账单逾期 ${sum}`, (sum: string) => `${sum} overdue`],
  rated_low: [(n: number) => `给了 ${n} 分，问问原因`, (n: number) => `Rated ${n}: ask why`],
  visit: ['该拜访了', 'A visit is due'],
  contact: ['该联系了', 'Time to get in touch'],
  neglected: ['久未联系', 'Neglected'],
  open: [(n: number) => `${n} 张工单在办`, (n: number) => (n === 1 ? 'A ticket is open' : `${n} tickets are open`)],
  consent: ['还没问过是否同意接收通知', 'Consent not asked yet'],
  since: [(day: string) => `自 ${day}`, (day: string) => `since ${day}`],
  until: [(day: string) => `${day} 前`, (day: string) => `by ${day}`],
  show: ['打开', 'Open'],
  record: ['登记', 'Record'],
  plan: ['安排', 'Plan'],

  mood: ['关系温度', 'Mood'],
  good: ['良好', 'Good'],
  fair: ['一般', 'Fair'],
  low: ['偏低', 'Low'],
  ofHundred: ['/ 100', '/ 100'],
  unknown: ['还没有评价、投诉或未接来电', 'No ratings, complaints or missed calls yet'],
  rating: [(n: string) => `近半年评价均分 ${n}`, (n: string) => `Ratings of half a year, mean ${n}`],
  unrated: ['近半年没有评价', 'Not rated in half a year'],
  complaint: [(n: number) => `90 天内投诉 ${n} 次`, (n: number) => (n === 1 ? '1 complaint in 90 days' : `${n} complaints in 90 days`)],
  lateOnes: [(n: number) => `超时工单 ${n} 张`, (n: number) => (n === 1 ? '1 late ticket' : `${n} late tickets`)],
  unanswered: [
    (n: number) => `30 天内 ${n} 次没接通`,
    (n: number) => (n === 1 ? '1 contact unanswered in 30 days' : `${n} contacts unanswered in 30 days`),
  ],
  rule: [
    '最近十次评价的均分 × 20，没有评价按 75 起；投诉每次减 15，超时工单每张减 10，没接通每次减 5',
    'Twenty for each point of the last ten ratings, 75 without; less 15 for each complaint, 10 for each late ticket, 5 for each contact unanswered',
  ],
  alone: ['请勿打扰', 'Do not disturb'],
  aloneFor: ['客户要求不被打扰，主动联系前先看这里', 'The customer asked to be left alone: look here before you call'],
})
