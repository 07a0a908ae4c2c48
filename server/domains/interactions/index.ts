export {
  type InteractionRow,
  joinCustomer,
  lockInteraction,
  markAbandoned,
  markAnswered,
  markEnded,
  markWaiting,
  markWrapped,
  moveToQueue,
  type NewInteraction,
  openInteraction,
  rateInteraction,
} from './actions.ts'
export { lastAgentOf } from './queries.ts'
