import * as z from 'zod'
import { event } from '#kernel/events.ts'

// A plate or a contract number leads to a person: the number stands in the personal values.
const of = { kindId: z.string(), kind: z.string(), kindEn: z.string() }
const may = 'customer:read'

export const recordAdded = event('record.added', z.object(of), may)
export const recordChanged = event('record.changed', z.object({ ...of, fields: z.array(z.string()) }), may)
/** Told to both: `to` where it went, `from` where it came from. */
export const recordMoved = event('record.moved', z.object({ ...of, to: z.string().nullable(), from: z.string().nullable() }), may)
export const recordEnded = event('record.ended', z.object({ ...of, at: z.iso.datetime() }), may)
export const recordReopened = event('record.reopened', z.object(of), may)
