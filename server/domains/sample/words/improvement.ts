// biome-ignore-all format: a table of words reads better one entry per line
import type { FigureName } from '#contract/insight.ts'
import type { DepartmentKey, Pair } from '../centre.ts'

export const strategy: { name: Pair; text: Pair } = {
  name: ['三年服务战略', 'Three-year service strategy'],
  text: [
    '让每位用户一次说清、一次办好：进线有人接，办理有期限，结果有回音。每年以指标检验，达不到的写明原因并改进。',
    'Every customer says it once and it is done once: contacts are answered, work has a deadline, results are told. Figures test it every year; what falls short is explained and improved.',
  ],
}

export const goals: Record<'reach' | 'solve' | 'please', { name: Pair; text: Pair; owner: string }> = {
  reach: { name: ['接得通', 'Easy to reach'], text: ['高峰期也有人接，等待不超过承诺。', 'Somebody answers in rush hours too, and nobody waits longer than promised.'], owner: 'lead' },
  solve: { name: ['办得好', 'Done on time'], text: ['工单在期限内办结，催办逐年减少。', 'Tickets are resolved in time, and fewer are urged every year.'], owner: 'supervisor' },
  please: { name: ['用户满意', 'Satisfied customers'], text: ['用语规范，回访及时，满意率稳步提高。', 'Good words, timely follow-up, satisfaction that rises.'], owner: 'chengyining' },
}

type Measure = { figure: FigureName; target: number; tolerance: number; period: 'week' | 'month' | 'year'; leastCases: number; of?: DepartmentKey }
type Standard = { goal: keyof typeof goals; kind: 'result' | 'language' | 'behaviour' | 'process'; name: Pair; text: Pair; source: string; owner: string; measure: Measure | null }

const all = {
  answer: {
    ...{ goal: 'reach', kind: 'result', source: 'GB/T 33358', owner: 'lead' },
    name: ['接通率 95 %', '95% answered'],
    text: ['全天接通率不低于 95 %。', 'At least 95% of contacts are answered, around the clock.'],
    measure: { figure: 'answer_rate', target: 0.95, tolerance: 0.002, period: 'month', leastCases: 100 },
  },
  level: {
    ...{ goal: 'reach', kind: 'result', source: '', owner: 'lead' },
    name: ['按时接起 83 %', '83% within target time'],
    text: ['每个队列在承诺秒数内接起的比例。', 'Share answered within the seconds each queue promises.'],
    measure: { figure: 'service_level', target: 0.83, tolerance: 0, period: 'month', leastCases: 100 },
  },
  speed: {
    ...{ goal: 'reach', kind: 'process', source: 'GB/T 33358', owner: 'chengyining' },
    name: ['15 秒内应答', 'Answered within 15 seconds'],
    text: ['平均应答速度不超过 15 秒。', 'The average speed of answer is 15 seconds or less.'],
    measure: { figure: 'asa', target: 15, tolerance: 0, period: 'week', leastCases: 50 },
  },
  onTime: {
    ...{ goal: 'solve', kind: 'result', source: 'GB/T 33358', owner: 'supervisor' },
    name: ['工单按时办结 92 %', '92% of tickets on time'],
    text: ['到期工单按时办结的比例。', 'Share of tickets resolved by their due time.'],
    measure: { figure: 'ticket_on_time', target: 0.92, tolerance: 0.005, period: 'month', leastCases: 50 },
  },
  repair: {
    ...{ goal: 'solve', kind: 'process', source: '', owner: 'supervisor' },
    name: ['抢修 4 小时办结', 'Repairs within 4 hours'],
    text: ['抢修一队从受理到办结平均不超过 4 小时。', 'Crew 1 resolves within 4 hours on average, from acceptance.'],
    measure: { figure: 'ticket_hours', target: 4, tolerance: 0, period: 'month', leastCases: 20, of: 'crew1' },
  },
  csat: {
    ...{ goal: 'please', kind: 'result', source: 'GB/T 19014', owner: 'lead' },
    name: ['满意率 86 %', '86% satisfied'],
    text: ['4 分和 5 分占有效评价的比例。', 'Ratings of 4 and 5 among valid ratings.'],
    measure: { figure: 'csat', target: 0.86, tolerance: 0, period: 'month', leastCases: 50 },
  },
  csatYear: {
    ...{ goal: 'please', kind: 'result', source: 'GB/T 19014', owner: 'chengyining' },
    name: ['全年满意率 86 %', '86% satisfied over the year'],
    text: ['年度目标。', 'The target of the year.'],
    measure: { figure: 'csat', target: 0.86, tolerance: 0, period: 'year', leastCases: 200 },
  },
  words: {
    ...{ goal: 'please', kind: 'language', source: '', owner: 'chengyining' },
    name: ['先问候，再核对', 'Greet first, then verify'],
    text: ['接起后先问候并报工号，再核对户号和地址；不用否定句开头。', 'Greet and say your number, then verify account and address; never begin with a no.'],
    measure: null,
  },
} as const satisfies Record<string, Standard>
export const standards: Record<keyof typeof all, Standard> = all

