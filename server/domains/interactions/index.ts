export {
  type InteractionRow,
  joinCustomer,
  lockInteraction,
  markAbandoned,
  markAnswered,
  markEnded,
  markLeft,
  markMessageDone,
  markUnanswered,
  markWaiting,
  markWrapped,
  moveToQueue,
  type NewInteraction,
  openInteraction,
  rateInteraction,
  writeAlong,
} from './actions.ts'
export { lastAgentOf, oneInteraction } from './queries.ts'
export { channelWords } from './words.ts'
