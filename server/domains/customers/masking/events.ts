import * as z from 'zod'
import { Showing } from '#contract/masking.ts'
import { audited } from '#kernel/events.ts'

export const maskingDecided = audited(
  'masking.decided',
  /** `name`: of the role; the field changed from one to the other. */
  z.object({ role: z.string(), name: z.string(), changes: z.record(z.string(), z.object({ was: Showing, is: Showing })) }),
  'customer:privacy',
)
export const revealAsks = audited('masking.reasons', z.object({ askWhy: z.boolean() }), 'customer:privacy')
