import type { Figure, Period } from '#contract/insight.ts'
import { type Counts, counts } from './tables.ts'

/** Sums over contacts that began to wait in a period, from their marks of time. */
export type Sums = {
  /** Began to wait for an agent. */
  offered: number
  answered: number
  answeredInTarget: number
  /** Gone after waiting T seconds or longer; and before that. */
  abandoned: number
  shortAbandoned: number
  /** Waiting now, and not longer than Y seconds: whether they are answered in time is not known yet. */
  undecided: number
  /** Waiting now, however long. */
  waiting: number
  waitSeconds: number
  /** Wrapped up, and how long talk and wrap-up took together. */
  handled: number
  handleSeconds: number
}

export const noSums: Sums = {
  offered: 0,
  answered: 0,
  answeredInTarget: 0,
  abandoned: 0,
  shortAbandoned: 0,
  undecided: 0,
  waiting: 0,
  waitSeconds: 0,
  handled: 0,
  handleSeconds: 0,
}

export const added = (a: Sums, b: Sums): Sums => ({
  offered: a.offered + b.offered,
  answered: a.answered + b.answered,
  answeredInTarget: a.answeredInTarget + b.answeredInTarget,
  abandoned: a.abandoned + b.abandoned,
  shortAbandoned: a.shortAbandoned + b.shortAbandoned,
  undecided: a.undecided + b.undecided,
  waiting: a.waiting + b.waiting,
  waitSeconds: a.waitSeconds + b.waitSeconds,
  handled: a.handled + b.handled,
  handleSeconds: a.handleSeconds + b.handleSeconds,
})

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null)

/** The figures of the definition below; null where there is nothing to divide by. */
export const figuresOf = (s: Sums) => ({
  serviceLevel: ratio(s.answeredInTarget, s.offered - s.shortAbandoned - s.undecided),
  abandonRate: ratio(s.abandoned, s.offered - s.shortAbandoned),
  asaSeconds: ratio(s.waitSeconds, s.answered),
  ahtSeconds: ratio(s.handleSeconds, s.handled),
})

/** Printed beside the figures. A changed rule gets a new version. */
export const definition = (timezone: string) => ({
  version: 'wallboard 2',
  zh: `今日按 ${timezone} 的日界，从联络的时间标记计算。进线 = 今日开始等待坐席的联络；下班后的留言在开始等待前不计入。服务水平 = 等待不超过 Y 秒接起 ÷（进线 − 短放弃 − 仍在等待且未超过 Y 秒）。短放弃 = 等待不足 T 秒离开。放弃率 = 等待 T 秒及以上离开 ÷（进线 − 短放弃）。请求回拨后没有接通的计入进线，不算接起，也不算放弃。平均应答速度 = 接起前等待之和 ÷ 接起数。平均处理时长 =（会话 + 话后整理）之和 ÷ 已整理数。CSAT = 4 分和 5 分 ÷ 有效评价。Y、T 为各队列自己的设置。`,
  en: `Today by the day of ${timezone}, from each contact's marks of time. Offered = contacts that began to wait for an agent today; a message left out of hours counts once it waits. Service level = answered within Y seconds ÷ (offered − short abandons − those still waiting no longer than Y). Short abandon = gone before T seconds. Abandonment = gone after T seconds or more ÷ (offered − short abandons). Whoever asked to be called back and was not reached is offered, not answered, and no abandonment. ASA = sum of waits of answered contacts ÷ answered. AHT = sum of talk and wrap-up ÷ wrapped up. CSAT = ratings of 4 and 5 ÷ valid ratings. Y and T are each queue's own settings.`,
})

export const noCounts: Counts = {
  contacts: 0,
  offered: 0,
  answered: 0,
  inTarget: 0,
  abandoned: 0,
  shortAbandoned: 0,
  undecided: 0,
  waitMs: 0,
  handled: 0,
  handleMs: 0,
  rated: 0,
  best: 0,
  score: 0,
  waitSq: 0,
  handleSq: 0,
  scoreSq: 0,
}
export const plus = (a: Counts, b: Counts): Counts => {
  const sum = { ...noCounts }
  for (const c of counts) sum[c] = a[c] + b[c]
  return sum
}

/** The figures of kept sums, by the same arithmetic as the wallboard's. */
export function figureOf(s: Counts): Figure {
  const sums: Sums = {
    offered: s.offered,
    answered: s.answered,
    answeredInTarget: s.inTarget,
    abandoned: s.abandoned,
    shortAbandoned: s.shortAbandoned,
    undecided: s.undecided,
    waiting: s.undecided,
    waitSeconds: s.waitMs / 1000,
    handled: s.handled,
    handleSeconds: s.handleMs / 1000,
  }
  const { contacts, offered, answered, undecided, handled, rated } = s
  return {
    ...{ contacts, offered, answered, undecided, handled, rated },
    answeredInTarget: s.inTarget,
    abandoned: s.abandoned,
    shortAbandoned: s.shortAbandoned,
    ...figuresOf(sums),
    ratingAverage: ratio(s.score, s.rated),
    csat: ratio(s.best, s.rated),
  }
}

/** The first day of the period that holds the day, and the first day after it. Weeks begin on Monday. */
export function periodOf(period: Period, day: string): [string, string] {
  const at = new Date(`${day}T00:00:00Z`)
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  const text = (y: number, m: number, d: number) => new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10)
  if (period === 'day') return [day, text(year, month, date + 1)]
  if (period === 'month') return [text(year, month, 1), text(year, month + 1, 1)]
  if (period === 'year') return [text(year, 0, 1), text(year + 1, 0, 1)]
  const monday = date - ((at.getUTCDay() + 6) % 7)
  return [text(year, month, monday), text(year, month, monday + 7)]
}

/** Printed with every report. A changed rule gets a new version. */
export const figuresDefinition = (timezone: string) => ({
  version: 'figures 2',
  zh: `按 ${timezone} 的日界，从每次联络的时间标记计算。联络记在它开始等待坐席的时刻；没有排队的记在开始的时刻。进线 = 开始等待坐席的联络。服务水平 = 等待不超过 Y 秒接起 ÷（进线 − 短放弃 − 仍在等待）。短放弃 = 等待不足 T 秒离开。放弃率 = 等待 T 秒及以上离开 ÷（进线 − 短放弃）。请求回拨后没有接通的计入进线，不算接起，也不算放弃。平均应答速度 = 接起前等待之和 ÷ 接起数。平均处理时长 =（会话 + 话后整理）之和 ÷ 已整理数。满意度 = 评价平均分；CSAT = 4 分和 5 分 ÷ 有效评价，记在被评价的联络上。Y、T 为各队列现在的设置；改动后全部重算。只计客户发起的联络。`,
  en: `By the day of ${timezone}, from each contact's marks of time. A contact counts when it began to wait for an agent, or when it began if it did not queue. Offered = contacts that began to wait. Service level = answered within Y seconds ÷ (offered − short abandons − still waiting). Short abandon = gone before T seconds. Abandonment = gone after T seconds or more ÷ (offered − short abandons). Whoever asked to be called back and was not reached is offered, not answered, and no abandonment. ASA = sum of waits of answered contacts ÷ answered. AHT = sum of talk and wrap-up ÷ wrapped up. Satisfaction = average rating; CSAT = ratings of 4 and 5 ÷ valid ratings, counted with the contact that was rated. Y and T are each queue's settings of today; when they change, everything is counted again. Only contacts begun by customers count.`,
})
