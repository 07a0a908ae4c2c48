export { layStages } from './stages.ts'
