import { sealPastDays } from '#kernel/auditSeal.ts'
import { every } from '#kernel/react.ts'
import { forgetOldSessions } from './sessions.ts'

export const reactions = [
  every('*/10 * * * *', 'end sessions that rested too long and forget failures of yesterday', forgetOldSessions),
  every('20 2 * * *', 'seal the audit of the days that are over', sealPastDays),
]
