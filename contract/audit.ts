import * as z from 'zod'
import { get, Id, Order, Paging, pageOf, Time } from './endpoint.ts'

export const AuditEntry = z.object({
  id: Id,
  at: Time,
  what: z.string(),
  actorKind: z.string(),
  actorId: Id.nullable(),
  actorName: z.string().nullable(),
  about: Id,
  aboutName: z.string().nullable(),
  /** Field by field; what an id means is told by its name. */
  changes: z.array(z.object({ field: z.string(), was: z.string(), is: z.string() })),
  /** Further facts of the entry. */
  facts: z.record(z.string(), z.string()),
})
export type AuditEntry = z.output<typeof AuditEntry>
export const audit = {
  list: get('/audit', {
    may: 'audit:read',
    query: Paging.extend({
      actorId: Id.optional(),
      what: z.string().max(60).optional(),
      about: Id.optional(),
      since: Time.optional(),
      until: Time.optional(),
      sort: Order('-time', 'time'),
    }),
    reply: pageOf(AuditEntry),
    says: 'What people in charge did, newest first or oldest first: rights, accounts, settings, hidden values looked at.',
  }),
  seal: get('/audit/seal', {
    may: 'audit:read',
    reply: z.object({
      /** The last sealed day (UTC); null before the first. */
      upTo: z.iso.date().nullable(),
      /** The first day whose entries are not those that were sealed. */
      brokenOn: z.iso.date().nullable(),
      /** The beginning of the newest seal, to be noted down elsewhere. */
      mark: z.string().nullable(),
    }),
    says: 'Checks the audit against its seals: up to which day it is sealed, and where it was changed since.',
  }),
}
