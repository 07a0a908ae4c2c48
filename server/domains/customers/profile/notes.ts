import { sql } from 'kysely'
import * as z from 'zod'
import { type CustomerNote, noteCan, type profile } from '#contract/profile.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { ofFamily } from '#kernel/family.ts'
import { newId } from '#kernel/ids.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { oneAtATime } from '../again.ts'
import { heldFile, seenFile } from '../kept.ts'
import { customerNoted } from './events.ts'

const columns = ['id', 'text', 'pinned', 'writerId', 'writtenAt', 'changedAt', 'version'] as const

export async function notesOf(
  ctx: Ctx,
  id: string,
  { after, size = 50 }: z.output<typeof profile.notes.query>,
): Promise<Page<CustomerNote>> {
  await seenFile(ctx, id)
  const from = readCursor(after, z.tuple([z.boolean(), z.uuid()]))
  let rows = ctx.db
    .selectFrom('customers.note')
    .select(columns)
    .where(ofFamily(ctx, sql`customer_id`, id))
    .where('removedAt', 'is', null)
  if (from) rows = rows.where(sql<boolean>`(pinned, id) < (${from[0]}, ${from[1]}::uuid)`)
  const page = await rows
    .orderBy('pinned', 'desc')
    .orderBy('id', 'desc')
    .limit(size + 1)
    .execute()
  return pageRows(page, size, row => [row.pinned, row.id])
}

export async function writeNote(
  ctx: Ctx,
  asked: string,
  { text, pinned, clientId }: z.output<typeof profile.write.body>,
): Promise<CustomerNote> {
  const id = await heldFile(ctx, asked)
  const before = clientId && (await writtenBefore(ctx, id, clientId))
  if (before) return before
  const note = { id: newId(), text, pinned, writerId: actorId(ctx.actor), writtenAt: ctx.now, changedAt: null, version: 1 }
  await ctx.db
    .insertInto('customers.note')
    .values({ ...note, customerId: id, removedAt: null, clientId: clientId ?? null })
    .execute()
  await tell(ctx, id, note, 'written')
  return note
}

/** A retry finds what the first call wrote. */
async function writtenBefore(ctx: Ctx, id: string, clientId: string): Promise<CustomerNote | undefined> {
  await oneAtATime(ctx, clientId)
  return ctx.db
    .selectFrom('customers.note')
    .select(columns)
    .where(ofFamily(ctx, sql`customer_id`, id))
    .where('clientId', '=', clientId)
    .executeTakeFirst()
}

type Changed = { id: string; noteId: string; body: z.output<typeof profile.rewrite.body> }
export async function rewriteNote(ctx: Ctx, { id, noteId, body }: Changed): Promise<CustomerNote> {
  const note = await lockNote(ctx, id, noteId, false)
  if (note.version !== body.version) throw new Refusal('conflict', 'customer.note_changed', { version: note.version })
  const rewritten = body.text !== undefined && body.text !== note.text
  if (rewritten && !noteCan.change(note, actorId(ctx.actor))) throw new Refusal('forbidden', 'customer.note_of_another')
  const pinned = body.pinned ?? note.pinned
  if (!rewritten && pinned === note.pinned) return note
  const next = {
    text: body.text ?? note.text,
    pinned,
    changedAt: rewritten ? ctx.now : note.changedAt,
    version: note.version + 1,
  }
  await ctx.db.updateTable('customers.note').set(next).where('id', '=', noteId).execute()
  const after = { ...note, ...next }
  await tell(ctx, id, after, rewritten ? 'changed' : pinned ? 'pinned' : 'unpinned')
  return after
}

export async function removeNote(
  ctx: Ctx,
  { id, noteId, removed }: { id: string; noteId: string; removed: boolean },
): Promise<CustomerNote> {
  const note = await lockNote(ctx, id, noteId, !removed)
  if (!noteCan.remove(note, actorId(ctx.actor), scopeOf(ctx.actor, 'customer:write') === 'all'))
    throw new Refusal('forbidden', 'customer.note_of_another')
  await ctx.db
    .updateTable('customers.note')
    .set({ removedAt: removed ? ctx.now : null, version: note.version + 1 })
    .where('id', '=', noteId)
    .execute()
  await tell(ctx, id, note, removed ? 'removed' : 'restored')
  return { ...note, version: note.version + 1 }
}

async function lockNote(ctx: Ctx, id: string, noteId: string, gone: boolean): Promise<CustomerNote> {
  await heldFile(ctx, id)
  const row = await ctx.db
    .selectFrom('customers.note')
    .select([...columns, 'removedAt'])
    .where(ofFamily(ctx, sql`customer_id`, id))
    .where('id', '=', noteId)
    .forUpdate()
    .executeTakeFirst()
  return found((row?.removedAt !== null) === gone ? row : undefined, 'note', noteId)
}

const tell = (ctx: Ctx, id: string, { id: noteId, text }: Pick<CustomerNote, 'id' | 'text'>, act: Act) =>
  ctx.emit(customerNoted, { id, customerId: id }, { noteId, act }, act === 'written' || act === 'changed' ? { text } : {})
type Act = 'written' | 'changed' | 'pinned' | 'unpinned' | 'removed' | 'restored'
