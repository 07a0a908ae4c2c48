export { openTicket } from './actions/open.ts'
export { authenticateLink, progressPath } from './links.ts'
