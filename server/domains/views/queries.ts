import { sql } from 'kysely'
import type { View } from '#contract/views.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { countFor } from './counting.ts'
import { listFor } from './lists.ts'

/** Mine, and what is shared with my team, my department or everybody. */
export function visibleViews(ctx: Ctx) {
  const { id, teamId, departmentId } = asUser(ctx.actor)
  return ctx.db
    .selectFrom('views.view as v')
    .where(sql<boolean>`not v.retired`)
    .where(
      sql<boolean>`(v.owner_id = ${id} or v.share = 'everybody' or (v.share = 'team' and v.share_id = ${teamId}) or (v.share = 'department' and v.share_id = ${departmentId}))`,
    )
}

const mostShown = 100

export async function listViews(ctx: Ctx, list: string): Promise<View[]> {
  listFor(ctx, list)
  return shown(ctx, sql`and v.list = ${list}`)
}

/** As it stands, for those who have just written it and may have put it out of their own sight. */
export const viewWritten = async (ctx: Ctx, id: string): Promise<View> =>
  found((await shown(ctx, sql`and v.id = ${id}`, true))[0], 'view', id)

type Row = Omit<View, 'mayChange' | 'opens' | 'count'> & { opens: boolean; state: string | null; n: number | null }

async function shown(ctx: Ctx, which: ReturnType<typeof sql>, written = false): Promise<View[]> {
  const { id: me, teamId, departmentId } = asUser(ctx.actor)
  const part = (of: ReturnType<typeof sql>) =>
    sql`select v.* from views.view v where v.tenant_id = ${ctx.tenantId} and not v.retired ${which} and ${of}`
  const { rows } =
    await sql<Row>`select v.id, v.list, v.name, v.owner_id as "ownerId", p.name as "ownerName", v.share, v.share_id as "shareId", v.query, v.columns, v.pinned,
      c.view_id is not null as opens, k.state, k.n
    from (${part(written ? sql`true` : sql`v.owner_id = ${me}`)} union ${part(sql`v.share = 'everybody'`)}
      union ${part(sql`v.share = 'team' and v.share_id = ${teamId}`)} union ${part(sql`v.share = 'department' and v.share_id = ${departmentId}`)}) v
    left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = v.owner_id
    left join views.choice c on c.tenant_id = ${ctx.tenantId} and c.person_id = ${me} and c.list = v.list and c.view_id = v.id
    left join views.count k on k.tenant_id = ${ctx.tenantId} and k.id = v.id
    order by v.name, v.id limit ${mostShown}`.execute(ctx.db)
  const mayShare = scopeOf(ctx.actor, 'view:share') !== null
  const all: View[] = []
  for (const { state, n, ...view } of rows)
    all.push({
      ...view,
      mayChange: view.ownerId === me || (mayShare && view.share !== 'private'),
      count: view.pinned || view.share !== 'private' ? await countFor(ctx, view, state === null ? undefined : { state, n: n ?? 0 }) : null,
    })
  return all
}
