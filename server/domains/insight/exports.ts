import { countedExports, figureExports } from '#contract/lists.ts'
import { contactStateWords } from '#contract/words.ts'
import { channelWords } from '#domains/interactions/index.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { countedContacts, figures } from './figures.ts'

const percent = (share: number | null) => (share === null ? null : Math.round(share * 1000) / 10)

export const exports = [
  listExport({
    noun: 'figures',
    name: ['指标', 'Figures'],
    asks: figureExports,
    // One page holds them all.
    page: async (ctx, query) => {
      const all = await figures(ctx, query)
      return { next: null, rows: [...all.rows, { ...all.total, key: '', name: '合计', nameEn: 'Total' }] }
    },
    columns: {
      name: { title: ['名称', 'Name'], value: (row, say) => say([row.name || '（无）', row.nameEn || row.name || '(none)']) },
      contacts: { title: ['联系', 'Contacts'], value: row => row.contacts },
      offered: { title: ['进线', 'Offered'], value: row => row.offered },
      answered: { title: ['接通', 'Answered'], value: row => row.answered },
      answeredInTarget: { title: ['目标内接通', 'Answered in target'], value: row => row.answeredInTarget },
      abandoned: { title: ['放弃', 'Abandoned'], value: row => row.abandoned },
      shortAbandoned: { title: ['短放弃', 'Gone soon'], value: row => row.shortAbandoned },
      serviceLevel: { title: ['服务水平 %', 'Service level %'], value: row => percent(row.serviceLevel) },
      abandonRate: { title: ['放弃率 %', 'Abandonment %'], value: row => percent(row.abandonRate) },
      asa: { title: ['平均应答（秒）', 'Speed of answer (s)'], value: row => row.asaSeconds },
      aht: { title: ['平均处理（秒）', 'Handling time (s)'], value: row => row.ahtSeconds },
      rated: { title: ['评价数', 'Ratings'], value: row => row.rated },
      rating: { title: ['平均分', 'Average rating'], value: row => row.ratingAverage },
      csat: { title: ['满意率 %', 'CSAT %'], value: row => percent(row.csat) },
    },
  }),
  listExport({
    noun: 'counted',
    name: ['联系明细', 'Contacts'],
    asks: countedExports,
    page: async (ctx, query) =>
      withNames(ctx, await countedContacts(ctx, query), {
        queueName: ['routing.fact_queue', row => row.queueId],
        agentName: ['identity.fact_person', row => row.agentId],
      }),
    columns: {
      at: { title: ['时间', 'Time'], value: row => row.at },
      channel: { title: ['渠道', 'Channel'], value: (row, say) => say(channelWords[row.channel]) },
      state: { title: ['状态', 'State'], value: (row, say) => say(contactStateWords[row.state]) },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      queue: { title: ['队列', 'Queue'], value: row => row.queueName },
      agent: { title: ['坐席', 'Agent'], value: row => row.agentName },
      subject: { title: ['主题', 'Subject'], value: row => row.subject },
      wait: { title: ['等待（秒）', 'Wait (s)'], value: row => row.waitSeconds },
      handle: { title: ['处理（秒）', 'Handling (s)'], value: row => row.handleSeconds },
      rating: { title: ['评分', 'Rating'], value: row => row.rating },
    },
  }),
]
