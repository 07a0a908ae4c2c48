import * as z from 'zod'
import { del, get, Id, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'
import { Code, TypedPassword } from './people.ts'
import { Grants, Scope } from './rights.ts'

const Session = z.object({ id: Id, openedAt: Time, seenAt: Time, ip: z.string(), userAgent: z.string(), current: z.boolean() })

export const openSessions = {
  sessions: get('/me/sessions', {
    may: 'self',
    reply: z.array(Session),
    says: 'My open sessions.',
  }),
  endSession: del('/me/sessions/:id', { may: 'self', says: 'End one of my sessions.' }),
  endOtherSessions: del('/me/sessions', { may: 'self', says: 'End all my sessions but this one.' }),
  allSessions: get('/sessions', {
    may: 'identity:configure',
    query: Paging.extend({ personId: Id.optional() }),
    reply: pageOf(Session.extend({ personId: Id, personName: z.string() })),
    says: 'Open sessions of everyone, last used first.',
  }),
  endAnySession: del('/sessions/:id', { may: 'identity:configure', says: 'End a session of anyone.' }),
  endSessionsOf: del('/people/:id/sessions', { may: 'identity:configure', says: 'End all sessions of a person.' }),
}

export const secondFactor = {
  state: get('/me/second-factor', {
    may: 'self',
    reply: z.object({ on: z.boolean(), due: z.boolean(), required: z.boolean(), codesLeft: z.int() }),
    says: 'Whether I sign in with a second factor, and how many recovery codes are left.',
  }),
  begin: post('/me/second-factor', {
    may: 'self',
    body: z.object({ password: TypedPassword }),
    reply: z.object({ secret: z.string(), uri: z.string() }),
    says: 'Begin to set up an authenticator (TOTP); nothing changes until a code confirms it.',
  }),
  confirm: put('/me/second-factor', {
    may: 'self',
    body: z.object({ code: Code }),
    reply: z.object({ codes: z.array(z.string()) }),
    says: 'Confirm the authenticator with its code; shows ten recovery codes, once.',
  }),
  renewCodes: post('/me/recovery-codes', {
    may: 'self',
    body: z.object({ password: TypedPassword }),
    reply: z.object({ codes: z.array(z.string()) }),
    says: 'Ten new recovery codes; the earlier ones end.',
  }),
  remove: post('/me/second-factor/removal', {
    may: 'self',
    body: z.object({ password: TypedPassword }),
    says: 'Sign in without a second factor again; refused where a rule asks for one.',
  }),
  removeOf: del('/people/:id/second-factor', {
    may: 'identity:configure',
    says: 'Take the second factor off someone who lost it; ends the sessions.',
  }),
}

/** The organisation's own rules for signing in. */
export const SecurityPolicy = z.object({
  passwordLength: z.int().min(8).max(64),
  /** `required`: everyone signs in with a second factor; otherwise the roles decide. */
  secondFactor: z.enum(['optional', 'required']),
})
export type SecurityPolicy = z.output<typeof SecurityPolicy>
export const securityPolicy = {
  read: get('/security-policy', { may: 'self', reply: SecurityPolicy, says: 'Rules for passwords and second factors.' }),
  change: put('/security-policy', {
    may: 'identity:configure',
    body: SecurityPolicy,
    reply: SecurityPolicy,
    says: 'Change the rules for passwords and second factors.',
  }),
}

const NewApiKey = z.object({ name: Words(60), grants: Grants, expiresAt: Time.nullable().default(null) })
export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  grants: z.record(z.string(), Scope),
  /** What is left of it by what its maker may now. */
  acts: z.record(z.string(), Scope),
  madeByName: z.string(),
  /** Such a key opens nothing any more. */
  makerRetired: z.boolean(),
  madeAt: Time,
  expiresAt: Time.nullable(),
  usedAt: Time.nullable(),
  revokedAt: Time.nullable(),
})
export type ApiKey = z.output<typeof ApiKey>
export const apiKeys = {
  list: get('/api-keys', { may: 'identity:configure', reply: z.array(ApiKey), says: 'API keys, the newest first.' }),
  add: post('/api-keys', {
    may: 'identity:configure',
    body: NewApiKey,
    reply: ApiKey.extend({ token: z.string() }),
    says: 'Make an API key that may no more than its maker, now and later. The token is shown this once; send it as a bearer.',
  }),
  revoke: post('/api-keys/:id/revocation', { may: 'identity:configure', reply: ApiKey, says: 'End an API key.' }),
}
