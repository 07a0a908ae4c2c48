import * as z from 'zod'
import { catalog, get, Id, Order, Paging, pageOf, post, put, QueryBool, Time, Words } from './endpoint.ts'
import { FormField } from './forms.ts'

/** accepted (受理) → dispatched (派单) → handling (接单处理) → resolved (办结) → closed; waiting = on the customer, clock paused. A return goes back to accepted. */
export const TicketStatus = z.enum(['accepted', 'dispatched', 'handling', 'waiting', 'resolved', 'closed'])
export type TicketStatus = z.output<typeof TicketStatus>
export const Priority = z.enum(['urgent', 'high', 'normal', 'low'])

export const TicketKind = z.object({
  name: Words(40),
  nameEn: z.string().max(60).default(''),
  code: z.string().regex(/^[A-Z]{2,4}$/),
  fields: z.array(FormField).max(30).default([]),
  calendarId: Id.nullable().default(null),
  targetMinutes: z.int().positive().default(1440),
  /** After this share of the working time a ticket warns, once; null: never. */
  warnPercent: z.int().min(1).max(99).nullable().default(80),
  position: z.int().default(0),
})
export const ticketKinds = catalog('/ticket-kinds', TicketKind, { read: 'signed-in', write: 'ticket:configure' })
export const TicketCategory = z.object({
  kindId: Id,
  name: Words(60),
  nameEn: z.string().max(80).default(''),
  parentId: Id.nullable().default(null),
  departmentId: Id.nullable().default(null),
  priority: Priority.default('normal'),
  targetMinutes: z.int().positive().nullable().default(null),
  position: z.int().default(0),
})
export const ticketCategories = catalog('/ticket-categories', TicketCategory, { read: 'signed-in', write: 'ticket:configure' })

export const Ticket = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  text: z.string(),
  status: TicketStatus,
  priority: Priority,
  kindId: Id,
  categoryId: Id.nullable(),
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  interactionId: Id.nullable(),
  conversationId: Id.nullable(),
  place: z.string(),
  fields: z.record(z.string(), z.unknown()),
  departmentId: Id.nullable(),
  assigneeId: Id.nullable(),
  openedById: Id.nullable(),
  openedAt: Time,
  dispatchedAt: Time.nullable(),
  takenAt: Time.nullable(),
  resolvedAt: Time.nullable(),
  closedAt: Time.nullable(),
  changedAt: Time,
  dueAt: Time.nullable(),
  /** From when on it is about to miss its target; null while the clock stands still. */
  warnAt: Time.nullable(),
  pausedAt: Time.nullable(),
  /** Minutes of working time the target grants; with dueAt it draws the ring. */
  targetMinutes: z.int(),
  late: z.boolean(),
  resolution: z.string(),
  returns: z.int(),
  urges: z.int(),
  version: z.int(),
})
export type Ticket = z.output<typeof Ticket>
/** A ticket in a list: what a line shows and sorts by. */
export const TicketLine = Ticket.omit({
  text: true,
  fields: true,
  interactionId: true,
  resolution: true,
  version: true,
})
export type TicketLine = z.output<typeof TicketLine>
export const NewTicket = z.object({
  kindId: Id,
  categoryId: Id.nullable().default(null),
  title: Words(200),
  text: z.string().trim().max(10000).default(''),
  priority: Priority.default('normal'),
  place: z.string().trim().max(200).default(''),
  fields: z.record(z.string(), z.unknown()).default({}),
  customerId: Id.nullable().default(null),
  conversationId: Id.nullable().default(null),
  /** The contact of mine it comes out of, such as a call. A conversation has its own. */
  interactionId: Id.optional(),
  /** Dispatch at once to this department, when given. */
  departmentId: Id.nullable().default(null),
  /** Made by the client, so that a retry opens no second ticket. */
  clientId: z.string().min(8).max(64).optional(),
})

/** `public` entries are what the customer sees on the progress page. */
export const EntryKind = z.enum([
  'opened',
  'dispatched',
  'taken',
  'waiting',
  'resumed',
  'returned',
  'resolved',
  'closed',
  'reopened',
  'comment',
  'reply',
  'urged',
  'changed',
])
export const TicketEntry = z.object({
  id: Id,
  ticketId: Id,
  kind: EntryKind,
  text: z.string(),
  public: z.boolean(),
  actorName: z.string().nullable(),
  /** Done by a rule of that name. */
  byRule: z.boolean(),
  departmentId: Id.nullable(),
  at: Time,
})
export type TicketEntry = z.output<typeof TicketEntry>

/** The console greys a button and the server refuses a call by this same line. */
export const ticketCan = {
  dispatch: (t: Pick<Ticket, 'status'>) => t.status === 'accepted' || t.status === 'dispatched' || t.status === 'handling',
  take: (t: Pick<Ticket, 'status'>) => t.status === 'dispatched',
  wait: (t: Pick<Ticket, 'status'>) => t.status === 'handling',
  resume: (t: Pick<Ticket, 'status'>) => t.status === 'waiting',
  giveBack: (t: Pick<Ticket, 'status'>) => t.status === 'dispatched' || t.status === 'handling',
  resolve: (t: Pick<Ticket, 'status'>) => t.status === 'accepted' || t.status === 'handling' || t.status === 'waiting',
  close: (t: Pick<Ticket, 'status'>) => t.status === 'resolved',
  reopen: (t: Pick<Ticket, 'status'>) => t.status === 'resolved' || t.status === 'closed',
  change: (t: Pick<Ticket, 'status'>) => t.status !== 'closed',
  urge: (t: Pick<Ticket, 'status'>) => t.status === 'dispatched' || t.status === 'handling',
}

