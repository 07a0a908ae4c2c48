export { type NewRating, recordRating } from './actions.ts'
