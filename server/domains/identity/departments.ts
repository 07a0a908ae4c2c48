import type * as z from 'zod'
import type { Department, departments } from '#contract/people.ts'
import { catalogChanged } from '#kernel/catalog.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { calendarOf } from './queries.ts'

const shown = ['id', 'name', 'nameEn', 'parentId', 'takesTickets', 'calendarId', 'retired'] as const
type Act = z.output<typeof catalogChanged.detail>['act']

export async function listDepartments(ctx: Ctx, withRetired: boolean) {
  const all = ctx.db.selectFrom('identity.department').select(shown).orderBy('id')
  return (withRetired ? all : all.where('retired', '=', false)).execute()
}

export async function addDepartment(ctx: Ctx, department: z.output<typeof Department>) {
  await checkParent(ctx, null, department.parentId)
  if (department.calendarId !== null) await calendarOf(ctx, department.calendarId)
  const added = await ctx.db
    .insertInto('identity.department')
    .values({ id: newId(), ...department })
    .returning(shown)
    .executeTakeFirstOrThrow()
  return told(ctx, 'added', {}, added)
}

export async function changeDepartment(ctx: Ctx, id: string, change: Partial<z.output<typeof departments.shape>>) {
  const before = await lockDepartment(ctx, id)
  await checkParent(ctx, id, change.parentId ?? null)
  if (change.calendarId) await calendarOf(ctx, change.calendarId)
  if (Object.values(change).some(value => value !== undefined))
    await ctx.db.updateTable('identity.department').set(change).where('id', '=', id).execute()
  return told(ctx, 'changed', before, await lockDepartment(ctx, id))
}

export async function retireDepartment(ctx: Ctx, id: string, retired: boolean) {
  const before = await lockDepartment(ctx, id)
  await ctx.db.updateTable('identity.department').set({ retired }).where('id', '=', id).execute()
  return told(ctx, retired ? 'retired' : 'restored', before, await lockDepartment(ctx, id))
}

/** A department stands below another, and never, however far up one looks, below itself. */
async function checkParent(ctx: Ctx, id: string | null, parentId: string | null) {
  // Every change of the tree waits for the one before it: two could close a circle that neither sees.
  const rows = await ctx.db.selectFrom('identity.department').select(['id', 'parentId']).orderBy('id').forUpdate().execute()
  const parents = new Map(rows.map(row => [row.id, row.parentId]))
  if (parentId !== null && !parents.has(parentId)) throw new Refusal('not_found', 'department.not_found', { id: parentId })
  for (let above: string | null = parentId; above !== null; above = parents.get(above) ?? null)
    if (above === id) throw new Refusal('conflict', 'department.below_itself')
}

const lockDepartment = async (ctx: Ctx, id: string) =>
  found(await ctx.db.selectFrom('identity.department').select(shown).where('id', '=', id).forUpdate().executeTakeFirst(), 'department', id)

async function told<R extends { id: string; name: string }>(ctx: Ctx, act: Act, before: object, row: R): Promise<R> {
  const changes = differenceOf(before, row, ['name', 'nameEn', 'parentId', 'takesTickets', 'calendarId'])
  await ctx.emit(catalogChanged, { id: row.id }, { table: 'identity.department', act, name: row.name, changes })
  return row
}
