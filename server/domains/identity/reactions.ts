import { every } from '#kernel/react.ts'
import { forgetOldSessions } from './sessions.ts'

export const reactions = [every('*/10 * * * *', 'end sessions that rested too long and forget failures of yesterday', forgetOldSessions)]
