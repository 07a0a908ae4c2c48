import * as z from 'zod'
import { del, get, Id, Paging, pageOf, patch, post, put, Time, Words } from './endpoint.ts'
import { FileCard } from './messaging.ts'

/** What a task hangs on: `ticket`, `interaction`, `customer` … and its id. */
export const Matter = z.object({ noun: z.string().max(40), id: Id })
export type Matter = z.output<typeof Matter>
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
  deputyId: Id.nullable(),
  departmentId: Id.nullable(),
  openedById: Id.nullable(),
  openedAt: Time,
  dueAt: Time.nullable(),
  doneAt: Time.nullable(),
  result: z.string(),
  late: z.boolean(),
  facts: z.record(z.string(), z.unknown()),
  itemsDone: z.int(),
  itemsAll: z.int(),
})
export type Task = z.output<typeof Task>

export const TaskItem = z.object({
  id: Id,
  text: z.string(),
  required: z.boolean(),
  doneAt: Time.nullable(),
  doneById: Id.nullable(),
})
export type TaskItem = z.output<typeof TaskItem>
/** A file, or something of ours that shows it. */
export const Evidence = z.object({
  id: Id,
  file: FileCard.nullable(),
  matter: Matter.nullable(),
  note: z.string(),
  addedById: Id.nullable(),
  addedAt: Time,
})
export type Evidence = z.output<typeof Evidence>
export const TaskComment = z.object({
  id: Id,
  /** Empty once withdrawn. */
  text: z.string(),
  mentionIds: z.array(Id),
  writerId: Id.nullable(),
  writtenAt: Time,
  changedAt: Time.nullable(),
  withdrawnAt: Time.nullable(),
})
export type TaskComment = z.output<typeof TaskComment>
export const TaskWhole = Task.extend({
  items: z.array(TaskItem),
  evidence: z.array(Evidence),
  comments: z.array(TaskComment),
  watcherIds: z.array(Id),
  /** While its owner is away: until when, and who stands in. */
  away: z.object({ until: Time, deputyId: Id.nullable() }).nullable(),
})
export type TaskWhole = z.output<typeof TaskWhole>
/** One line of what happened to a task or an approval. `words`: what people wrote at it. */
export const CourseEntry = z.object({
  id: Id,
  name: z.string(),
  at: Time,
  actorId: Id.nullable(),
  detail: z.record(z.string(), z.unknown()),
  words: z.record(z.string(), z.string()),
})
export type CourseEntry = z.output<typeof CourseEntry>

/** For so long a comment may be changed or withdrawn by who wrote it. */
export const commentMinutes = 15
export const taskCan = {
  finish: (t: Pick<Task, 'doneAt'>) => t.doneAt === null,
  changeComment: (c: Pick<TaskComment, 'writerId' | 'writtenAt' | 'withdrawnAt'>, personId: string | null, now: Date) =>
    c.withdrawnAt === null &&
    c.writerId !== null &&
    c.writerId === personId &&
    now.getTime() - c.writtenAt.getTime() <= commentMinutes * 60_000,
}

const Items = z.array(z.object({ id: Id.optional(), text: Words(300), required: z.boolean().default(false) })).max(100)
/** Working minutes from now, by the hours of its department. */
const Minutes = z.int().min(1).max(1_000_000)
/** What a person says under a task or an approval. */
export const Said = z.object({ text: Words(4000), mentionIds: z.array(Id).max(20).default([]) })
const Due = { dueAt: Time.nullable().optional(), minutes: Minutes.optional() }

