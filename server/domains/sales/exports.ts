import { opportunityExports } from '#contract/lists.ts'
import { opportunitySourceWords } from '#contract/words.ts'
import { listExport } from '#kernel/exports.ts'
import { listOpportunities } from './queries.ts'

const states = { open: ['进行中', 'Open'], won: ['赢单', 'Won'], lost: ['丢单', 'Lost'] } as const

export const exports = [
  listExport({
    noun: 'opportunities',
    name: ['商机', 'Opportunities'],
    asks: opportunityExports,
    page: async (ctx, query) => {
      const page = await listOpportunities(ctx, query)
      const stages = await ctx.db.selectFrom('sales.stage').select(['id', 'name', 'nameEn']).execute()
      return { ...page, rows: page.rows.map(row => ({ ...row, stage: stages.find(s => s.id === row.stageId) })) }
    },
    columns: {
      title: { title: ['商机', 'Opportunity'], value: row => row.title },
      who: { title: ['客户', 'Customer'], value: row => row.whoName },
      stage: { title: ['阶段', 'Stage'], value: (row, say) => row.stage && say([row.stage.name, row.stage.nameEn || row.stage.name]) },
      state: { title: ['状态', 'State'], value: (row, say) => say(states[row.state]) },
      value: { title: ['金额（元）', 'Value (yuan)'], value: row => row.value / 100 },
      source: { title: ['来源', 'Source'], value: (row, say) => say(opportunitySourceWords[row.source]) },
      owner: { title: ['负责人', 'Owner'], value: row => row.ownerName },
      expected: { title: ['预计成交', 'Expected'], value: row => row.expectedOn },
      lostReason: { title: ['丢单原因', 'Why lost'], value: row => row.lostReason },
      openedAt: { title: ['登记时间', 'Opened'], value: row => row.openedAt },
      convertedAt: { title: ['转为客户', 'Became a customer'], value: row => row.convertedAt },
      closedAt: { title: ['结束时间', 'Closed'], value: row => row.closedAt },
    },
  }),
]
