export {
  type InteractionRow,
  joinCustomer,
  lockInteraction,
  markAbandoned,
  markAnswered,
  markEnded,
  markLeft,
  markWaiting,
  markWrapped,
  moveToQueue,
  type NewInteraction,
  openInteraction,
  rateInteraction,
} from './actions.ts'
export { lastAgentOf } from './queries.ts'
