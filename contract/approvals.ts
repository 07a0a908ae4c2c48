import * as z from 'zod'
import { catalog, del, get, Id, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'
import { Evidence, Matter, Said, TaskComment } from './tasks.ts'
import { ApprovalState, Money } from './work.ts'

export const ApprovalKind = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)

/** Who decides a step: a person, or one of those who have a role in the asker's team, the asker's department, or anywhere. */
export const Decider = z.discriminatedUnion('who', [
  z.object({ who: z.literal('person'), personId: Id }),
  z.object({ who: z.literal('role'), roleId: Id, within: z.enum(['team', 'department', 'all']) }),
])
/** A step is taken when the amount is more than `above` and at most `upTo`, both in minor units; without them always. */
export const ApprovalStepRule = z.object({
  name: Words(40),
  nameEn: z.string().trim().max(60).default(''),
  above: z.int().min(0).max(1e13).nullable().default(null),
  upTo: z.int().min(0).max(1e13).nullable().default(null),
  decider: Decider,
  /** Working minutes until it is reminded of. */
  minutes: z.int().min(1).max(60_000).default(480),
})
export type ApprovalStepRule = z.output<typeof ApprovalStepRule>
export const ApprovalPolicy = z.object({
  kind: ApprovalKind,
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('CNY'),
  steps: z.array(ApprovalStepRule).min(1).max(8),
  /** Anybody may ask for it from the own work. */
  anyone: z.boolean().default(false),
  position: z.int().default(0),
})
export type ApprovalPolicy = z.output<typeof ApprovalPolicy>
export const approvalPolicies = catalog('/approval-policies', ApprovalPolicy, { read: 'signed-in', write: 'approval:configure' })

export const ApprovalStep = z.object({
  id: Id,
  name: z.string(),
  nameEn: z.string(),
  state: z.enum(['later', 'open', 'approved', 'refused', 'dropped']),
  personId: Id.nullable(),
  roleId: Id.nullable(),
  /** The team or department in which the role is meant. */
  placeId: Id.nullable(),
  dueAt: Time.nullable(),
  decidedById: Id.nullable(),
  /** In whose place, when a deputy decided. */
  decidedForId: Id.nullable(),
  decidedAt: Time.nullable(),
  reason: z.string(),
})
export type ApprovalStep = z.output<typeof ApprovalStep>
export const Approval = z.object({
  id: Id,
  kind: z.string(),
  title: z.string(),
  text: z.string(),
  amount: Money.nullable(),
  matter: Matter.nullable(),
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
  askedById: Id,
  askedByName: z.string().nullable(),
  askedAt: Time,
  state: ApprovalState,
  dueAt: Time.nullable(),
  late: z.boolean(),
  decidedAt: Time.nullable(),
  /** Why it was refused or recalled. */
  reason: z.string(),
})
export type Approval = z.output<typeof Approval>
export const ApprovalWhole = Approval.extend({
  steps: z.array(ApprovalStep),
  evidence: z.array(Evidence),
  comments: z.array(TaskComment),
  /** Who may decide the open step now; at most fifty. */
  deciderIds: z.array(Id),
  /** Whether this reader is one of them, and in whose place. */
  mine: z.object({ forId: Id.nullable() }).nullable(),
})
export type ApprovalWhole = z.output<typeof ApprovalWhole>

export const approvalCan = {
  decide: (a: Pick<ApprovalWhole, 'state' | 'mine'>) => a.state === 'open' && a.mine !== null,
  recall: (a: Pick<Approval, 'state' | 'askedById'>, personId: string) => a.state === 'open' && a.askedById === personId,
}

export const approvals = {
  list: get('/approvals', {
    query: Paging.extend({
      state: ApprovalState.optional(),
      kind: ApprovalKind.optional(),
      matterId: Id.optional(),
      customerId: Id.optional(),
    }),
    reply: pageOf(Approval),
    may: 'approval:read',
    says: 'Approvals, the newest first.',
  }),
  one: get('/approvals/:id', { reply: ApprovalWhole, may: 'approval:read', says: 'One approval with its steps, evidence and comments.' }),
  ask: post('/approvals', {
    body: z.object({
      kind: ApprovalKind.default('other'),
      title: Words(200),
      text: z.string().trim().max(4000).default(''),
      amount: Money.nullable().default(null),
      matter: Matter.nullable().default(null),
      /** Who decides, where no policy says so. */
      deciderId: Id.nullable().default(null),
      fileIds: z.array(Id).max(20).default([]),
    }),
    reply: Approval,
    may: 'approval:ask',
    says: 'Ask for an approval; the policy of its kind says who decides.',
  }),
  decide: post('/approvals/:id/decision', {
    body: z.object({ approve: z.boolean(), reason: z.string().trim().max(2000).default('') }),
    reply: Approval,
    may: 'approval:decide',
    says: 'Approve or refuse the step that waits for the caller; a refusal says why.',
  }),
  recall: post('/approvals/:id/recall', {
    body: z.object({ reason: z.string().trim().max(2000).default('') }),
    reply: Approval,
    may: 'approval:ask',
    says: 'Take back what one has asked for, while it is undecided.',
  }),
  comment: post('/approvals/:id/comments', {
    body: Said,
    reply: TaskComment,
    may: 'approval:read',
    says: 'Write on it; whoever is mentioned watches it.',
  }),
  changeComment: put('/approvals/:id/comments/:commentId', {
    body: Said,
    reply: TaskComment,
    may: 'approval:read',
    says: 'Change what one has written, within a quarter of an hour.',
  }),
  withdrawComment: del('/approvals/:id/comments/:commentId', {
    reply: TaskComment,
    may: 'approval:read',
    says: 'Withdraw what one has written, within a quarter of an hour.',
  }),
}