export type Said = { title: Pair; text: Pair; cause: Pair; measure: Pair; actions: readonly Pair[]; reason: Pair; standardised: Pair; standard: keyof typeof all | null; again: { cause: Pair; measure: Pair; actions: readonly Pair[] } }
const none: Pair = ['', '']
const noSecond = { cause: none, measure: none, actions: [] }

export const findings: Record<'proven' | 'again' | 'judged' | 'idea', Said> = {
  proven: {
    title: ['高峰时段排班跟不上进线', 'Staffing lags behind the rush hours'],
    text: ['早高峰和停水通知后半小时等待最长，评价也最低。', 'Waits are longest and ratings lowest in the morning rush and half an hour after outage notices.'],
    cause: ['排班按平均量做，没有看半小时的高峰。', 'Shifts follow the average and not the half-hour peaks.'],
    measure: ['高峰前半小时加派两人，停水通知发出时先通知班长。', 'Two more agents half an hour before the peak; leaders hear of outage notices first.'],
    actions: [['按半小时进线重排高峰班次', 'Rebuild rush-hour shifts by half-hours'], ['停水通知先发班长', 'Outage notices reach leaders first']],
    reason: none,
    standardised: ['写入排班规程第 3 条：按半小时预测排高峰班；停水通知提前 30 分钟告知班长。', 'Rule 3 of shift planning: peaks are staffed by half-hour forecast; leaders hear of outages 30 minutes ahead.'],
    standard: 'level',
    again: noSecond,
  },
  again: {
    title: ['开账日后账务队列等待变长', 'Waits in billing grow after billing day'],
    text: ['账单发出后三天，问“为什么涨了”的最多，接得慢。', 'For three days after bills go out most ask why it rose, and answers come late.'],
    cause: ['解释阶梯水价各说各的，每次都从头讲。', 'Everybody explains the tariff their own way, from the beginning each time.'],
    measure: ['统一阶梯水价的解释话术，缩短每次联系。', 'One explanation of the tiered tariff for all, so that each contact is shorter.'],
    actions: [['编写阶梯水价话术', 'Write the explanation of the tariff'], ['班前会讲解一周', 'Explain it at briefings for a week']],
    reason: ['只换话术不够，人手没有增加，等待没有变短。', 'New words were not enough: no more people, no shorter waits.'],
    standardised: none,
    standard: 'speed',
    again: {
      cause: ['开账日的进线是平时的两倍，人手照旧。', 'Twice the contacts after billing day, with the same people.'],
      measure: ['开账后三天从业务队列调两人支援，并在聊天窗口先给出账单说明。', 'For three days two agents of services help out, and the chat window explains the bill first.'],
      actions: [['聊天窗口加账单说明', 'Explain the bill in the chat window'], ['排出开账三天的支援班', 'Plan helpers for three days after billing']],
    },
  },
  judged: {
    title: ['排队多的时候没有人补位', 'Nobody steps in when many wait'],
    text: ['排队超过五人时，别的队列空闲的坐席没有来帮。', 'With five or more waiting, idle agents of other queues do not help.'],
    cause: ['溢出设置只看等待时间，不看人数。', 'Overflow looks at waits, not at how many wait.'],
    measure: ['班长在排队满五人时手动调人补位。', 'Leaders move agents over by hand when five wait.'],
    actions: [['把排队人数提醒放到班长台', 'A hint at the team page when five wait'], ['班前会说明补位规则', 'Explain the rule at briefings']],
    reason: none,
    standardised: none,
    standard: 'speed',
    again: noSecond,
  },
  idea: {
    title: ['抢修到场前先打电话', 'Call before the crew arrives'],
    text: ['用户常不在家，抢修白跑一趟。到场前半小时打电话，可能减少退回。', 'Customers are often out and crews come for nothing. A call half an hour before may save returns.'],
    cause: none,
    measure: none,
    actions: [],
    reason: none,
    standardised: none,
    standard: null,
    again: noSecond,
  },
}
