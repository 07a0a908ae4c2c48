import * as z from 'zod'
import { event } from '#kernel/events.ts'

export const noticesChosen = event('notification.chosen', z.object({}), 'identity:read')
/** The timer behind a mail of what was not read meanwhile. */
export const mailDue = event('notification.mail_due', z.object({ due: z.iso.datetime() }), 'identity:read')
