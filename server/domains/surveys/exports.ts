import { invitationExports, ratingExports } from '#contract/lists.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { listInvitations } from './invitations.ts'
import { listRatings } from './queries.ts'

const ways = { mail: ['邮件', 'Mail'], sms: ['短信', 'SMS'] } as const
const states = { sent: ['已邀请', 'Asked'], refused: ['未邀请', 'Not asked'], answered: ['已评价', 'Rated'] } as const

export const exports = [
  listExport({
    noun: 'ratings',
    name: ['评价', 'Ratings'],
    asks: ratingExports,
    page: async (ctx, query) =>
      withNames(ctx, await listRatings(ctx, query), {
        queueName: ['routing.fact_queue', row => row.queueId],
      }),
    columns: {
      ratedAt: { title: ['评价时间', 'Rated'], value: row => row.ratedAt },
      score: { title: ['分数', 'Score'], value: row => row.score },
      words: { title: ['留言', 'Words'], value: row => row.words },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      agent: { title: ['坐席', 'Agent'], value: row => row.agentName },
      queue: { title: ['队列', 'Queue'], value: row => row.queueName },
    },
  }),
  listExport({
    noun: 'invitations',
    name: ['评价邀请', 'Survey invitations'],
    asks: invitationExports,
    page: listInvitations,
    columns: {
      madeAt: { title: ['时间', 'Time'], value: row => row.madeAt },
      customer: { title: ['客户', 'Customer'], value: row => row.customerName },
      matter: { title: ['事项', 'Matter'], value: (row, say) => say([row.matter, row.matterEn]) },
      way: { title: ['渠道', 'Way'], value: (row, say) => row.channel && say(ways[row.channel]) },
      state: { title: ['状态', 'State'], value: (row, say) => say(states[row.state]) },
      reason: { title: ['原因代码', 'Reason code'], value: row => row.reason },
      score: { title: ['分数', 'Score'], value: row => row.score },
      answeredAt: { title: ['评价时间', 'Rated'], value: row => row.answeredAt },
    },
  }),
]
