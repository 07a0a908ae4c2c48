import * as z from 'zod'
import { Purpose, Way } from '#contract/outgoing.ts'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

const Told = z.object({ channel: Way, purpose: Purpose, template: z.string(), reason: z.string().nullable() })
const read = 'customer:read'

/** Single messages announce how they fared; of a notice only that it began and ended. */
export const messageHanded = event('message.handed', Told, read)
export const messageRefused = event('message.refused', Told, read)
export const messageFailed = event('message.failed', Told, read)

export const noticeBegun = audited(
  'notice.begun',
  z.object({ name: z.string(), channel: Way, purpose: Purpose, template: z.string() }),
  'message:read',
)
export const noticeEnded = audited(
  'notice.ended',
  z.object({ name: z.string(), cancelled: z.boolean(), counts: z.record(z.string(), z.int()) }),
  'message:read',
)

const changed = z.object({ name: z.string(), act: z.enum(['added', 'changed', 'retired']), changes: Difference.optional() })
export const providerChanged = audited('provider.changed', changed, 'message:configure')
export const templateChanged = audited('template.changed', changed, 'message:configure')
export const outgoingPolicyChanged = audited('outgoing_policy.changed', z.object({ changes: Difference }), 'message:configure')
/** The address stands in the personal values. */
export const addressSuppressed = audited('suppression.added', z.object({ channel: Way, reason: z.string() }), 'message:configure')
export const suppressionLifted = audited('suppression.lifted', z.object({ channel: Way }), 'message:configure')
/** Not reached several times in a row; what goes by it waits. */
export const providerDown = event('provider.down', z.object({ name: z.string(), channel: Way }), 'message:configure')
/** It is time to read the mailbox of mails that come back. */
export const bouncesDue = event('provider.bounces_due', z.object({}), 'message:configure')
