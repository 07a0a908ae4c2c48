import { sql } from 'kysely'
import type * as z from 'zod'
import { formFault } from '#contract/forms.ts'
import { TicketCategory, type TicketKind, ticketCategories, ticketKinds } from '#contract/tickets.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

// Graduated from catalogs: what a kind and a category name must be there, and a form must make sense.

type Kind = z.output<typeof TicketKind>
type Category = z.output<typeof TicketCategory>
export const kinds = catalogVerbs(ticketKinds, 'tickets.kind')
export const categories = catalogVerbs(ticketCategories, 'tickets.category')

export async function addKind(ctx: Ctx, kind: Kind) {
  await checkKind(ctx, kind)
  return kinds.add(ctx, kind)
}

export async function changeKind(ctx: Ctx, id: string, change: Partial<Kind>) {
  await checkKind(ctx, change)
  return kinds.change(ctx, id, change)
}

async function checkKind(ctx: Ctx, { calendarId, fields }: Partial<Kind>): Promise<void> {
  if (calendarId) await calendarOf(ctx, calendarId)
  const fault = fields && formFault(fields)
  if (fault) throw new Refusal('invalid', `ticket_kind.${fault.reason}`, { label: fault.label })
}

export async function addCategory(ctx: Ctx, category: Category) {
  await checkCategory(ctx, null, category)
  return categories.add(ctx, category)
}

export async function changeCategory(ctx: Ctx, id: string, change: Partial<Category>) {
  await checkCategory(ctx, id, TicketCategory.parse({ ...(await categories.one(ctx, id)), ...change }))
  return categories.change(ctx, id, change)
}

async function checkCategory(ctx: Ctx, id: string | null, { kindId, departmentId, parentId }: Category): Promise<void> {
  const { rows } = await sql<{ kind: boolean; department: boolean | null }>`select
      exists (select 1 from tickets.kind where tenant_id = ${ctx.tenantId} and id = ${kindId}) as kind,
      (select takes_tickets and not retired from identity.fact_department where tenant_id = ${ctx.tenantId} and id = ${departmentId}::uuid) as department`.execute(
    ctx.db,
  )
  if (!rows[0]?.kind) found(undefined, 'ticket_kind', kindId)
  if (departmentId !== null) {
    const takes = rows[0]?.department ?? null
    if (takes === null) found(undefined, 'department', departmentId)
    if (!takes) throw new Refusal('invalid', 'department.takes_no_tickets')
  }
  // Every change of the tree waits for the one before it: two could close a circle that neither sees.
  const all = await ctx.db.selectFrom('tickets.category').select(['id', 'parentId', 'kindId']).orderBy('id').forUpdate().execute()
  if (id !== null && all.some(c => c.parentId === id && c.kindId !== kindId))
    throw new Refusal('conflict', 'ticket_category.has_others_below')
  if (parentId === null) return
  const parent = found(all.find(c => c.id === parentId), 'ticket_category', parentId) // biome-ignore format: one line reads better
  if (parent.kindId !== kindId) throw new Refusal('invalid', 'ticket_category.parent_of_other_kind')
  const parents = new Map(all.map(c => [c.id, c.parentId]))
  for (let above: string | null = parentId; above !== null; above = parents.get(above) ?? null)
    if (above === id) throw new Refusal('conflict', 'ticket_category.below_itself')
}
