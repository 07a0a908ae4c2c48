export { countAll } from './counting.ts'
