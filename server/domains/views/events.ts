import * as z from 'zod'
import { event } from '#kernel/events.ts'

const About = z.object({ list: z.string(), share: z.string() })
export const viewSaved = event('view.saved', About, 'identity:read')
export const viewChanged = event('view.changed', About.extend({ fields: z.array(z.string()) }), 'identity:read')
export const viewRetired = event('view.retired', About, 'identity:read')
export const viewRestored = event('view.restored', About, 'identity:read')
export const viewChosen = event('view.chosen', z.object({ list: z.string() }), 'identity:read')
/** The timer that counts a view anew, once every process knows what is followed. */
export const recountDue = event('view.recount_due', z.object({}), 'identity:read')
