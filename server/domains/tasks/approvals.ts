import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Approval, ApprovalStep, ApprovalWhole, approvals } from '#contract/approvals.ts'
import type { Permission } from '#contract/endpoint.ts'
import { scopeOf } from '#kernel/access.ts'
import { familyOf, ofFamily } from '#kernel/family.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { commentsOf, evidenceOf, watchedBy } from './queries.ts'
import { deputiesOf, handsOf, meOf } from './standing.ts'

/** The person of this row may decide the step `s`: named, or with the role in the place. */
const fits = sql`(s.person_id = p.id or (s.role_id = p.role_id and (s.place_id is null or s.place_id = p.team_id or s.place_id = p.department_id)))`

/** In one's own name, or in the place of another where one has not spoken yet: two steps are two people. */
const notTwice = (ctx: Ctx) => sql`(p.id = ${meOf(ctx)}::uuid or not exists (select 1 from tasks.approval_step x
    where x.tenant_id = ${ctx.tenantId} and x.approval_id = s.approval_id and x.decided_by_id = ${meOf(ctx)}::uuid))`

/** The approvals whose open step waits for me, or for somebody I stand in for. Nobody decides what they asked for, nor a deputy in the asker's place. */
export const waitingForMe = (ctx: Ctx): RawBuilder<unknown> => sql`(select s.approval_id from tasks.approval_step s
    join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id in ${handsOf(ctx, 'approvals')} and not p.retired and ${fits} and ${notTwice(ctx)}
    join tasks.approval o on o.tenant_id = ${ctx.tenantId} and o.id = s.approval_id and o.asked_by_id not in (p.id, ${meOf(ctx)}::uuid)
    where s.tenant_id = ${ctx.tenantId} and s.state = 'open')`

