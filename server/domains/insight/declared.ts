import type { DeclaredFigure, FigureName, SubjectBy } from '#contract/insight.ts'
import type { Counts } from './tables.ts'

/** What a figure is made of: `numerator` ÷ `n`, in its own unit before scaling; `squares` where the spread is known. */
export type Parts = { numerator: number; n: number; squares?: number }
export type OfContacts = (sums: Counts) => Parts
type Declared = Omit<DeclaredFigure, 'figure'> & { of?: OfContacts }

const everywhere: SubjectBy[] = ['centre', 'queue', 'channel']
/** Whoever left unanswered had no agent: only what was handled can be said of people. */
const people: SubjectBy[] = [...everywhere, 'department', 'team', 'agent']
const ofTickets: SubjectBy[] = ['centre', 'department', 'kind', 'category']

/** The definitions, as they are printed. A changed rule gets a new version; what was judged by the old one keeps it. */
export const declared: Record<FigureName, Declared> = {
  service_level: {
    ...{ version: 1, unit: 'share', better: 'up', measure: 'proportion', subjects: everywhere },
    ...{ name: '服务水平', nameEn: 'Service level' },
    zh: '等待不超过 Y 秒接起 ÷（进线 − 短放弃 − 仍在等待）。Y 和短放弃的秒数是各队列自己的设置。',
    en: 'Answered within Y seconds ÷ (offered − short abandons − still waiting). Y and the seconds of a short abandon are set per queue.',
    of: c => ({ numerator: c.inTarget, n: c.offered - c.shortAbandoned - c.undecided }),
  },
  answer_rate: {
    ...{ version: 1, unit: 'share', better: 'up', measure: 'proportion', subjects: everywhere },
    ...{ name: '接通率', nameEn: 'Answer rate' },
    zh: '接起 ÷（进线 − 短放弃 − 仍在等待）。',
    en: 'Answered ÷ (offered − short abandons − still waiting).',
    of: c => ({ numerator: c.answered, n: c.offered - c.shortAbandoned - c.undecided }),
  },
  abandon_rate: {
    ...{ version: 1, unit: 'share', better: 'down', measure: 'proportion', subjects: everywhere },
    ...{ name: '放弃率', nameEn: 'Abandonment' },
    zh: '等待达到短放弃秒数后离开 ÷（进线 − 短放弃）。',
    en: 'Gone after the seconds of a short abandon ÷ (offered − short abandons).',
    of: c => ({ numerator: c.abandoned, n: c.offered - c.shortAbandoned }),
  },
  asa: {
    ...{ version: 1, unit: 'seconds', better: 'down', measure: 'mean', subjects: everywhere },
    ...{ name: '平均应答速度', nameEn: 'Speed of answer' },
    zh: '接起前等待之和 ÷ 接起数。',
    en: 'Sum of waits of answered contacts ÷ answered.',
    of: c => ({ numerator: c.waitMs / 1000, n: c.answered, squares: c.waitSq / 1e6 }),
  },
  aht: {
    ...{ version: 1, unit: 'seconds', better: 'down', measure: 'mean', subjects: people },
    ...{ name: '平均处理时长', nameEn: 'Handling time' },
    zh: '（会话 + 话后整理）之和 ÷ 已整理数。班组和部门按现在的成员计。',
    en: 'Sum of talk and wrap-up ÷ wrapped up. Teams and departments by who belongs to them now.',
    of: c => ({ numerator: c.handleMs / 1000, n: c.handled, squares: c.handleSq / 1e6 }),
  },
  csat: {
    ...{ version: 1, unit: 'share', better: 'up', measure: 'proportion', subjects: people },
    ...{ name: '满意率 CSAT', nameEn: 'CSAT' },
    zh: '4 分和 5 分 ÷ 有效评价，记在被评价的联络上。班组和部门按现在的成员计。',
    en: 'Ratings of 4 and 5 ÷ valid ratings, counted with the contact that was rated. Teams and departments by who belongs to them now.',
    of: c => ({ numerator: c.best, n: c.rated }),
  },
  rating: {
    ...{ version: 1, unit: 'points', better: 'up', measure: 'mean', subjects: people },
    ...{ name: '评价平均分', nameEn: 'Average rating' },
    zh: '评价分（1–5）之和 ÷ 有效评价。班组和部门按现在的成员计。',
    en: 'Sum of ratings (1–5) ÷ valid ratings. Teams and departments by who belongs to them now.',
    of: c => ({ numerator: c.score, n: c.rated, squares: c.scoreSq }),
  },
  ticket_on_time: {
    ...{ version: 1, unit: 'share', better: 'up', measure: 'proportion', subjects: ofTickets },
    ...{ name: '工单按时办结率', nameEn: 'Tickets on time' },
    zh: '到期前办结 ÷ 期间到期的工单。按现在有效的到期时间；没有到期的不计。',
    en: 'Resolved by the due time ÷ tickets that fell due. By the due time in force now; what is not due yet does not count.',
  },
  ticket_hours: {
    ...{ version: 1, unit: 'hours', better: 'down', measure: 'mean', subjects: ofTickets },
    ...{ name: '工单平均历时', nameEn: 'Ticket duration' },
    zh: '从受理到办结的小时数之和 ÷ 期间关闭的工单。按自然时间，含等待客户。',
    en: 'Sum of hours from acceptance to resolution ÷ tickets closed in the period. By the clock, waiting for the customer included.',
  },
  ticket_urges: {
    ...{ version: 1, unit: 'per100', better: 'down', measure: 'rate', subjects: ofTickets },
    ...{ name: '每百单催办', nameEn: 'Urges per 100 tickets' },
    zh: '催办次数 ÷ 期间受理的工单 × 100。',
    en: 'Urges ÷ tickets accepted in the period × 100.',
  },
  ticket_returns: {
    ...{ version: 1, unit: 'per100', better: 'down', measure: 'rate', subjects: ofTickets },
    ...{ name: '每百单退回', nameEn: 'Returns per 100 tickets' },
    zh: '退回次数 ÷ 期间受理的工单 × 100。',
    en: 'Returns ÷ tickets accepted in the period × 100.',
  },
  tickets_per_1000: {
    ...{ version: 1, unit: 'per1000', better: 'down', measure: 'rate', subjects: ['centre', 'kind', 'category'] },
    ...{ name: '每千次联络工单', nameEn: 'Tickets per 1,000 contacts' },
    zh: '期间受理的工单 ÷ 全中心客户发起的联络 × 1000。',
    en: 'Tickets accepted in the period ÷ contacts that customers began, of the whole centre × 1,000.',
  },
}

const scales = { share: 1, seconds: 1, hours: 1, points: 1, per100: 100, per1000: 1000 } as const
export const scaleOf = (figure: FigureName): number => scales[declared[figure].unit]

/** The value in its unit and the spread of single cases; nothing is said of nothing. */
export function valued(figure: FigureName, { numerator, n, squares }: Parts) {
  return {
    value: n > 0 ? (numerator / n) * scaleOf(figure) : null,
    numerator,
    n,
    variance: squares === undefined || n < 2 ? null : Math.max(0, (squares - (numerator * numerator) / n) / (n - 1)),
  }
}
