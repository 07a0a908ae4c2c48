import * as z from 'zod'

/** What a customer may agree to or decline. */
export const ConsentPurpose = z.enum(['notice', 'survey', 'marketing'])
export type ConsentPurpose = z.output<typeof ConsentPurpose>
/** On which way. Not all are ways a message leaves by. */
export const ConsentChannel = z.enum(['phone', 'sms', 'mail', 'wechat', 'app'])
export type ConsentChannel = z.output<typeof ConsentChannel>
/** What a call of ours is for. Service, of a matter of theirs, is kept from nobody. */
export const CallPurpose = z.enum(['service', ...ConsentPurpose.options])
export type CallPurpose = z.output<typeof CallPurpose>
/** Why nobody is called for that. */
export const CallReason = z.enum(['do_not_disturb', 'no_consent', 'consent_declined'])
export type CallReason = z.output<typeof CallReason>
