export { openTicket } from './actions/open.ts'
export { ticketExport } from './exports.ts'
export { authenticateLink, progressPath } from './links.ts'
export { ticketById } from './queries.ts'
