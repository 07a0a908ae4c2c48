import { sql } from 'kysely'
import * as z from 'zod'
import type { CustomerFile, profile } from '#contract/profile.ts'
import { actorId } from '#kernel/access.ts'
import { ofFamily } from '#kernel/family.ts'
import { bindFile, fileCards } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { oneAtATime } from '../again.ts'
import { heldFile, seenFile } from '../kept.ts'
import { customerFiled } from './events.ts'

const columns = ['id', 'fileId', 'note', 'addedById', 'addedAt'] as const
type Row = { id: string; fileId: string; note: string; addedById: string | null; addedAt: Date }

export async function filesOf(
  ctx: Ctx,
  id: string,
  { after, size = 50 }: z.output<typeof profile.files.query>,
): Promise<Page<CustomerFile>> {
  await seenFile(ctx, id)
  const from = readCursor(after, z.tuple([z.uuid()]))
  let rows = ctx.db
    .selectFrom('customers.file')
    .select(columns)
    .where(ofFamily(ctx, sql`customer_id`, id))
    .where('removedAt', 'is', null)
  if (from) rows = rows.where('id', '<', from[0])
  const page = pageRows(
    await rows
      .orderBy('id', 'desc')
      .limit(size + 1)
      .execute(),
    size,
    row => [row.id],
  )
  return { rows: await shown(ctx, page.rows), next: page.next }
}

export async function keepFileWith(ctx: Ctx, asked: string, { fileId, note }: z.output<typeof profile.keep.body>): Promise<CustomerFile> {
  const id = await heldFile(ctx, asked)
  await oneAtATime(ctx, fileId)
  const before = await ctx.db
    .selectFrom('customers.file')
    .select(columns)
    .where(ofFamily(ctx, sql`customer_id`, id))
    .where('fileId', '=', fileId)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  // Sent again after a lost answer: it is there.
  if (before) return found((await shown(ctx, [before]))[0], 'file', fileId)
  const file = await bindFile(ctx, fileId, 'customer', id)
  const row = { id: newId(), note, addedById: actorId(ctx.actor), addedAt: ctx.now }
  await ctx.db
    .insertInto('customers.file')
    .values({ ...row, customerId: id, fileId, removedAt: null })
    .execute()
  await ctx.emit(customerFiled, { id, customerId: id }, { keptId: row.id, act: 'added' }, { file: file.name })
  return { ...row, file }
}

/** What was kept by mistake is shown no more; brought back, it stands where it stood. */
export async function removeFile(
  ctx: Ctx,
  { id, keptId, removed }: { id: string; keptId: string; removed: boolean },
): Promise<CustomerFile> {
  await heldFile(ctx, id)
  const row = found(
    await ctx.db
      .updateTable('customers.file')
      .set({ removedAt: removed ? ctx.now : null })
      .where(ofFamily(ctx, sql`customer_id`, id))
      .where('id', '=', keptId)
      .where('removedAt', removed ? 'is' : 'is not', null)
      .returning(columns)
      .executeTakeFirst(),
    'file',
    keptId,
  )
  const [file] = await shown(ctx, [row])
  await ctx.emit(
    customerFiled,
    { id, customerId: id },
    { keptId, act: removed ? 'removed' : 'restored' },
    file?.file ? { file: file.file.name } : {},
  )
  return found(file, 'file', keptId)
}

async function shown(ctx: Ctx, rows: readonly Row[]): Promise<CustomerFile[]> {
  const cards = await fileCards(
    ctx,
    rows.map(row => row.fileId),
  )
  return rows.map(({ fileId, ...row }) => ({ ...row, file: cards.get(fileId) ?? null }))
}
