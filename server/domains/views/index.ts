export { recountAll, startCounting } from './counting.ts'
export { registerLists } from './lists.ts'
