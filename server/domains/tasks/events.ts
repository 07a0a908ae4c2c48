import * as z from 'zod'
import { event } from '#kernel/events.ts'

const About = z.object({ kind: z.string(), ownerId: z.uuid().nullable(), matter: z.object({ noun: z.string(), id: z.uuid() }).nullable() })

export const taskOpened = event('task.opened', About)
export const taskAssigned = event('task.assigned', About)
export const taskFinished = event('task.finished', About.extend({ late: z.boolean() }))
export const taskReopened = event('task.reopened', About)
/** Once: the due time has passed and it is still open. */
export const taskOverdue = event('task.overdue', About)
/** The timer behind it. */
export const taskDue = event('task.due', z.object({}))
