import type { VariableType } from '#contract/documents.ts'
import type { DocumentSource } from '#kernel/documentSources.ts'
import { courseOfFinding, standardsIn } from './documentData.ts'
import { exampleFinding, exampleStandards } from './documentExamples.ts'

type Said = readonly [path: string, type: VariableType, zh: string, en: string]
const named = ([path, type, zh, en]: Said) => ({ path, type, zh, en })
const list = (path: string, zh: string, en: string, of: readonly Said[]) => ({ path, type: 'list' as const, zh, en, of: of.map(named) })

const periods = [
  { value: 'month', zh: '月', en: 'Month' },
  { value: 'quarter', zh: '季度', en: 'Quarter' },
  { value: 'year', zh: '年', en: 'Year' },
]

/** What standards came to in a period, and the whole course of one improvement, as whoever makes the document may see them. */
export const documentSources: DocumentSource[] = [
  {
    name: 'improvement.standards',
    zh: '一段时间的标准达成',
    en: 'Attainment of standards in a period',
    may: 'improvement:read',
    params: [
      { key: 'period', kind: 'choice', zh: '周期', en: 'Period', options: periods, required: true },
      { key: 'on', kind: 'date', zh: '其中一天', en: 'A day in it', options: [], required: true },
    ],
    variables: [
      ...(
        [
          ['from', 'date', '开始日期', 'First day'],
          ['until', 'date', '结束日期', 'Last day'],
          ['count.standards', 'number', '被测量的标准', 'Standards measured'],
          ['count.judged', 'number', '已评定的期数', 'Periods judged'],
          ['count.attained', 'number', '达成期数', 'Periods attained'],
          ['count.missed', 'number', '未达成期数', 'Periods missed'],
          ['count.tooFew', 'number', '样本不足期数', 'Periods with too few cases'],
          ['count.share', 'percent', '达成率', 'Share attained'],
        ] as const
      ).map(named),
      list('standards', '各项标准', 'Standards', [
        ['name', 'text', '标准', 'Standard'],
        ['figure', 'text', '指标', 'Figure'],
        ['subject', 'text', '统计对象', 'Of'],
        ['owner', 'text', '负责人', 'Owner'],
        ['target', 'measure', '目标', 'Target'],
        ['value', 'measure', '最近一期', 'Latest period'],
        ['n', 'number', '最近一期样本', 'Cases of it'],
        ['interval', 'text', '95% 置信区间', '95% interval'],
        ['state', 'text', '最近一期结果', 'Its result'],
        ['judged', 'number', '已评定期数', 'Periods judged'],
        ['attained', 'number', '达成期数', 'Periods attained'],
        ['share', 'percent', '达成率', 'Share attained'],
        ['definition', 'text', '口径', 'Definition'],
      ]),
      list('missed', '未达成的期', 'Periods missed', [
        ['name', 'text', '标准', 'Standard'],
        ['from', 'date', '开始日期', 'First day'],
        ['until', 'date', '结束日期', 'Last day'],
        ['target', 'measure', '目标', 'Target'],
        ['value', 'measure', '实际', 'Actual'],
        ['n', 'number', '样本', 'Cases'],
        ['owner', 'text', '负责人', 'Owner'],
      ]),
    ],
    load: standardsIn,
    example: exampleStandards,
  },
  {
    name: 'improvement.finding',
    zh: '一项改进的全过程',
    en: 'The course of an improvement',
    may: 'improvement:read',
    params: [{ key: 'findingId', kind: 'finding', zh: '改进', en: 'Improvement', options: [], required: true }],
    matter: ({ findingId }) => (findingId ? { noun: 'finding', id: findingId } : null),
    variables: [
      ...(
        [
          ['finding.title', 'text', '要改进什么', 'What is to be better'],
          ['finding.text', 'text', '说明', 'In detail'],
          ['finding.stage', 'text', '阶段', 'Stage'],
          ['finding.owner', 'text', '负责人', 'Owner'],
          ['finding.openedAt', 'time', '提出时间', 'Raised'],
          ['finding.dueAt', 'time', '期限', 'Due'],
          ['finding.closedAt', 'time', '结束时间', 'Closed'],
          ['finding.rounds', 'number', '轮数', 'Rounds'],
          ['plan.cause', 'text', '原因', 'Cause'],
          ['plan.measure', 'text', '措施', 'Measure'],
          ['plan.figure', 'text', '指标', 'Figure'],
          ['plan.definition', 'text', '指标口径', 'Definition of the figure'],
          ['plan.subject', 'text', '统计对象', 'Of'],
          ['plan.expected', 'measure', '预期达到', 'Expected'],
          ['plan.beforeFrom', 'date', '之前：第一天', 'Window before: first day'],
          ['plan.beforeUntil', 'date', '之前：最后一天', 'Window before: last day'],
          ['plan.afterFrom', 'date', '之后：第一天', 'Window after: first day'],
          ['plan.afterUntil', 'date', '之后：最后一天', 'Window after: last day'],
          ['plan.alpha', 'text', '显著性水平', 'Level of the test'],
          ['plan.declaredAt', 'time', '计划写明时间', 'Plan declared'],
          ['check.before', 'measure', '之前', 'Before'],
          ['check.beforeN', 'number', '之前样本', 'Cases before'],
          ['check.after', 'measure', '之后', 'After'],
          ['check.afterN', 'number', '之后样本', 'Cases after'],
          ['check.effect', 'measure', '变化', 'Change'],
          ['check.interval', 'text', '变化的 95% 置信区间', '95% interval of the change'],
          ['check.test', 'text', '检验方法', 'Test'],
          ['check.p', 'text', 'p 值', 'p'],
          ['check.verdict', 'text', '检验结论', 'What the test says'],
          ['check.decision', 'text', '判定', 'Decision'],
          ['check.reason', 'text', '判定理由', 'Reason'],
          ['check.standardised', 'text', '成为规矩的做法', 'What has become the rule'],
        ] as const
      ).map(named),
      list('actions', '措施清单', 'Actions', [
        ['title', 'text', '措施', 'Action'],
        ['round', 'number', '轮次', 'Round'],
        ['owner', 'text', '负责人', 'Owner'],
        ['dueAt', 'date', '期限', 'Due'],
        ['doneAt', 'date', '完成日期', 'Done'],
      ]),
      list('pair', '前后对比', 'Before and after', [
        ['label', 'text', '时间段', 'Window'],
        ['value', 'measure', '指标值', 'Figure'],
        ['n', 'number', '样本', 'Cases'],
      ]),
      list('course', '按周走势', 'Week by week', [
        ['label', 'text', '周', 'Week'],
        ['before', 'measure', '之前', 'Before'],
        ['after', 'measure', '之后', 'After'],
        ['expected', 'measure', '预期', 'Expected'],
        ['n', 'number', '样本', 'Cases'],
      ]),
      list('rounds', '各轮', 'Rounds', [
        ['number', 'number', '轮次', 'Round'],
        ['measure', 'text', '措施', 'Measure'],
        ['before', 'measure', '之前', 'Before'],
        ['after', 'measure', '之后', 'After'],
        ['p', 'text', 'p 值', 'p'],
        ['verdict', 'text', '结论', 'Verdict'],
      ]),
    ],
    load: courseOfFinding,
    example: exampleFinding,
  },
]
