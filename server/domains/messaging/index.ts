export { authenticateVisitor } from './actions/visit.ts'
export { chatContacts } from './contacts.ts'
export { lendLive } from './live.ts'
export { addWidget, renewSecret } from './widgets.ts'
