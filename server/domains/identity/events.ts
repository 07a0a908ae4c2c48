import * as z from 'zod'
import { Difference } from '#kernel/difference.ts'
import { audited } from '#kernel/events.ts'

const nothing = z.object({})
/** A name, login or address that was changed stands in the event's personal values. */
const fields = z.object({ fields: z.array(z.string()), changes: Difference.optional() })
const named = z.object({ name: z.string(), changes: Difference })
const may = 'identity:read'

export const tenantCreated = audited('tenant.created', z.object({ slug: z.string() }), may)

export const personAdded = audited('person.added', z.object({ roleId: z.uuid() }), may)
export const personChanged = audited('person.changed', fields, may)
export const personRetired = audited('person.retired', nothing, may)
export const personReturned = audited('person.returned', nothing, may)
export const passwordChanged = audited('person.password_changed', nothing, may)

export const peopleImported = audited('person.imported', z.object({ people: z.int(), ids: z.array(z.uuid()) }), may)
/** Links for those of an import who have no password yet were shown to whoever brought them in. */
export const linksGiven = audited('person.links_given', z.object({ people: z.int() }), may)
/** Not the link itself: that somebody made one. */
export const passwordLinkMade = audited('person.password_link_made', nothing, may)
export const secondFactorOn = audited('person.second_factor_on', nothing, may)
export const secondFactorOff = audited('person.second_factor_off', nothing, may)
export const recoveryCodesRenewed = audited('person.recovery_codes_renewed', nothing, may)
export const recoveryCodeUsed = audited('person.recovery_code_used', nothing, may)

export const roleAdded = audited('role.added', named, may)
export const roleChanged = audited('role.changed', named, may)
export const securityPolicyChanged = audited('tenant.security_changed', z.object({ changes: Difference }), may)
export const apiKeyMade = audited('api_key.made', named, may)
export const apiKeyRevoked = audited('api_key.revoked', z.object({ name: z.string() }), may)

export const signedIn = audited('session.opened', z.object({ sessionId: z.uuid() }), may)
export const signedOut = audited(
  'session.ended',
  z.object({ sessionId: z.uuid(), by: z.enum(['owner', 'administrator', 'change']).optional() }),
  may,
)
export const loginLocked = audited('session.login_locked', z.object({ failed: z.int(), until: z.iso.datetime() }), may)

/** Working hours changed; clocks that run by this calendar may fall due at another time. */
export const calendarChanged = audited('calendar.changed', fields, may)