export const tasks = {
  list: get('/tasks', {
    query: Paging.extend({ box: z.enum(['mine', 'open', 'done']).default('mine'), customerId: Id.optional(), matterId: Id.optional() }),
    reply: pageOf(Task),
    may: 'task:read',
    says: 'Tasks by due time.',
  }),
  one: get('/tasks/:id', { reply: TaskWhole, may: 'task:read', says: 'One task with its checklist, evidence and comments.' }),
  course: get('/tasks/:id/course', {
    reply: z.array(CourseEntry),
    may: 'task:read',
    says: 'What happened to it, newest first (at most 200).',
  }),
  open: post('/tasks', {
    body: z.object({
      title: Words(200),
      text: z.string().trim().max(4000).default(''),
      ownerId: Id.nullable().default(null),
      deputyId: Id.nullable().default(null),
      departmentId: Id.nullable().default(null),
      dueAt: Time.nullable().default(null),
      minutes: Minutes.optional(),
      customerId: Id.nullable().default(null),
      matter: Matter.nullable().default(null),
      items: Items.default([]),
      watcherIds: z.array(Id).max(50).default([]),
    }),
    reply: Task,
    may: 'task:write',
    says: 'Open a task, due at a time or after so many working minutes.',
  }),
  change: patch('/tasks/:id', {
    body: z.object({
      title: Words(200).optional(),
      text: z.string().trim().max(4000).optional(),
      deputyId: Id.nullable().optional(),
      ...Due,
      reason: z.string().trim().max(1000).default(''),
    }),
    reply: Task,
    may: 'task:write',
    says: 'Change its title, text, deputy or due time; what it was and why stay in its course.',
  }),
  assign: post('/tasks/:id/owner', { body: z.object({ ownerId: Id }), reply: Task, may: 'task:write', says: 'Give it to someone.' }),
  finish: post('/tasks/:id/result', {
    body: z.object({ result: Words(4000) }),
    reply: Task,
    may: 'task:write',
    says: 'Finish it, with what came of it; refused while a required item is open.',
  }),
  reopen: post('/tasks/:id/reopening', { reply: Task, may: 'task:write', says: 'Take the finishing back.' }),
  setItems: put('/tasks/:id/items', {
    body: z.object({ items: Items }),
    reply: z.array(TaskItem),
    may: 'task:write',
    says: 'Write its checklist, in this order; items that keep their id keep their tick.',
  }),
  tick: put('/tasks/:id/items/:itemId', {
    body: z.object({ done: z.boolean() }),
    reply: TaskItem,
    may: 'task:write',
    says: 'Tick an item of the checklist, or take the tick away.',
  }),
  addEvidence: post('/tasks/:id/evidence', {
    body: z.union([
      z.object({ fileId: Id, note: z.string().trim().max(300).default('') }),
      z.object({ matter: Matter, note: z.string().trim().max(300).default('') }),
    ]),
    reply: Evidence,
    may: 'task:write',
    says: 'Add an uploaded file, or a link to a ticket, contact, customer, conversation or task.',
  }),
  removeEvidence: del('/tasks/:id/evidence/:evidenceId', {
    may: 'task:write',
    says: 'Take a piece of evidence away; its course keeps that it was there.',
  }),
  comment: post('/tasks/:id/comments', {
    body: Said,
    reply: TaskComment,
    may: 'task:read',
    says: 'Write on it; whoever is mentioned watches it.',
  }),
  changeComment: put('/tasks/:id/comments/:commentId', {
    body: Said,
    reply: TaskComment,
    may: 'task:read',
    says: 'Change what one has written, within a quarter of an hour.',
  }),
  withdrawComment: del('/tasks/:id/comments/:commentId', {
    reply: TaskComment,
    may: 'task:read',
    says: 'Withdraw what one has written, within a quarter of an hour.',
  }),
  watch: put('/tasks/:id/watching', {
    body: z.object({ on: z.boolean() }),
    reply: z.object({ watcherIds: z.array(Id) }),
    may: 'task:read',
    says: 'Watch it, or no longer.',
  }),
  setWatchers: put('/tasks/:id/watchers', {
    body: z.object({ personIds: z.array(Id).max(50) }),
    reply: z.object({ watcherIds: z.array(Id) }),
    may: 'task:write',
    says: 'Who watches it.',
  }),
  bulk: post('/tasks/bulk', {
    body: z.object({
      ids: z.array(Id).min(1).max(200),
      act: z.discriminatedUnion('do', [
        z.object({ do: z.literal('give'), ownerId: Id }),
        z.object({ do: z.literal('due'), ...Due }),
        z.object({ do: z.literal('finish'), result: Words(4000) }),
        z.object({ do: z.literal('reopen') }),
      ]),
    }),
    reply: z.object({ rows: z.array(z.object({ id: Id, code: z.string().nullable(), facts: z.record(z.string(), z.unknown()) })) }),
    may: 'task:write',
    says: 'Give, date, finish or reopen several; each row says by a code why it was refused.',
  }),
}

export const Absence = z.object({
  id: Id,
  personId: Id,
  personName: z.string().nullable(),
  deputyId: Id.nullable(),
  deputyName: z.string().nullable(),
  fromAt: Time,
  untilAt: Time,
  note: z.string(),
})
export type Absence = z.output<typeof Absence>
export const absences = {
  list: get('/absences', {
    query: z.object({ personId: Id.optional() }),
    reply: z.array(Absence),
    may: 'task:read',
    says: 'Who is away now or soon, and who stands in: oneself, for whom one stands in, and those in reach (at most 200).',
  }),
  set: post('/absences', {
    body: z.object({
      /** Without one: oneself. */
      personId: Id.optional(),
      deputyId: Id.nullable().default(null),
      fromAt: Time,
      untilAt: Time,
      note: z.string().trim().max(200).default(''),
    }),
    reply: Absence,
    may: 'task:write',
    says: 'Say from when until when somebody is away and who stands in.',
  }),
  end: del('/absences/:id', { reply: Absence, may: 'task:write', says: 'End an absence now, or take back one to come.' }),
}
