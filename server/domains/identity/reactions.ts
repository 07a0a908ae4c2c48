import { every } from '#kernel/react.ts'
import { forgetOldSessions } from './sessions.ts'

export const reactions = [every('40 19 * * *', 'forget sessions that ended and failures of yesterday', forgetOldSessions)]
