export { addRule, publishRule } from './actions.ts'
export { registerOffers } from './offers.ts'
