import * as z from 'zod'
import { get, Id, Order, Paging, pageOf, Time } from './endpoint.ts'

/** Minor units: fen, cents. */
export const Money = z.object({ minor: z.int().min(0).max(1e13), currency: z.string().regex(/^[A-Z]{3}$/) })
export type Money = z.output<typeof Money>
export const ApprovalState = z.enum(['open', 'approved', 'refused', 'recalled'])
export type ApprovalState = z.output<typeof ApprovalState>

/** mine: mine to do, and for whom I stand in; decide: waits for my decision; asked: what I asked of others; watch: what I watch; open: all I may see; done. */
export const WorkBox = z.enum(['mine', 'decide', 'asked', 'watch', 'open', 'done'])
export type WorkBox = z.output<typeof WorkBox>

/** A task or an approval, as a line of a list. */
export const WorkLine = z.object({
  noun: z.enum(['task', 'approval']),
  id: Id,
  kind: z.string(),
  title: z.string(),
  text: z.string(),
  facts: z.record(z.string(), z.unknown()),
  customerName: z.string().nullable(),
  /** Of a task who has it; of an approval who asked. */
  personId: Id.nullable(),
  personName: z.string().nullable(),
  openedAt: Time,
  dueAt: Time.nullable(),
  doneAt: Time.nullable(),
  late: z.boolean(),
  result: z.string(),
  state: ApprovalState.nullable(),
  amount: Money.nullable(),
  itemsDone: z.int(),
  itemsAll: z.int(),
})
export type WorkLine = z.output<typeof WorkLine>

export const work = {
  list: get('/work', {
    query: Paging.extend({
      box: WorkBox.default('mine'),
      due: z.enum(['today', 'overdue']).optional(),
      kind: z.string().max(40).optional(),
      ownerId: Id.optional(),
      q: z.string().trim().max(100).optional(),
      sort: Order('due', '-opened', 'opened'),
    }),
    reply: pageOf(WorkLine),
    may: 'task:read',
    says: 'Tasks and approvals together, by due time; what is done, the latest first; or as `sort` says. `q` searches titles.',
  }),
  counts: get('/work/counts', {
    reply: z.object({ mine: z.int(), decide: z.int(), asked: z.int(), watch: z.int(), overdue: z.int() }),
    may: 'task:read',
    says: 'How many wait in my boxes, each counted up to 100.',
  }),
}
