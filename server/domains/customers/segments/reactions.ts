import { every } from '#kernel/react.ts'
import { applyActive } from './applying.ts'
import { letGoOld } from './holding.ts'

// 02:20 in China: before the counts of the night.
export const reactions = [
  every('20 18 * * *', 'ask the ladders that are switched on about every customer', applyActive),
  every('50 18 * * *', 'let go who was held for work that never ended', async ctx => {
    await letGoOld(ctx)
  }),
]
