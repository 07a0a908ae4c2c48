export { attain } from './attaining.ts'
export { addDays, type Judgement, judgeEffect } from './rules.ts'
