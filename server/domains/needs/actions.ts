import { sql } from 'kysely'
import type * as z from 'zod'
import { fieldFault, filledOnly } from '#contract/forms.ts'
import { type Need, type NeedChange, type NewNeed, needOver, type needs, type Voice } from '#contract/needs.ts'
import { personName } from '#domains/identity/index.ts'
import { callOff } from '#domains/messaging/index.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { isAstray, oneVoice } from './askers.ts'
import { needAnswered, needCaptured, needChanged, needMoved, needTold } from './events.ts'
import { needById, ofNeed, visibleNeeds, written } from './queries.ts'
import { addVoice, whoSays } from './voices.ts'

export const searchOf = ({ title, text }: { title: string; text: string }) => sql`${bigrams(title, text)}::tsvector`
export const mine = (ctx: Ctx) => (ctx.actor.kind === 'user' && !ctx.actor.key && !ctx.actor.rule ? ctx.actor.id : null)

async function templateOf(ctx: Ctx, id: string) {
  const template = await ctx.db
    .selectFrom('needs.template')
    .select(['id', 'fields', 'departmentId', 'retired'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!template) throw new Refusal('invalid', 'need.template_unknown')
  return template
}
async function asks(ctx: Ctx, templateId: string, values: Record<string, unknown>) {
  const template = await templateOf(ctx, templateId)
  const kept = filledOnly(values)
  const fault = fieldFault(template.fields, kept)
  if (fault) throw new Refusal('invalid', 'need.field', fault)
  return { template, kept }
}

/** Locked for whoever may do this with it, as the editor saw it. A merged one is decided about no more: whoever reads it reads the other. */
export async function locked(ctx: Ctx, id: string, version: number, may: 'need:write' | 'need:decide'): Promise<Need> {
  const row = found(
    await visibleNeeds(ctx, may).select(['n.version', 'n.mergedInto']).where('n.id', '=', id).forUpdate().executeTakeFirst(),
    'need',
    id,
  )
  if (row.mergedInto !== null) throw new Refusal('conflict', 'need.merged')
  if (row.version !== version) throw new Refusal('conflict', 'need.changed_meanwhile', { version: row.version })
  return written(ctx, id)
}

export async function captureNeed(
  ctx: Ctx,
  { clientId, customerId, interactionId, from, words, ...form }: z.output<typeof NewNeed>,
): Promise<Need> {
  const { template, kept } = await asks(ctx, form.templateId, form.fields)
  if (template.retired) throw new Refusal('invalid', 'need.template_unknown')
  const id = clientId ?? newId()
  const added = await ctx.db
    .insertInto('needs.need')
    .values({
      id,
      title: form.title,
      text: form.text,
      templateId: form.templateId,
      fields: JSON.stringify(kept),
      state: 'heard',
      departmentId: template.departmentId,
      ownerId: null,
      mergedInto: null,
      answeredAt: null,
      openedAt: ctx.now,
      openedById: mine(ctx),
      changedAt: ctx.now,
      search: searchOf(form),
    })
    .onConflict(conflict => conflict.columns(['id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  // Sent again after a lost answer: it is there.
  if (!added) return needById(ctx, id)
  const said = { customerId, interactionId, from, words }
  const whose = await whoSays(ctx, said)
  await ctx.emit(needCaptured, { id, customerId: whose, interactionId }, {}, { title: form.title })
  await addVoice(ctx, id, { ...said, whose })
  return written(ctx, id)
}

async function mustBeDepartment(ctx: Ctx, id: string | null): Promise<void> {
  if (id === null) return
  const { rows } = await sql`select 1 from identity.fact_department where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  found(rows[0], 'department', id)
}

const editable = ['title', 'text', 'fields', 'departmentId', 'ownerId'] as const
export async function changeNeed(ctx: Ctx, id: string, { version, ...form }: z.output<typeof NeedChange>): Promise<Need> {
  const before = await locked(ctx, id, version, 'need:write')
  const fields = form.fields === undefined ? before.fields : (await asks(ctx, before.templateId, form.fields)).kept
  const after = {
    title: form.title ?? before.title,
    text: form.text ?? before.text,
    fields,
    departmentId: form.departmentId === undefined ? before.departmentId : form.departmentId,
    ownerId: form.ownerId === undefined ? before.ownerId : form.ownerId,
  }
  const changed = editable.filter(key => JSON.stringify(after[key]) !== JSON.stringify(before[key]))
  if (changed.length === 0) return before
  if (changed.includes('ownerId') && after.ownerId) found(await personName(ctx, after.ownerId), 'person', after.ownerId)
  if (changed.includes('departmentId')) await mustBeDepartment(ctx, after.departmentId)
  await ctx.db
    .updateTable('needs.need')
    .set({
      ...after,
      fields: JSON.stringify(fields),
      search: searchOf(after),
      changedAt: ctx.now,
      version: version + 1,
      changedXid: thisTransaction,
    })
    .where('id', '=', id)
    .execute()
  const given = (key: 'departmentId' | 'ownerId') => (changed.includes(key) ? { [key]: after[key] } : {})
  await ctx.emit(needChanged, { id }, { fields: [...changed], ...given('departmentId'), ...given('ownerId') })
  return written(ctx, id)
}

export async function moveNeed(ctx: Ctx, id: string, { state, version }: z.output<typeof needs.move.body>): Promise<Need> {
  const before = await locked(ctx, id, version, 'need:decide')
  if (before.state === state) return before
  if (needOver(state)) throw new Refusal('invalid', 'need.answer_it')
  await ctx.db
    .updateTable('needs.need')
    .set({ state, changedAt: ctx.now, version: version + 1, changedXid: thisTransaction })
    .where('id', '=', id)
    .execute()
  await ctx.emit(needMoved, { id }, { from: before.state, to: state })
  return written(ctx, id)
}

/** What becomes of it. Whoever said it is told by a reaction, a few hundred at a time. */
export async function answerNeed(ctx: Ctx, id: string, { state, text, tell, version }: z.output<typeof needs.answer.body>): Promise<Need> {
  const before = await locked(ctx, id, version, 'need:decide')
  await ctx.db
    .updateTable('needs.need')
    .set({ state, answer: text, answeredAt: ctx.now, changedAt: ctx.now, version: version + 1, changedXid: thisTransaction })
    .where('id', '=', id)
    .execute()
  // A new answer is told anew to those who were told another one; the same answer to those whom it did not reach.
  const isSame = before.state === state && before.answer === text
  if (!isSame) await callOffAnswers(ctx, id)
  if (tell)
    await sql`update needs.voice v set told_at = null, message_id = null, untold = null, told_by_name = null
      where v.tenant_id = ${ctx.tenantId} and v.told_at is not null and ${ofNeed(ctx, id)} ${isSame ? sql`and ${isAstray(ctx)}` : sql``}`.execute(
      ctx.db,
    )
  await ctx.emit(needAnswered, { id }, { state, tell })
  return written(ctx, id)
}

/** An answer that stands no more and still waits, as it does by night, is not told. */
async function callOffAnswers(ctx: Ctx, id: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`select v.message_id as id from needs.voice v
    where v.tenant_id = ${ctx.tenantId} and v.message_id is not null and ${ofNeed(ctx, id)}`.execute(ctx.db)
  await callOff(
    ctx,
    rows.map(row => row.id),
  )
}

/** Somebody told them by word of mouth: where no message gets, or before it would. */
export async function toldInPerson(ctx: Ctx, id: string): Promise<z.output<typeof Voice>> {
  const { needId, customerId } = await oneVoice(ctx, id)
  const need = found(
    await visibleNeeds(ctx, 'need:read')
      .select(['n.id', 'n.state', 'n.answeredAt'])
      .where('n.id', '=', needId)
      .forShare()
      .executeTakeFirst(),
    'need',
    needId,
  )
  if (need.answeredAt === null) throw new Refusal('conflict', 'need.not_answered')
  await ctx.db
    .updateTable('needs.voice')
    .set({ toldAt: ctx.now, messageId: null, untold: null, toldByName: ctx.actor.kind === 'user' ? ctx.actor.name : '' })
    .where('id', '=', id)
    .execute()
  await ctx.emit(needTold, { id: need.id, customerId }, { state: need.state, way: 'person' })
  return (await oneVoice(ctx, id)).voice
}
