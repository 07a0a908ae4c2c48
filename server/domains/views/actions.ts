import { sql } from 'kysely'
import type * as z from 'zod'
import type { NewView, Share, View, views } from '#contract/views.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { settleCounting } from './counting.ts'
import { viewChanged, viewChosen, viewRestored, viewRetired, viewSaved } from './events.ts'
import { checkColumns, checkQuery, listFor } from './lists.ts'
import { viewWritten, visibleViews } from './queries.ts'

/** More than these of one list are no help to anybody. */
const mostOwn = 50

export async function makeView(ctx: Ctx, { query, columns, ...given }: z.output<typeof NewView>): Promise<View> {
  const { id: ownerId } = asUser(ctx.actor)
  const list = listFor(ctx, given.list)
  checkQuery(list, query)
  checkColumns(list, columns)
  const shareId = await placeOf(ctx, given.share, given.shareId)
  const own = await ctx.db
    .selectFrom('views.view')
    .select('id')
    .where('list', '=', given.list)
    .where('ownerId', '=', ownerId)
    .where('retired', '=', false)
    .limit(mostOwn)
    .execute()
  if (own.length === mostOwn) throw new Refusal('conflict', 'view.too_many', { most: mostOwn })
  const id = newId()
  const view = { ...given, id, ownerId, shareId }
  await ctx.db
    .insertInto('views.view')
    .values({ ...view, query: JSON.stringify(query), columns: columns && JSON.stringify(columns), changedAt: ctx.now })
    .execute()
  await ctx.emit(viewSaved, { id }, { list: given.list, share: given.share })
  await settleCounting(ctx, { ...view, query, retired: false })
  return viewWritten(ctx, id)
}

export async function changeView(ctx: Ctx, id: string, change: z.output<typeof views.change.body>): Promise<View> {
  const view = await lockView(ctx, id)
  const list = listFor(ctx, view.list)
  if (change.query) checkQuery(list, change.query)
  if (change.columns) checkColumns(list, change.columns)
  const share = change.share ?? view.share
  const shareId = change.share === undefined ? view.shareId : await placeOf(ctx, share, change.shareId ?? null)
  return write(ctx, view, { ...change, share, shareId })
}

export async function publishView(ctx: Ctx, id: string, shared: boolean): Promise<View> {
  return write(ctx, await lockView(ctx, id), { share: shared ? 'everybody' : 'private', shareId: null })
}

type Locked = Awaited<ReturnType<typeof lockView>>
type Next = Partial<Pick<Locked, 'name' | 'query' | 'columns' | 'pinned'>> & { share: Share; shareId: string | null }

async function write(ctx: Ctx, view: Locked, change: Next): Promise<View> {
  const next = { ...view, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) }
  const fields = (['name', 'share', 'shareId', 'query', 'columns', 'pinned'] as const).filter(
    key => JSON.stringify(next[key]) !== JSON.stringify(view[key]),
  )
  if (fields.length === 0) return viewWritten(ctx, view.id)
  const { name, share, shareId, query, columns, pinned } = next
  await ctx.db
    .updateTable('views.view')
    .set({ name, share, shareId, pinned, query: JSON.stringify(query), columns: columns && JSON.stringify(columns), changedAt: ctx.now })
    .where('id', '=', view.id)
    .execute()
  await ctx.emit(viewChanged, { id: view.id }, { list: view.list, share, fields })
  if (fields.some(f => f === 'query' || f === 'share' || f === 'pinned')) await settleCounting(ctx, next)
  return viewWritten(ctx, view.id)
}

export async function retireView(ctx: Ctx, id: string, retired: boolean): Promise<void> {
  const view = await lockView(ctx, id, true)
  if (view.retired === retired) return
  await ctx.db.updateTable('views.view').set({ retired, changedAt: ctx.now }).where('id', '=', id).execute()
  await ctx.emit(retired ? viewRetired : viewRestored, { id }, { list: view.list, share: view.share })
  await settleCounting(ctx, { ...view, retired })
}

export async function chooseView(ctx: Ctx, list: string, viewId: string | null): Promise<void> {
  const { id } = asUser(ctx.actor)
  listFor(ctx, list)
  if (viewId === null) await ctx.db.deleteFrom('views.choice').where('personId', '=', id).where('list', '=', list).execute()
  else {
    found(await visibleViews(ctx).select('v.id').where('v.id', '=', viewId).where('v.list', '=', list).executeTakeFirst(), 'view', viewId)
    await ctx.db
      .insertInto('views.choice')
      .values({ personId: id, list, viewId })
      .onConflict(conflict => conflict.columns(['personId', 'list']).doUpdateSet({ viewId }))
      .execute()
  }
  await ctx.emit(viewChosen, { id: viewId ?? id }, { list })
}

/** Its owner; a shared one also whoever may share with everybody. What the actor may not see, they do not find. */
async function lockView(ctx: Ctx, id: string, alsoRetired = false) {
  const { id: me } = asUser(ctx.actor)
  const mayShare = scopeOf(ctx.actor, 'view:share') !== null
  let rows = ctx.db
    .selectFrom('views.view')
    .select(['id', 'list', 'name', 'ownerId', 'share', 'shareId', 'query', 'columns', 'pinned', 'retired'])
    .where('id', '=', id)
  if (!alsoRetired) rows = rows.where('retired', '=', false)
  rows = rows.where(sql<boolean>`(owner_id = ${me} or share <> 'private')`)
  const view = found(await rows.forUpdate().executeTakeFirst(), 'view', id)
  if (view.ownerId !== me && !mayShare) throw new Refusal('forbidden', 'view.not_yours')
  return view
}

/** With one's own team or department; with another one only who may share with everybody. */
async function placeOf(ctx: Ctx, share: Share, given: string | null): Promise<string | null> {
  if (share !== 'team' && share !== 'department') return null
  const { teamId, departmentId } = asUser(ctx.actor)
  const own = share === 'team' ? teamId : departmentId
  const id = given ?? own
  if (id === null) throw new Refusal('invalid', share === 'team' ? 'view.no_team' : 'view.no_department')
  if (id === own) return id
  if (scopeOf(ctx.actor, 'view:share') === null) throw new Refusal('forbidden', 'view.not_your_place')
  const { rows } =
    await sql`select 1 from ${sql.table(share === 'team' ? 'identity.fact_team' : 'identity.fact_department')} where tenant_id = ${ctx.tenantId} and id = ${id} and not retired`.execute(
      ctx.db,
    )
  found(rows[0], share, id)
  return id
}
