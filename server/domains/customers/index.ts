export { addCustomer, searchText } from './actions.ts'
export { identify, rememberIdentity, touch } from './identify.ts'
export { type CustomerCard, customerCard } from './queries.ts'
export { maskPhone, phoneNumber } from './rules.ts'
