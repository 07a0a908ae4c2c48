import * as z from 'zod'
import { get, Id, Paging, pageOf, post, Time, Words } from './endpoint.ts'

/** What a task hangs on: `ticket`, `interaction`, `customer` … and its id. */
export const Matter = z.object({ noun: z.string().max(40), id: Id })
export const Task = z.object({
  id: Id,
  title: z.string(),
  kind: z.string(),
  text: z.string(),
  matter: Matter.nullable(),
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  ownerId: Id.nullable(),
  ownerName: z.string().nullable(),
  departmentId: Id.nullable(),
  openedAt: Time,
  dueAt: Time.nullable(),
  doneAt: Time.nullable(),
  result: z.string(),
  late: z.boolean(),
  facts: z.record(z.string(), z.unknown()),
})
export type Task = z.output<typeof Task>
export const taskCan = { finish: (t: Pick<Task, 'doneAt'>) => t.doneAt === null }
export const tasks = {
  list: get('/tasks', {
    query: Paging.extend({ box: z.enum(['mine', 'open', 'done']).default('mine'), customerId: Id.optional() }),
    reply: pageOf(Task),
    may: 'task:read',
    says: 'Tasks by due time.',
  }),
  one: get('/tasks/:id', { reply: Task, may: 'task:read', says: 'One task.' }),
  open: post('/tasks', {
    body: z.object({
      title: Words(200),
      text: z.string().trim().max(4000).default(''),
      ownerId: Id.nullable().default(null),
      dueAt: Time.nullable().default(null),
      customerId: Id.nullable().default(null),
      matter: Matter.nullable().default(null),
    }),
    reply: Task,
    may: 'task:write',
    says: 'Open a task.',
  }),
  assign: post('/tasks/:id/owner', { body: z.object({ ownerId: Id }), reply: Task, may: 'task:write', says: 'Give it to someone.' }),
  finish: post('/tasks/:id/result', {
    body: z.object({ result: Words(4000) }),
    reply: Task,
    may: 'task:write',
    says: 'Finish it, with what came of it.',
  }),
  reopen: post('/tasks/:id/reopening', { reply: Task, may: 'task:write', says: 'Take the finishing back.' }),
}
