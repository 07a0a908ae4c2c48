import type { Language } from '#contract/documents.ts'
import type { DocumentData } from '#kernel/documentSources.ts'

const percent = (value: number | null): DocumentData => ({ value, unit: 'percent' })
const seconds = (value: number | null): DocumentData => ({ value, unit: 'seconds' })

/** What a template looks like when no data is chosen. */
export function exampleStandards(language: Language): DocumentData {
  const [en, zh] = [language === 'en', language !== 'en']
  const owner = zh ? '温言' : 'Wen Yan'
  const standards = [
    {
      name: zh ? '20 秒内接起 80%' : '80% answered within 20 s',
      figure: zh ? '服务水平' : 'Service level',
      target: percent(0.8),
      value: percent(0.846),
      n: 3120,
      interval: '83.3%–85.8%',
      attained: 3,
      judged: 3,
    },
    {
      name: zh ? '满意率 90% 以上' : 'CSAT of 90% and more',
      figure: zh ? '满意率 CSAT' : 'CSAT',
      target: percent(0.9),
      value: percent(0.874),
      n: 1248,
      interval: '85.4%–89.1%',
      attained: 1,
      judged: 3,
    },
    {
      name: zh ? '平均 30 秒内应答' : 'Answered within 30 s on average',
      figure: zh ? '平均应答速度' : 'Speed of answer',
      target: seconds(30),
      value: seconds(24),
      n: 2980,
      interval: '—',
      attained: 3,
      judged: 3,
    },
  ].map(s => ({
    ...s,
    subject: zh ? '全中心' : 'Whole centre',
    owner,
    state: s.attained === s.judged ? (en ? 'Attained' : '达成') : en ? 'Missed' : '未达成',
    share: s.attained / s.judged,
    definition: zh ? '按口径计算。' : 'By its definition.',
  }))
  return {
    from: '2026-04-01',
    until: '2026-06-30',
    count: { standards: 3, judged: 9, attained: 7, missed: 2, tooFew: 0, share: 7 / 9 },
    standards,
    missed: [4, 6].map(month => ({
      name: standards[1]?.name ?? '',
      from: `2026-0${month}-01`,
      until: `2026-0${month}-30`,
      target: percent(0.9),
      value: percent(month === 4 ? 0.861 : 0.874),
      n: month === 4 ? 1190 : 1248,
      owner,
    })),
  }
}

export function exampleFinding(language: Language): DocumentData {
  const zh = language !== 'en'
  const owner = zh ? '陈以宁' : 'Chen Yining'
  const pair = [
    { label: zh ? '之前' : 'Before', value: percent(0.842), n: 1310 },
    { label: zh ? '之后' : 'After', value: percent(0.893), n: 1274 },
  ]
  return {
    finding: {
      title: zh ? '账单咨询的满意率偏低' : 'CSAT of questions about bills is low',
      text: zh ? '客户看不懂阶梯水价，反复来问。' : 'Customers do not understand the tariff and ask again.',
      stage: zh ? '已完成' : 'Done',
      owner,
      openedAt: new Date('2026-02-03T01:00:00Z'),
      dueAt: new Date('2026-06-30T09:00:00Z'),
      closedAt: new Date('2026-06-12T03:20:00Z'),
      rounds: 1,
    },
    plan: {
      cause: zh ? '解释口径不一，没有可以发给客户的说明。' : 'Everybody explains it differently, and there is nothing to send.',
      measure: zh ? '统一话术，推送图解账单。' : 'One wording, and a bill explained in pictures.',
      figure: zh ? '满意率 CSAT' : 'CSAT',
      definition: zh ? '4 分和 5 分 ÷ 有效评价。' : 'Ratings of 4 and 5 ÷ valid ratings.',
      subject: zh ? '账单与缴费' : 'Bills and payment',
      expected: percent(0.88),
      beforeFrom: '2026-01-01',
      beforeUntil: '2026-02-25',
      afterFrom: '2026-04-20',
      afterUntil: '2026-05-31',
      alpha: '0.05',
      declaredAt: new Date('2026-02-26T02:00:00Z'),
    },
    check: {
      before: percent(0.842),
      beforeN: 1310,
      after: percent(0.893),
      afterN: 1274,
      effect: percent(0.051),
      interval: '2.5%–7.7%',
      test: zh ? '两比例 z 检验' : 'Two-proportion z test',
      p: '< 0.001',
      verdict: zh ? '有效' : 'Effective',
      decision: zh ? '有效' : 'Effective',
      reason: '',
      standardised: zh
        ? '图解账单写进账单咨询流程，每季度复核一次。'
        : 'The picture bill is part of the procedure and reviewed each quarter.',
    },
    actions: [
      {
        title: zh ? '编写图解账单' : 'Draw the bill in pictures',
        round: 1,
        owner,
        dueAt: new Date('2026-03-10T09:00:00Z'),
        doneAt: new Date('2026-03-08T06:00:00Z'),
      },
      {
        title: zh ? '培训账单组' : 'Train the billing group',
        round: 1,
        owner,
        dueAt: new Date('2026-03-31T09:00:00Z'),
        doneAt: new Date('2026-03-28T06:00:00Z'),
      },
    ],
    pair,
    course: Array.from({ length: 14 }, (_, at) => ({
      label: `${1 + Math.floor(at / 4)}/${1 + 7 * (at % 4)}`,
      before: percent(at < 8 ? 0.83 + ((at * 7) % 5) / 200 : null),
      after: percent(at >= 8 ? 0.87 + ((at * 7) % 5) / 160 : null),
      expected: percent(0.88),
      n: 160,
    })),
    rounds: [
      {
        number: 1,
        measure: zh ? '统一话术，推送图解账单。' : 'One wording, and a bill explained in pictures.',
        before: percent(0.842),
        after: percent(0.893),
        p: '< 0.001',
        verdict: zh ? '有效' : 'Effective',
      },
    ],
  }
}
