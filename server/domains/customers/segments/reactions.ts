import { every } from '#kernel/react.ts'
import { applyActive } from './applying.ts'

// 02:20 in China: before the counts of the night.
export const reactions = [every('20 18 * * *', 'ask the ladders that are switched on about every customer', applyActive)]
