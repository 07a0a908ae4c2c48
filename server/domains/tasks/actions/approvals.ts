import { sql } from 'kysely'
import type * as z from 'zod'
import type { Approval, ApprovalStepRule, approvals } from '#contract/approvals.ts'
import type { Money } from '#contract/work.ts'
import { calendarOfPlace } from '#domains/identity/index.ts'
import { actorId, asUser } from '#kernel/access.ts'
import { addWorkingMinutes } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { approvalWritten, decidersOf, type KeptApproval, lockApproval, rightTo, stepsOf } from '../approvals.ts'
import { approvalAsked, approvalDecided, approvalDue, approvalOverdue, approvalPassed, approvalRecalled } from '../events.ts'
import { mustBeThere } from '../matters.ts'
import { asksAmount, betweenReminders, reminders, resolveDecider, stepsFor } from '../rules.ts'
import { keep } from './evidence.ts'

export type NewApproval = {
  kind: string
  title: string
  text: string
  amount: Money | null
  matter: { noun: string; id: string } | null
  customerId: string | null
  facts: Record<string, unknown>
  /** Without one: whoever acts. */
  askedById?: string
  /** Who decides where no policy says so. */
  deciderId?: string | null
}

/** What is to be decided; the answer comes as `approval.decided`. Its steps are chosen now, by the policy of its kind: a policy changed later changes nothing here. */
export async function askApproval(ctx: Ctx, given: NewApproval): Promise<Approval> {
  const askedById = given.askedById ?? actorId(ctx.actor)
  if (askedById === null) throw new Refusal('invalid', 'approval.nobody_asks')
  const [rules, people] = await Promise.all([rulesFor(ctx, given), peopleOf(ctx)])
  const asker = found(
    people.find(p => p.id === askedById),
    'person',
    askedById,
  )
  const steps = stepsFor(rules, given.amount?.minor ?? null).map(rule => {
    const decider = resolveDecider(rule.decider, asker, people)
    if (decider === null) throw new Refusal('conflict', 'approval.nobody_decides', { step: rule.name, stepEn: rule.nameEn })
    return { rule, decider }
  })
  const first = steps[0]
  if (!first) throw new Refusal('conflict', 'approval.no_step')
  const id = newId()
  const dueAt = await dueOf(ctx, askedById, first.rule.minutes)
  const { matter, amount } = given
  await ctx.db
    .insertInto('tasks.approval')
    .values({
      id,
      kind: given.kind,
      title: given.title,
      text: given.text,
      amount: amount?.minor ?? null,
      currency: amount?.currency ?? null,
      matterNoun: matter?.noun ?? null,
      matterId: matter?.id ?? null,
      customerId: given.customerId,
      facts: given.facts,
      askedById,
      askedAt: ctx.now,
      dueAt,
      tsv: bigrams(given.title),
    })
    .execute()
  const rows = steps.map(({ rule, decider }, position) => ({
    id: newId(),
    approvalId: id,
    position,
    name: rule.name,
    nameEn: rule.nameEn,
    ...decider,
    minutes: rule.minutes,
    state: position === 0 ? ('open' as const) : ('later' as const),
    dueAt: position === 0 ? dueAt : null,
  }))
  await ctx.db.insertInto('tasks.approvalStep').values(rows).execute()
  const deciderIds = (await decidersOf(ctx, rows[0]?.id ?? '', askedById)).slice(0, 50)
  await Promise.all([
    ctx.emit(
      approvalAsked,
      { id, customerId: given.customerId },
      { kind: given.kind, askedById, matter, step: 1, of: rows.length, deciderIds },
    ),
    ctx.at(dueAt, approvalDue, { id, clock: 'due' }, { step: 0 }),
  ])
  return approvalWritten(ctx, id)
}