const say = z.object({ text: z.string().trim().max(4000).default('') })
const mustSay = z.object({ text: Words(4000) })

export const Progress = z.object({
  tenantName: z.string(),
  tenantNameEn: z.string(),
  brand: z.string(),
  /** The chat in which the customer may ask; null when there is none. */
  widgetKey: z.string().nullable(),
  number: z.string(),
  title: z.string(),
  place: z.string(),
  status: TicketStatus,
  kind: z.string(),
  kindEn: z.string(),
  openedAt: Time,
  dueAt: Time.nullable(),
  resolvedAt: Time.nullable(),
  closedAt: Time.nullable(),
  departmentName: z.string().nullable(),
  departmentNameEn: z.string().nullable(),
  steps: z.array(z.object({ kind: EntryKind, text: z.string(), at: Time })),
  urges: z.int(),
})

export const tickets = {
  /** box: mine (what I or my department must act on), open (all open in my scope), soon (warned and not yet late), late, all. */
  list: get('/tickets', {
    query: Paging.extend({
      box: z.enum(['mine', 'open', 'soon', 'late', 'all']).default('open'),
      status: TicketStatus.optional(),
      kindId: Id.optional(),
      departmentId: Id.optional(),
      customerId: Id.optional(),
      /** Opened out of this contact. */
      interactionId: Id.optional(),
      q: z.string().trim().max(100).optional(),
      open: QueryBool.optional(),
      sort: Order('-changed', 'changed', '-opened', 'opened', 'due', 'priority'),
    }),
    reply: pageOf(TicketLine),
    may: 'ticket:read',
    says: 'Tickets by last change, those of the box `mine` by due time, or as `sort` says. `q` searches number, title and text.',
  }),
  one: get('/tickets/:id', { reply: Ticket, may: 'ticket:read', says: 'One ticket.' }),
  entries: get('/tickets/:id/entries', {
    reply: z.array(TicketEntry),
    may: 'ticket:read',
    says: 'Its whole course, newest first (at most 200).',
  }),
  open: post('/tickets', {
    body: NewTicket,
    reply: Ticket,
    may: 'ticket:open',
    says: 'Open a ticket; with a department it is dispatched at once.',
  }),
  dispatch: post('/tickets/:id/dispatch', {
    body: z.object({ departmentId: Id, assigneeId: Id.nullable().default(null), text: z.string().trim().max(4000).default('') }),
    reply: Ticket,
    may: 'ticket:dispatch',
    says: 'Send it to a department, or send it on.',
  }),
  take: post('/tickets/:id/taking', { reply: Ticket, may: 'ticket:handle', says: 'Accept the work (接单).' }),
  wait: post('/tickets/:id/waiting', {
    body: mustSay,
    reply: Ticket,
    may: 'ticket:handle',
    says: 'Wait for the customer; the clock pauses.',
  }),
  resume: post('/tickets/:id/resumption', { body: say, reply: Ticket, may: 'ticket:handle', says: 'Go on; the clock runs.' }),
  giveBack: post('/tickets/:id/return', { body: mustSay, reply: Ticket, may: 'ticket:handle', says: 'Return it with a reason (退回).' }),
  resolve: post('/tickets/:id/resolution', {
    body: mustSay,
    reply: Ticket,
    may: 'ticket:handle',
    says: 'Work done, with what was done (办结).',
  }),
  close: post('/tickets/:id/closure', { body: say, reply: Ticket, may: 'ticket:close', says: 'Close after the customer was answered.' }),
  reopen: post('/tickets/:id/reopening', { body: mustSay, reply: Ticket, may: 'ticket:close', says: 'Open again with a reason.' }),
  urge: post('/tickets/:id/urging', { body: say, reply: Ticket, may: 'ticket:read', says: 'Urge the department (催办).' }),
  comment: post('/tickets/:id/comments', {
    body: z.object({ text: Words(4000), public: z.boolean().default(false) }),
    reply: TicketEntry,
    may: 'ticket:read',
    says: 'Write on it; public comments are seen by the customer.',
  }),
  change: put('/tickets/:id', {
    body: z.object({
      version: z.int(),
      title: Words(200),
      text: z.string().trim().max(10000),
      priority: Priority,
      categoryId: Id.nullable(),
      place: z.string().trim().max(200),
      fields: z.record(z.string(), z.unknown()),
    }),
    reply: Ticket,
    may: 'ticket:open',
    says: 'Change its data; refused when someone else changed it since.',
  }),
  link: post('/tickets/:id/link', {
    reply: z.object({ url: z.string() }),
    may: 'ticket:read',
    says: 'The address under which the customer sees progress without signing in.',
  }),
  progress: get('/progress', { may: 'link', reply: Progress, says: 'What the customer sees, by the secret of the link.' }),
  urgeByLink: post('/progress/urging', { may: 'link', body: say, reply: Progress, says: 'The customer urges.' }),
}
