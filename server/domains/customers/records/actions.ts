import type * as z from 'zod'
import { type FormValues, fieldFault, filledOnly } from '#contract/forms.ts'
import type { CustomerRecord, NewRecord, RecordChange } from '#contract/records.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { heldFile } from '../kept.ts'
import { visibleCustomers } from '../queries.ts'
import { recordAdded, recordChanged, recordEnded, recordMoved, recordReopened } from './events.ts'
import { recordColumns } from './queries.ts'
import { recordNumber } from './rules.ts'
import { taken } from './store.ts'

const kindOf = async (ctx: Ctx, id: string) =>
  found(await ctx.db.selectFrom('customers.recordKind').selectAll().where('id', '=', id).executeTakeFirst(), 'record_kind', id)
type Kind = Awaited<ReturnType<typeof kindOf>>
const facts = (kind: Kind) => ({ kindId: kind.id, kind: kind.name, kindEn: kind.nameEn })

/** Locked, if its customer may be changed; refused when another editor was faster. */
async function lockRecord(ctx: Ctx, id: string, version: number): Promise<CustomerRecord> {
  const record = found(
    await ctx.db.selectFrom('customers.record').select(recordColumns).where('id', '=', id).forUpdate().executeTakeFirst(),
    'record',
    id,
  )
  const mine = await visibleCustomers(ctx, 'customer:write').select('id').where('id', '=', record.customerId).executeTakeFirst()
  if (!mine) throw new Refusal('not_found', 'record.not_found', { id })
  if (record.version !== version) throw new Refusal('conflict', 'record.changed_meanwhile', { version: record.version })
  return record
}

function checkFields(kind: Kind, fields: FormValues): void {
  const fault = fieldFault(kind.fields, fields)
  if (fault) throw new Refusal('invalid', 'record.field_invalid', fault)
}

function numberOf(typed: string): string {
  const number = recordNumber(typed)
  if (number === '') throw new Refusal('invalid', 'record.number_missing')
  return number
}

export async function addRecord(ctx: Ctx, asked: string, { kindId, number, fields, note, extId, since }: z.output<typeof NewRecord>) {
  const customerId = await heldFile(ctx, asked)
  const kind = await kindOf(ctx, kindId)
  if (kind.retired) throw new Refusal('conflict', 'record_kind.retired', { name: kind.name })
  checkFields(kind, fields)
  const row = {
    id: newId(), kindId, customerId, number: numberOf(number), extId, fields: JSON.stringify(filledOnly(fields)), note,
    since: since ?? ctx.now, endedAt: null,
  } // biome-ignore format: one line per thing
  const added = await ctx.db.insertInto('customers.record').values(row).returning(recordColumns).executeTakeFirstOrThrow().catch(taken)
  await ctx.emit(recordAdded, { id: added.id, customerId }, facts(kind), { number: added.number })
  return added
}

export async function changeRecord(ctx: Ctx, id: string, { version, number, fields, note, extId }: z.output<typeof RecordChange>) {
  const before = await lockRecord(ctx, id, version)
  const kind = await kindOf(ctx, before.kindId)
  if (fields) checkFields(kind, fields)
  const after = {
    number: number === undefined ? before.number : numberOf(number),
    fields: fields === undefined ? before.fields : filledOnly(fields),
    note: note ?? before.note,
    extId: extId === undefined ? before.extId : extId,
  }
  const said = (['number', 'note', 'extId'] as const).filter(key => after[key] !== before[key])
  const own = kind.fields.map(f => f.key).filter(key => after.fields[key] !== before.fields[key])
  if (said.length + own.length === 0 && same(after.fields, before.fields)) return before
  const changed = await keep(ctx, before, { ...after, fields: JSON.stringify(after.fields) })
  await ctx.emit(
    recordChanged,
    { id, customerId: before.customerId },
    { ...facts(kind), fields: [...said, ...own] },
    { number: changed.number },
  )
  return changed
}

const same = (a: FormValues, b: FormValues) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

export async function moveRecord(ctx: Ctx, id: string, { customerId: asked, version }: { customerId: string; version: number }) {
  const before = await lockRecord(ctx, id, version)
  const customerId = await heldFile(ctx, asked)
  if (before.customerId === customerId) return before
  const kind = await kindOf(ctx, before.kindId)
  const moved = await keep(ctx, before, { customerId })
  const personal = { number: moved.number }
  await ctx.emit(recordMoved, { id, customerId: before.customerId }, { ...facts(kind), to: customerId, from: null }, personal)
  await ctx.emit(recordMoved, { id, customerId }, { ...facts(kind), to: null, from: before.customerId }, personal)
  return moved
}

export async function endRecord(ctx: Ctx, id: string, { at, version }: { at?: Date | undefined; version: number }) {
  const before = await lockRecord(ctx, id, version)
  if (before.endedAt !== null) throw new Refusal('conflict', 'record.ended_already')
  const endedAt = at ?? ctx.now
  if (endedAt < before.since) throw new Refusal('invalid', 'record.ended_before_it_began')
  const ended = await keep(ctx, before, { endedAt })
  const kind = await kindOf(ctx, before.kindId)
  await ctx.emit(
    recordEnded,
    { id, customerId: before.customerId },
    { ...facts(kind), at: endedAt.toISOString() },
    { number: ended.number },
  )
  return ended
}

export async function reopenRecord(ctx: Ctx, id: string, { version }: { version: number }) {
  const before = await lockRecord(ctx, id, version)
  if (before.endedAt === null) return before
  const kind = await kindOf(ctx, before.kindId)
  const open = await keep(ctx, before, { endedAt: null })
  await ctx.emit(recordReopened, { id, customerId: before.customerId }, facts(kind), { number: open.number })
  return open
}

type Kept = { number?: string; fields?: string; note?: string; extId?: string | null; customerId?: string; endedAt?: Date | null }
const keep = (ctx: Ctx, { id, version }: CustomerRecord, values: Kept) =>
  ctx.db
    .updateTable('customers.record')
    .set({ ...values, version: version + 1, changedXid: thisTransaction })
    .where('id', '=', id)
    .returning(recordColumns)
    .executeTakeFirstOrThrow()
    .catch(taken)
