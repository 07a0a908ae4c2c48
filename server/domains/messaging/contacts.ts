import { accepted, expired, overflowed } from './actions/handOver.ts'
import { lockByInteraction } from './actions/say.ts'

/** What happens to a chat when routing decides about it; registered with routing where the house is furnished. */
export const chatContacts = { channel: 'chat' as const, lock: lockByInteraction, accepted, expired, overflowed }
