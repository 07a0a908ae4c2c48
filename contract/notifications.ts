import * as z from 'zod'
import { get, Id, Paging, pageOf, post, put, Time } from './endpoint.ts'

/** What was told to one person: a line of the bell. */
export const Notification = z.object({
  id: Id,
  kind: z.string(),
  title: z.string(),
  titleEn: z.string(),
  /** The page of the thing. */
  link: z.string(),
  important: z.boolean(),
  at: Time,
  readAt: Time.nullable(),
})
export type Notification = z.output<typeof Notification>
/** Pushed to every device of the person, so that a browser may tell it by itself. `calm`: in the person's quiet hours. */
export const BellPush = Notification.pick({ id: true, title: true, titleEn: true, link: true }).extend({ calm: z.boolean() })

/** The bell counts so far and no further. */
export const mostUnread = 100
const Minute = z.int().min(0).max(1439)
export const Ways = z.object({ bell: z.boolean(), mail: z.boolean() })
export type Ways = z.output<typeof Ways>
export const Digest = z.enum(['now', 'hourly', 'daily'])
export const NoticeSettings = z.object({
  /** By kind; what is missing is as the house has it. */
  ways: z.record(z.string().max(80), Ways),
  /** Minutes from midnight in the organisation's time zone; over midnight when `from` is later. Null: never quiet. */
  quiet: z
    .object({ from: Minute, to: Minute })
    .refine(q => q.from !== q.to)
    .nullable(),
  digest: Digest,
  /** When a daily digest comes, on working days. */
  dailyAt: Minute,
})
export type NoticeSettings = z.output<typeof NoticeSettings>

export const notifications = {
  list: get('/notifications', {
    query: Paging.extend({ box: z.enum(['unread', 'all']).default('all'), kind: z.string().max(80).optional() }),
    reply: pageOf(Notification),
    may: 'signed-in',
    says: 'What the bell told me, newest first.',
  }),
  unread: get('/notifications/unread', {
    reply: z.object({ unread: z.int() }),
    may: 'signed-in',
    says: 'How many I have not read, up to 100.',
  }),
  mark: put('/notifications/:id/read', {
    body: z.object({ read: z.boolean() }),
    may: 'signed-in',
    says: 'Mark one read, or unread again.',
  }),
  markAll: post('/notifications/reading', {
    body: z.object({
      /** The newest that was seen: what came after it stays unread. */
      upTo: Id,
      kind: z.string().max(80).optional(),
    }),
    may: 'signed-in',
    says: 'Mark everything read up to one of them.',
  }),
  seen: post('/notifications/seen', {
    body: z.object({ links: z.array(z.string().max(300)).min(1).max(10) }),
    may: 'signed-in',
    says: 'The page of these things is open: what was told of them is read.',
  }),
  settings: get('/notification-settings', {
    reply: z.object({
      settings: NoticeSettings,
      kinds: z.array(
        z.object({ key: z.string(), name: z.string(), nameEn: z.string(), group: z.string(), groupEn: z.string(), ways: Ways }),
      ),
      /** Whether mail has a way out and I have an address; the choice is kept without. */
      mail: z.enum(['ready', 'no_sender', 'no_address']),
    }),
    may: 'signed-in',
    says: 'Which news reaches me which way, and what kinds there are for me.',
  }),
  choose: put('/notification-settings', { body: NoticeSettings, may: 'signed-in', says: 'Choose which news reaches me which way.' }),
}
