import { contactExports } from '#contract/lists.ts'
import { contactStateWords } from '#contract/words.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { listInteractions } from './queries.ts'
import { channelWords } from './words.ts'

export const exports = [
  listExport({
    noun: 'contacts',
    name: ['联系记录', 'Contacts'],
    asks: contactExports,
    page: async (ctx, query) =>
      withNames(ctx, await listInteractions(ctx, query), {
        queueName: ['routing.fact_queue', row => row.queueId],
        agentName: ['identity.fact_person', row => row.agentId],
        reasonName: ['interactions.fact_reason', row => row.reasonId],
        outcomeName: ['interactions.fact_outcome', row => row.outcomeId],
      }),
    columns: {
      startedAt: { title: ['开始时间', 'Started'], value: row => row.startedAt },
      channel: { title: ['渠道', 'Channel'], value: (row, say) => say(channelWords[row.channel]) },
      direction: { title: ['方向', 'Direction'], value: (row, say) => say(row.direction === 'in' ? ['呼入', 'In'] : ['呼出', 'Out']) },
      state: { title: ['状态', 'State'], value: (row, say) => say(contactStateWords[row.state]) },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      queue: { title: ['队列', 'Queue'], value: row => row.queueName },
      agent: { title: ['坐席', 'Agent'], value: row => row.agentName },
      subject: { title: ['主题', 'Subject'], value: row => row.subject },
      queuedAt: { title: ['排队时间', 'Queued'], value: row => row.queuedAt },
      answeredAt: { title: ['接通时间', 'Answered'], value: row => row.answeredAt },
      endedAt: { title: ['结束时间', 'Ended'], value: row => row.endedAt },
      reason: { title: ['原因', 'Reason'], value: row => row.reasonName },
      outcome: { title: ['结果', 'Outcome'], value: row => row.outcomeName },
      rating: { title: ['评分', 'Rating'], value: row => row.rating },
      note: { title: ['小结', 'Note'], value: row => row.note },
    },
  }),
]
