export { type NewRating, recordRating } from './actions.ts'
export { authenticateInvited } from './invited.ts'
export { standardInviting } from './rules.ts'
