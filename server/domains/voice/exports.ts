import { callExports } from '#contract/lists.ts'
import { causeWords } from '#contract/words.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { listCalls } from './records.ts'

const seconds = (from: Date | null, until: Date | null) =>
  from && until ? Math.max(0, Math.round((until.getTime() - from.getTime()) / 1000)) : null

export const exports = [
  listExport({
    noun: 'calls',
    name: ['通话记录', 'Calls'],
    asks: callExports,
    page: async (ctx, query) => withNames(ctx, await listCalls(ctx, query), { queueName: ['routing.fact_queue', row => row.queueId] }),
    columns: {
      startedAt: { title: ['开始时间', 'Began'], value: row => row.startedAt },
      direction: { title: ['方向', 'Direction'], value: (row, say) => say(row.direction === 'in' ? ['呼入', 'In'] : ['呼出', 'Out']) },
      caller: { title: ['主叫', 'Caller'], value: row => row.caller },
      called: { title: ['被叫', 'Called'], value: row => row.called },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      queue: { title: ['队列', 'Queue'], value: row => row.queueName },
      agent: { title: ['坐席', 'Agent'], value: row => row.agentName },
      answeredAt: { title: ['接通时间', 'Answered'], value: row => row.answeredAt },
      endedAt: { title: ['结束时间', 'Ended'], value: row => row.endedAt },
      talked: { title: ['通话秒数', 'Seconds talked'], value: row => seconds(row.answeredAt, row.endedAt) },
      cause: { title: ['结束原因', 'How it ended'], value: (row, say) => (row.cause === null ? '' : say(causeWords[row.cause])) },
      quality: { title: ['最低音质', 'Worst quality'], value: row => row.worstMos },
      rating: { title: ['评分', 'Rating'], value: row => row.rating },
      recorded: { title: ['录音', 'Recorded'], value: (row, say) => (row.recorded ? say(['有', 'Yes']) : '') },
      line: { title: ['线路', 'Line'], value: row => row.line },
      number: { title: ['我方号码', 'Our number'], value: (row, say) => say([row.numberName, row.numberNameEn || row.numberName]) },
    },
  }),
]
