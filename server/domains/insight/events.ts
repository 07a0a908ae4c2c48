import * as z from 'zod'
import { event } from '#kernel/events.ts'

/** A quarter of an hour in which contacts have changed is to be counted again. */
export const slotDue = event('slot.due', z.object({ at: z.iso.datetime() }), 'insight:read')
