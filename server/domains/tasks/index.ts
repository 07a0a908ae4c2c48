export { type NewTask, openTask } from './actions.ts'
