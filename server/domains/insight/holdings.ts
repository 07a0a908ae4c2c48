import { type Holdings, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = { of: [], nothing: [nothingPersonal('sums', 'insight.counted insight.dirty insight.rollup')] }
