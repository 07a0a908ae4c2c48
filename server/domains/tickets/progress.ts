import { sql } from 'kysely'
import type * as z from 'zod'
import type { Progress } from '#contract/tickets.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { keysOf } from '#kernel/directory.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { urgeAsCustomer } from './actions/steps.ts'
import { isTold } from './rules.ts'

/** What the holder of the link may know: public steps, words meant for them, no name of anyone. */
export async function progressOf(ctx: Ctx): Promise<z.output<typeof Progress>> {
  const id = linked(ctx)
  const [tenant, widgets, { source, ...ticket }, steps] = await Promise.all([
    tenantCard(ctx),
    keysOf(ctx, 'widget'),
    sql<
      Seen & { source: string | null }
    >`select t.number, t.title, t.place, t.status, t.opened_at as "openedAt", t.due_at as "dueAt", t.resolved_at as "resolvedAt", t.closed_at as "closedAt", t.urges,
        k.name as kind, k.name_en as "kindEn", d.name as "departmentName", d.name_en as "departmentNameEn", i.source
      from tickets.ticket t join tickets.kind k on k.tenant_id = t.tenant_id and k.id = t.kind_id
      left join identity.fact_department d on d.tenant_id = t.tenant_id and d.id = t.department_id
      left join interactions.fact_interaction i on i.tenant_id = t.tenant_id and i.id = t.interaction_id
      where t.tenant_id = ${ctx.tenantId} and t.id = ${id}`
      .execute(ctx.db)
      .then(({ rows }) => found(rows[0], 'ticket', id)),
    ctx.db
      .selectFrom('tickets.entry')
      .select(['kind', 'text', 'at'])
      .where('ticketId', '=', id)
      // That it was returned explains why it is nobody's again; the reason stays in the house.
      .where(e => e.or([e('public', '=', true), e('kind', '=', 'returned')]))
      .orderBy('id', 'desc')
      .limit(100)
      .execute(),
  ])
  return {
    tenantName: tenant.name,
    tenantNameEn: tenant.nameEn,
    brand: tenant.brand,
    // Where they wrote from, so that they find the same talk again.
    widgetKey: widgets.find(key => source === `widget:${key}`) ?? widgets[0] ?? null,
    ...ticket,
    steps: steps.reverse().map(s => ({ kind: s.kind, text: isTold(s.kind) ? s.text : '', at: s.at })),
  }
}
type Seen = Omit<z.output<typeof Progress>, 'tenantName' | 'tenantNameEn' | 'brand' | 'widgetKey' | 'steps'>

export async function urgeByLink(ctx: Ctx, said: { text: string }): Promise<z.output<typeof Progress>> {
  await urgeAsCustomer(ctx, linked(ctx), said)
  return progressOf(ctx)
}

function linked({ actor }: Ctx): string {
  if (actor.kind !== 'link' || actor.noun !== 'ticket') throw new Refusal('unauthenticated', 'access.link_invalid')
  return actor.about
}
