import * as z from 'zod'
import { event } from '#kernel/events.ts'

const nothing = z.object({})
/** A name, login or address that was changed stands in the event's personal values. */
const fields = z.object({ fields: z.array(z.string()) })

export const tenantCreated = event('tenant.created', z.object({ slug: z.string() }), 'identity:read')

export const personAdded = event('person.added', z.object({ roleId: z.uuid() }), 'identity:read')
export const personChanged = event('person.changed', fields, 'identity:read')
export const personRetired = event('person.retired', nothing, 'identity:read')
export const personReturned = event('person.returned', nothing, 'identity:read')
export const passwordChanged = event('person.password_changed', nothing, 'identity:read')

export const signedIn = event('session.opened', z.object({ sessionId: z.uuid() }), 'identity:read')
export const signedOut = event('session.ended', z.object({ sessionId: z.uuid() }), 'identity:read')
export const loginLocked = event('session.login_locked', z.object({ failed: z.int(), until: z.iso.datetime() }), 'identity:read')

/** Working hours changed; clocks that run by this calendar may fall due at another time. */
export const calendarChanged = event('calendar.changed', fields, 'identity:read')
