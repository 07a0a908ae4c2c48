import * as z from 'zod'
import { FigureName } from '#contract/insight.ts'
import { words } from '../kit/words.ts'

const w = words({
  opened: ['提出改进', 'Raised'],
  changed: ['修改', 'Changed'],
  planned: ['写明计划', 'Plan declared'],
  begun: ['开始实施', 'Began to act'],
  action: [(title: string) => `派出措施：${title}`, (title: string) => `Action given: ${title}`],
  actionDone: [
    (left: number) => (left > 0 ? `一项措施完成，还有 ${left} 项` : '措施都已完成'),
    (left: number) => (left > 0 ? `An action done, ${left} left` : 'All actions done'),
  ],
  actionBack: ['一项措施被撤回', 'An action was taken back'],
  check: ['开始观察', 'Watching began'],
  effective: ['检验：有效', 'Test: effective'],
  not_effective: ['检验：无效', 'Test: not effective'],
  undecided: ['检验：未能判定', 'Test: undecided'],
  too_few: ['检验：样本不足', 'Test: too few cases'],
  calledEffective: ['判为有效', 'Called effective'],
  calledAgainst: ['不按检验结果判定', 'Decided against the test'],
  calledNot: ['判为无效', 'Called not effective'],
  longer: ['延长观察', 'Watched longer'],
  closed: ['完成改进', 'Closed'],
  dropped: ['放弃', 'Given up'],
  reopened: [(round: number) => `进入第 ${round} 轮`, (round: number) => `Round ${round} begins`],
  overdue: ['超过期限', 'Overdue'],
  added: ['新增标准', 'Standard added'],
  standardChanged: ['修改标准', 'Standard changed'],
  measured: ['设定目标', 'Target set'],
  attained: ['标准达成', 'Standard attained'],
  missed: ['标准未达成', 'Standard missed'],
  alarm: ['标准未达成，已通知负责人', 'Standard missed, its owner was told'],
  endangered: ['本期难以达成', 'Hard to reach this period'],
  few: ['样本不足，不作判定', 'Too few cases to judge'],
})

const Said = z.object({
  action: z.string().catch(''),
  left: z.number().catch(0),
  done: z.boolean().catch(true),
  round: z.number().catch(1),
  verdict: z.enum(['effective', 'not_effective', 'undecided', 'too_few']).catch('undecided'),
  overridden: z.boolean().catch(false),
  state: z.enum(['attained', 'missed', 'too_few']).catch('attained'),
  figure: FigureName.optional().catch(undefined),
})
type Speaker = (detail: Record<string, unknown>) => string
const by =
  (say: (said: z.output<typeof Said>) => string): Speaker =>
  detail =>
    say(Said.parse(detail))

export const eventWords: Readonly<Record<string, Speaker>> = {
  'finding.opened': () => w.opened,
  'finding.changed': () => w.changed,
  'finding.planned': () => w.planned,
  'finding.begun': () => w.begun,
  'finding.action_opened': by(d => w.action(d.action)),
  'finding.action_moved': by(d => (d.done ? w.actionDone(d.left) : w.actionBack)),
  'finding.check_begun': () => w.check,
  'finding.measured': by(d => w[d.verdict]),
  'finding.decided': by(d =>
    d.overridden ? w.calledAgainst : d.verdict === 'effective' ? w.calledEffective : d.verdict === 'not_effective' ? w.calledNot : w.longer,
  ),
  'finding.closed': () => w.closed,
  'finding.dropped': () => w.dropped,
  'finding.reopened': by(d => w.reopened(d.round)),
  'finding.overdue': () => w.overdue,
  'standard.added': () => w.added,
  'standard.changed': () => w.standardChanged,
  'standard.measured': () => w.measured,
  'standard.judged': by(d => (d.state === 'attained' ? w.attained : d.state === 'missed' ? w.missed : w.few)),
  'standard.missed': () => w.alarm,
  'standard.endangered': () => w.endangered,
}