/** Own: asked by me, mine to decide, decided by me, or watched. Team and department: also what my people asked for. `searchable` is the same rows through the view that may use the text index. */
export function visibleApprovals(
  ctx: Ctx,
  permission: Permission = 'approval:read',
  from: 'tasks.approval' | 'tasks.searchableApproval' = 'tasks.approval',
) {
  const rows = ctx.db.selectFrom(`${from} as a`)
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const decided = sql`select s.approval_id from tasks.approval_step s where s.tenant_id = ${ctx.tenantId} and s.decided_by_id = ${actor.id}`
  const own = sql`a.asked_by_id = ${actor.id} or a.id in ${waitingForMe(ctx)} or a.id in (${decided}) or a.id in ${watchedBy(ctx, actor.id)}`
  if (scope === 'own') return rows.where(sql<boolean>`(${own})`)
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return rows.where(
    sql<boolean>`(${own} or a.asked_by_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

export const described = (ctx: Ctx) =>
  [
    'a.id',
    'a.kind',
    'a.title',
    'a.text',
    'a.amount',
    'a.currency',
    'a.matterNoun',
    'a.matterId',
    'a.customerId',
    'a.facts',
    'a.askedById',
    'a.askedAt',
    'a.state',
    'a.dueAt',
    'a.dueKey',
    'a.decidedAt',
    'a.reason',
    sql<string | null>`(select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = a.customer_id)`.as(
      'customerName',
    ),
    sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = a.asked_by_id)`.as(
      'askedByName',
    ),
  ] as const

export const selectApprovals = (ctx: Ctx) => visibleApprovals(ctx).select(described(ctx))
export type KeptApproval = Awaited<ReturnType<ReturnType<typeof selectApprovals>['executeTakeFirstOrThrow']>>

export const shownApproval = ({ matterNoun, matterId, amount, currency, ...a }: KeptApproval, now: Date): Approval => ({
  ...a,
  matter: matterNoun === null || matterId === null ? null : { noun: matterNoun, id: matterId },
  amount: amount === null || currency === null ? null : { minor: amount, currency },
  late: a.state === 'open' && a.dueAt !== null && a.dueAt < now,
})

export async function approvalWritten(ctx: Ctx, id: string): Promise<Approval> {
  return shownApproval(
    await ctx.db.selectFrom('tasks.approval as a').select(described(ctx)).where('a.id', '=', id).executeTakeFirstOrThrow(),
    ctx.now,
  )
}

/** Locked, whoever asks: two who decide at once go one after the other, and the second finds it decided. */
export async function lockApproval(ctx: Ctx, id: string): Promise<KeptApproval> {
  const seen = await visibleApprovals(ctx).select('a.id').where('a.id', '=', id).executeTakeFirst()
  found(seen, 'approval', id)
  // Seen before it was locked: what it is now is asked again, since another may just have decided.
  return ctx.db.selectFrom('tasks.approval as a').select(described(ctx)).where('a.id', '=', id).forUpdate('a').executeTakeFirstOrThrow()
}

export const stepsOf = (
  ctx: Ctx,
  approvalId: string,
): Promise<(ApprovalStep & { minutes: number; position: number; reminders: number })[]> =>
  ctx.db
    .selectFrom('tasks.approvalStep')
    .select([
      'id',
      'name',
      'nameEn',
      'state',
      'personId',
      'roleId',
      'placeId',
      'dueAt',
      'decidedById',
      'decidedForId',
      'decidedAt',
      'reason',
      'minutes',
      'position',
      'reminders',
    ])
    .where('approvalId', '=', approvalId)
    .orderBy('position')
    .execute()

/** Who may decide this step, and their deputies; at most fifty of each. */
export async function decidersOf(ctx: Ctx, stepId: string, askedById: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select p.id from tasks.approval_step s
    join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and not p.retired and p.id <> ${askedById} and ${fits}
    where s.tenant_id = ${ctx.tenantId} and s.id = ${stepId} order by p.id limit 50`.execute(ctx.db)
  const own = rows.map(r => r.id)
  return [...own, ...(await deputiesOf(ctx, own, 'approvals')).filter(id => id !== askedById).slice(0, 50)]
}

/** In whose place I may decide this step: null is my own; undefined when I may not. */
export async function rightTo(ctx: Ctx, stepId: string, askedById: string): Promise<string | null | undefined> {
  const me = meOf(ctx)
  if (me === null || me === askedById) return undefined
  const { rows } = await sql<{ id: string }>`select p.id from tasks.approval_step s
    join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id in ${handsOf(ctx, 'approvals')} and not p.retired and p.id <> ${askedById} and ${fits} and ${notTwice(ctx)}
    where s.tenant_id = ${ctx.tenantId} and s.id = ${stepId} order by p.id = ${me} desc, p.id limit 1`.execute(ctx.db)
  const first = rows[0]
  return first && (first.id === me ? null : first.id)
}

export async function approvalWhole(ctx: Ctx, id: string): Promise<ApprovalWhole> {
  const approval = shownApproval(found(await selectApprovals(ctx).where('a.id', '=', id).executeTakeFirst(), 'approval', id), ctx.now)
  const [steps, evidence, comments] = await Promise.all([stepsOf(ctx, id), evidenceOf(ctx, id), commentsOf(ctx, id)])
  const open = steps.find(s => s.state === 'open')
  const [deciderIds, forId] = open
    ? await Promise.all([decidersOf(ctx, open.id, approval.askedById), rightTo(ctx, open.id, approval.askedById)])
    : [[], undefined]
  return { ...approval, steps, evidence, comments, deciderIds: deciderIds.slice(0, 50), mine: forId === undefined ? null : { forId } }
}

export async function listApprovals(ctx: Ctx, query: z.output<typeof approvals.list.query>): Promise<Page<Approval>> {
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  let rows = selectApprovals(ctx)
    .orderBy('a.askedAt', 'desc')
    .orderBy('a.id', 'desc')
    .limit(size + 1)
  if (query.state) rows = rows.where('a.state', '=', query.state)
  if (query.kind) rows = rows.where('a.kind', '=', query.kind)
  if (query.matterId) rows = rows.where('a.matterId', '=', query.matterId)
  if (query.customerId) rows = rows.where(ofFamily(ctx, sql`a.customer_id`, await familyOf(ctx, query.customerId)))
  if (after) rows = rows.where(sql<boolean>`(a.asked_at, a.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  const page = pageRows(await rows.execute(), size, a => [a.askedAt, a.id])
  return { rows: page.rows.map(a => shownApproval(a, ctx.now)), next: page.next }
}
