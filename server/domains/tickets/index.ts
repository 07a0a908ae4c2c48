export { openTicket } from './actions/open.ts'
export { authenticateLink, progressPath } from './links.ts'
export { reactions } from './reactions.ts'
export { routes } from './routes.ts'