/** By the policy of the kind; without one by the person named. */
async function rulesFor(ctx: Ctx, { kind, amount, deciderId }: NewApproval): Promise<readonly ApprovalStepRule[]> {
  const policy = await ctx.db
    .selectFrom('tasks.approvalPolicy')
    .select(['steps', 'currency'])
    .where('kind', '=', kind)
    .where('retired', '=', false)
    .executeTakeFirst()
  if (!policy) {
    if (!deciderId) throw new Refusal('invalid', 'approval.decider_missing')
    return [{ name: '审批', nameEn: 'Decision', above: null, upTo: null, decider: { who: 'person', personId: deciderId }, minutes: 480 }]
  }
  if (amount === null && asksAmount(policy.steps)) throw new Refusal('invalid', 'approval.amount_missing')
  if (amount !== null && amount.currency !== policy.currency)
    throw new Refusal('invalid', 'approval.other_currency', { currency: policy.currency })
  return policy.steps
}

async function peopleOf(ctx: Ctx) {
  return ctx.db.selectFrom('identity.factPerson').select(['id', 'roleId', 'teamId', 'departmentId', 'retired']).execute()
}

const dueOf = async (ctx: Ctx, askedById: string, minutes: number): Promise<Date> =>
  addWorkingMinutes(ctx.now, minutes, await calendarOfPlace(ctx, { departmentId: null, personId: askedById }))

/** From the own work: what a policy leaves open to anybody, and `other`. */
export async function askOwnApproval(ctx: Ctx, { fileIds, ...body }: z.output<typeof approvals.ask.body>): Promise<Approval> {
  const { rows } = await sql<{ anyone: boolean }>`select anyone from tasks.approval_policy
    where tenant_id = ${ctx.tenantId} and kind = ${body.kind} and not retired`.execute(ctx.db)
  if (body.kind !== 'other' && rows[0]?.anyone !== true) throw new Refusal('forbidden', 'approval.kind_not_free')
  if (body.matter !== null) await mustBeThere(ctx, body.matter)
  const asked = await askApproval(ctx, {
    ...body,
    askedById: asUser(ctx.actor).id,
    customerId: body.matter?.noun === 'customer' ? body.matter.id : null,
    facts: {},
  })
  for (const fileId of fileIds) await keep(ctx, 'approval', asked.id, { fileId, note: '' })
  return asked
}

/** One of those who may decides the open step; a refusal ends it, the last approval ends it, any other opens the next step. */
export async function decideApproval(ctx: Ctx, id: string, { approve, reason }: z.output<typeof approvals.decide.body>): Promise<Approval> {
  const me = asUser(ctx.actor).id
  const approval = await lockApproval(ctx, id)
  mustBeOpen(approval)
  if (approval.askedById === me) throw new Refusal('forbidden', 'approval.own', { title: approval.title })
  const steps = await stepsOf(ctx, id)
  const at = steps.findIndex(s => s.state === 'open')
  const step = found(steps[at], 'approval_step', id)
  const forId = await rightTo(ctx, step.id, approval.askedById)
  if (forId === undefined) throw new Refusal('forbidden', 'approval.not_yours', { title: approval.title })
  if (!approve && reason === '') throw new Refusal('invalid', 'approval.reason_missing')

  await ctx.db
    .updateTable('tasks.approvalStep')
    .set({ state: approve ? 'approved' : 'refused', decidedById: me, decidedForId: forId, decidedAt: ctx.now, reason })
    .where('id', '=', step.id)
    .execute()
  const by = { byId: me, ...(forId === null ? {} : { forId }) }
  const next = approve ? steps[at + 1] : undefined
  if (next) {
    const dueAt = await dueOf(ctx, approval.askedById, next.minutes)
    await Promise.all([
      ctx.db.updateTable('tasks.approvalStep').set({ state: 'open', dueAt }).where('id', '=', next.id).execute(),
      ctx.db.updateTable('tasks.approval').set({ dueAt }).where('id', '=', id).execute(),
      ctx.at(dueAt, approvalDue, { id, clock: 'due' }, { step: at + 1 }),
    ])
    const deciderIds = (await decidersOf(ctx, next.id, approval.askedById)).slice(0, 50)
    const detail = { ...about(approval), ...by, step: at + 2, of: steps.length, deciderIds }
    await ctx.emit(approvalPassed, { id, customerId: approval.customerId }, detail, reason ? { reason } : {})
    return approvalWritten(ctx, id)
  }
  await end(ctx, id, approve ? 'approved' : 'refused', reason)
  await ctx.emit(
    approvalDecided,
    { id, customerId: approval.customerId },
    { ...about(approval), ...by, outcome: approve ? 'approved' : 'refused', step: at + 1 },
    reason ? { reason } : {},
  )
  return approvalWritten(ctx, id)
}

