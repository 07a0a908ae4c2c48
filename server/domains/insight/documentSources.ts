import type { Unit } from '#contract/documentBlocks.ts'
import type { Figure, Figures } from '#contract/insight.ts'
import { type DeclaredFigure, Period } from '#contract/insight.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { DocumentData, DocumentSource } from '#kernel/documentSources.ts'
import type { Ctx } from '#kernel/work.ts'
import { figures } from './figures.ts'
import { declaredList, figureOver } from './measuring.ts'
import { figuresDefinition } from './rules.ts'

type Field = { path: string; zh: string; en: string; type: 'text' | 'number' | 'percent' | 'seconds' | 'score' }
const measured: Field[] = [
  { path: 'contacts', type: 'number', zh: '联络量', en: 'Contacts' },
  { path: 'offered', type: 'number', zh: '进线量', en: 'Offered' },
  { path: 'answered', type: 'number', zh: '接起量', en: 'Answered' },
  { path: 'unanswered', type: 'number', zh: '未接起量', en: 'Not answered' },
  { path: 'serviceLevel', type: 'percent', zh: '服务水平', en: 'Service level' },
  { path: 'abandonRate', type: 'percent', zh: '放弃率', en: 'Abandonment' },
  { path: 'asaSeconds', type: 'seconds', zh: '平均应答速度', en: 'Average speed of answer' },
  { path: 'ahtSeconds', type: 'seconds', zh: '平均处理时长', en: 'Average handling time' },
  { path: 'rated', type: 'number', zh: '评价数', en: 'Ratings' },
  { path: 'ratingAverage', type: 'score', zh: '平均评分', en: 'Average rating' },
  { path: 'csat', type: 'percent', zh: '满意率', en: 'CSAT' },
]
const channelWords: Record<string, readonly [zh: string, en: string]> = {
  phone: ['电话', 'Phone'],
  chat: ['在线会话', 'Chat'],
  wechat: ['微信', 'WeChat'],
  mail: ['邮件', 'Mail'],
  sms: ['短信', 'SMS'],
  form: ['表单', 'Form'],
}
const periods = [
  { value: 'week', zh: '周', en: 'Week' },
  { value: 'month', zh: '月', en: 'Month' },
  { value: 'year', zh: '年', en: 'Year' },
]

const valuesOf = ({
  contacts,
  offered,
  answered,
  serviceLevel,
  abandonRate,
  asaSeconds,
  ahtSeconds,
  rated,
  ratingAverage,
  csat,
}: Figure) => ({
  contacts,
  offered,
  answered,
  unanswered: Math.max(0, offered - answered),
  serviceLevel,
  abandonRate,
  asaSeconds,
  ahtSeconds,
  rated,
  ratingAverage,
  csat,
})

/** The figures of a period, as the figures page shows them to the same person. */
export const documentSources: DocumentSource[] = [
  {
    name: 'insight.period',
    zh: '一段时间的服务数据',
    en: 'Figures of a period',
    may: 'insight:read',
    params: [
      { key: 'period', kind: 'choice', zh: '周期', en: 'Period', options: periods, required: true },
      { key: 'on', kind: 'date', zh: '其中一天', en: 'A day in it', options: [], required: true },
    ],
    variables: [
      { path: 'from', type: 'date', zh: '开始日期', en: 'First day' },
      { path: 'until', type: 'date', zh: '结束日期', en: 'Last day' },
      ...measured.map(m => ({ ...m, path: `total.${m.path}`, zh: `合计：${m.zh}`, en: `Total: ${m.en.toLowerCase()}` })),
      ...measured.map(m => ({ ...m, path: `before.${m.path}`, zh: `上一期：${m.zh}`, en: `Period before: ${m.en.toLowerCase()}` })),
      { path: 'definition.text', type: 'text', zh: '口径说明', en: 'Definition of the figures' },
      { path: 'definition.version', type: 'text', zh: '口径版本', en: 'Version of the definition' },
      {
        path: 'queues',
        type: 'list',
        zh: '各队列',
        en: 'Queues',
        of: [{ path: 'name', type: 'text', zh: '名称', en: 'Name' }, ...measured],
      },
      {
        path: 'channels',
        type: 'list',
        zh: '各渠道',
        en: 'Channels',
        of: [{ path: 'name', type: 'text', zh: '名称', en: 'Name' }, ...measured],
      },
      {
        path: 'agents',
        type: 'list',
        zh: '各坐席',
        en: 'Agents',
        of: [{ path: 'name', type: 'text', zh: '姓名', en: 'Name' }, ...measured],
      },
      {
        path: 'declared',
        type: 'list',
        zh: '按定义的指标',
        en: 'Figures by their definition',
        of: [
          { path: 'name', type: 'text', zh: '指标', en: 'Figure' },
          { path: 'value', type: 'measure', zh: '本期', en: 'This period' },
          { path: 'before', type: 'measure', zh: '上一期', en: 'Period before' },
          { path: 'n', type: 'number', zh: '样本', en: 'Cases' },
          { path: 'definition', type: 'text', zh: '口径', en: 'Definition' },
        ],
      },
      {
        path: 'course',
        type: 'list',
        zh: '走势',
        en: 'Course',
        of: [{ path: 'label', type: 'text', zh: '时间', en: 'When' }, ...measured],
      },
    ],
    load: async (ctx, { period: asked, on }, language) => {
      const parsed = Period.safeParse(asked)
      const period = parsed.success ? parsed.data : 'month'
      const scope = { period, ...(on ? { on } : {}) }
      const queues = await figures(ctx, { ...scope, by: 'queue' })
      const channels = await figures(ctx, { ...scope, by: 'channel' })
      const agents = await figures(ctx, { ...scope, by: 'agent' })
      const { timezone } = await tenantCard(ctx)
      const day = (at: Date) => dateIn(timezone, at)
      const earlier = await figures(ctx, { period, by: 'queue', on: day(new Date(queues.from.getTime() - 1)) })
      return {
        ...dataOf(queues, channels, timezone, language),
        agents: agents.rows.filter(r => r.key !== '').map(r => ({ name: r.name, ...valuesOf(r) })),
        before: valuesOf(earlier.total),
        declared: await declaredOver(ctx, [day(queues.from), day(queues.until)], [day(earlier.from), day(earlier.until)], language),
      }
    },
    example: language => exampleOf(language),
  },
]

