import * as z from 'zod'

/** What a customer may agree to or decline. */
export const ConsentPurpose = z.enum(['notice', 'survey', 'marketing'])
export type ConsentPurpose = z.output<typeof ConsentPurpose>
/** On which way. Not all are ways a message leaves by. */
export const ConsentChannel = z.enum(['phone', 'sms', 'mail', 'wechat', 'app'])
export type ConsentChannel = z.output<typeof ConsentChannel>
/** Why nobody is called for that. */
export const CallReason = z.enum(['do_not_disturb', 'no_consent', 'consent_declined'])
export type CallReason = z.output<typeof CallReason>
