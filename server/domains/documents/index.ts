export { makeDocument } from './documents.ts'
export { addSchedule } from './schedules.ts'
export { listTemplates } from './templates.ts'