const units: Record<DeclaredFigure['unit'], Unit> = {
  share: 'percent',
  seconds: 'seconds',
  hours: 'hours',
  points: 'score',
  per100: 'number',
  per1000: 'number',
}

type Days = readonly [from: string, until: string]
/** Every figure that has a definition, of the whole centre, beside what it was before. */
async function declaredOver(ctx: Ctx, now: Days, before: Days, language: 'zh' | 'en'): Promise<DocumentData[]> {
  const centre = { by: 'centre', key: '' } as const
  const rows: DocumentData[] = []
  for (const { figure, unit, ...definition } of declaredList()) {
    const is = await figureOver(ctx, figure, centre, ...now)
    const was = await figureOver(ctx, figure, centre, ...before)
    rows.push({
      name: language === 'en' ? definition.nameEn : definition.name,
      value: { value: is.value, unit: units[unit] },
      before: { value: was.value, unit: units[unit] },
      n: is.n,
      definition: definition[language],
    })
  }
  return rows
}

function dataOf(queues: Figures, channels: Figures, timezone: string, language: 'zh' | 'en') {
  const rows = queues.rows.filter(r => r.key !== '')
  const label = (at: Date) => {
    const [, month = '', day = ''] = dateIn(timezone, at).split('-')
    if (queues.step === 'month') return language === 'zh' ? `${Number(month)} 月` : `${Number(month)}`
    return `${Number(month)}/${Number(day)}`
  }
  return {
    from: dateIn(timezone, queues.from),
    until: dateIn(timezone, new Date(queues.until.getTime() - 1)),
    total: valuesOf(queues.total),
    definition: { text: queues.definition[language], version: queues.definition.version },
    queues: rows.map(r => ({ name: language === 'en' ? r.nameEn || r.name : r.name, ...valuesOf(r) })),
    channels: channels.rows.map(r => ({ name: channelWords[r.key]?.[language === 'zh' ? 0 : 1] ?? r.key, ...valuesOf(r) })),
    course: queues.course.map(c => ({ label: label(c.at), ...valuesOf(c) })),
  }
}

function exampleOf(language: 'zh' | 'en') {
  const one = (offered: number, level: number) => ({
    contacts: offered + 4,
    offered,
    answered: Math.round(offered * 0.94),
    unanswered: offered - Math.round(offered * 0.94),
    serviceLevel: level,
    abandonRate: 0.041,
    asaSeconds: 14,
    ahtSeconds: 312,
    rated: Math.round(offered * 0.4),
    ratingAverage: 4.62,
    csat: 0.93,
  })
  const [zh, en] = [
    ['报修', '账单与缴费', '报装业务'],
    ['Repairs', 'Bills and payment', 'New connections'],
  ]
  const definition = figuresDefinition('Asia/Shanghai')
  return {
    from: '2026-06-01',
    until: '2026-06-30',
    total: one(3120, 0.824),
    before: one(2980, 0.801),
    agents: (language === 'zh' ? ['陈以宁', '李想', '王珊'] : ['Chen Yining', 'Li Xiang', 'Wang Shan']).map((name, at) => ({
      name,
      ...one(420 - at * 35, 0.86 - at * 0.02),
    })),
    declared: declaredList().map(({ unit, ...d }, at) => ({
      name: language === 'en' ? d.nameEn : d.name,
      value: { value: unit === 'share' ? 0.9 - at / 100 : unit === 'points' ? 4.62 : 24 + at, unit: units[unit] },
      before: { value: unit === 'share' ? 0.88 - at / 100 : unit === 'points' ? 4.55 : 26 + at, unit: units[unit] },
      n: 1200,
      definition: d[language],
    })),
    definition: { text: definition[language], version: definition.version },
    queues: ((language === 'zh' ? zh : en) ?? []).map((name, at) => ({ name, ...one(1500 - at * 420, 0.86 - at * 0.03) })),
    channels: ['chat', 'wechat', 'mail'].map((key, at) => ({
      name: channelWords[key]?.[language === 'zh' ? 0 : 1] ?? key,
      ...one(1900 - at * 700, 0.84),
    })),
    course: Array.from({ length: 30 }, (_, at) => ({ label: `6/${at + 1}`, ...one(80 + ((at * 37) % 45), 0.72 + ((at * 13) % 22) / 100) })),
  }
}