export async function recallOwnApproval(ctx: Ctx, id: string, reason: string): Promise<Approval> {
  const approval = await lockApproval(ctx, id)
  if (approval.askedById !== actorId(ctx.actor)) throw new Refusal('forbidden', 'approval.not_asker', { title: approval.title })
  return recall(ctx, approval, reason)
}

/** By the domain that asked, when what it asked for is no longer wanted. Decided ones stay as they are. */
export async function recallApproval(ctx: Ctx, id: string, reason: string): Promise<void> {
  const approval = await lockApproval(ctx, id)
  if (approval.state === 'open') await recall(ctx, approval, reason)
}

async function recall(ctx: Ctx, approval: KeptApproval, reason: string): Promise<Approval> {
  mustBeOpen(approval)
  const { id } = approval
  await end(ctx, id, 'recalled', reason)
  await ctx.emit(approvalRecalled, { id, customerId: approval.customerId }, about(approval), reason ? { reason } : {})
  return approvalWritten(ctx, id)
}

async function end(ctx: Ctx, id: string, state: 'approved' | 'refused' | 'recalled', reason: string): Promise<void> {
  await Promise.all([
    ctx.db
      .updateTable('tasks.approval')
      .set({ state, decidedAt: ctx.now, reason: state === 'approved' ? '' : reason })
      .where('id', '=', id)
      .execute(),
    sql`update tasks.approval_step set state = 'dropped' where tenant_id = ${ctx.tenantId} and approval_id = ${id} and state in ('open', 'later')`.execute(
      ctx.db,
    ),
    ctx.at(null, approvalDue, { id, clock: 'due' }, { step: 0 }),
  ])
}

/** The timer says a step is due; the row decides. Said again on the next working days, until it is decided or has been said often enough. */
export async function remindApproval(ctx: Ctx, id: string): Promise<void> {
  const approval = await ctx.db
    .selectFrom('tasks.approval')
    .select(['kind', 'askedById', 'matterNoun', 'matterId', 'customerId', 'state'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (approval?.state !== 'open') return
  const steps = await stepsOf(ctx, id)
  const at = steps.findIndex(s => s.state === 'open')
  const step = steps[at]
  if (!step?.dueAt) return
  if (step.dueAt > ctx.now) {
    await ctx.at(step.dueAt, approvalDue, { id, clock: 'due' }, { step: at })
    return
  }
  const times = step.reminders + 1
  const deciderIds = (await decidersOf(ctx, step.id, approval.askedById)).slice(0, 50)
  await Promise.all([
    ctx.db.updateTable('tasks.approvalStep').set({ reminders: times }).where('id', '=', step.id).execute(),
    ctx.emit(
      approvalOverdue,
      { id, customerId: approval.customerId },
      { ...about(approval), step: at + 1, of: steps.length, deciderIds, times },
    ),
    times < reminders
      ? ctx.at(await dueOf(ctx, approval.askedById, betweenReminders), approvalDue, { id, clock: 'due' }, { step: at })
      : undefined,
  ])
}

function mustBeOpen(approval: Pick<KeptApproval, 'state' | 'title'>): void {
  if (approval.state !== 'open') throw new Refusal('conflict', 'approval.already_decided', { title: approval.title, state: approval.state })
}

export const about = (a: Pick<KeptApproval, 'kind' | 'askedById' | 'matterNoun' | 'matterId'>) => ({
  kind: a.kind,
  askedById: a.askedById,
  matter: a.matterNoun === null || a.matterId === null ? null : { noun: a.matterNoun, id: a.matterId },
})
