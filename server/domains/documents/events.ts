import * as z from 'zod'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

const Made = z.object({ number: z.int(), templateId: z.uuid(), matterId: z.uuid().nullable() })
export const documentAsked = audited('document.asked', Made)
/** `scheduleId`: it came by itself. */
export const documentMade = audited('document.made', Made.extend({ scheduleId: z.uuid().nullable().default(null) }))
export const documentRemoved = audited('document.removed', z.object({ versions: z.int(), templateId: z.uuid() }))
export const documentDownloaded = audited('document.downloaded', z.object({ number: z.int(), format: z.string() }))
const Template = z.object({ version: z.int() })
export const templateAdded = audited('documentTemplate.added', Template, 'document:configure')
export const templateChanged = audited('documentTemplate.changed', Template.extend({ retired: z.boolean() }), 'document:configure')
export const templatePublished = audited('documentTemplate.published', Template.extend({ number: z.int() }), 'document:configure')

const Recurring = z.object({ title: z.string() })
export const scheduleAdded = audited('documentSchedule.added', Recurring.extend({ every: z.string() }), 'document:read')
export const scheduleChanged = audited('documentSchedule.changed', Recurring.extend({ changes: Difference }), 'document:read')
export const scheduleRemoved = audited('documentSchedule.removed', Recurring, 'document:read')
/** The timer behind these. */
export const scheduleDue = event('documentSchedule.due', z.object({}), 'document:read')
