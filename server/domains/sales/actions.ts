import { sql } from 'kysely'
import type * as z from 'zod'
import type { NewOpportunity, Opportunity, OpportunityChange, opportunities } from '#contract/sales.ts'
import {
  addCustomer,
  identify,
  mayReadCustomer,
  mayWriteCustomer,
  rememberIdentity,
  type Shows,
  sentBack,
  shownTo,
  showsOf,
  typedPhone,
} from '#domains/customers/index.ts'
import { personName } from '#domains/identity/index.ts'
import { actorId } from '#kernel/access.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { opportunityChanged, opportunityConverted, opportunityMoved, opportunityOpened } from './events.ts'
import { described, opportunityById, selectOpportunities, visibleOpportunities } from './queries.ts'

/** A customer is found by what their file says; by its name only a lead. */
export const searchOf = ({ title, name, note }: { title: string; name: string; note: string }) =>
  sql`${bigrams(title, name, note)}::tsvector`
export const mine = (ctx: Ctx) => (ctx.actor.kind === 'user' && !ctx.actor.key && !ctx.actor.rule ? ctx.actor.id : null)
export const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : null)

async function stageOf(ctx: Ctx, id: string | null) {
  const stages = ctx.db.selectFrom('sales.stage').select(['id', 'name', 'kind']).where('retired', '=', false)
  const stage = await (id === null
    ? stages.where('kind', '=', 'open').orderBy('position').orderBy('id')
    : stages.where('id', '=', id)
  ).executeTakeFirst()
  if (!stage) throw new Refusal(id === null ? 'conflict' : 'invalid', id === null ? 'opportunity.no_stages' : 'opportunity.stage_unknown')
  return stage
}

/** A file that the actor may not read is as good as none. */
async function known(ctx: Ctx, customerId: string | null, may = mayReadCustomer): Promise<void> {
  if (customerId !== null && !(await may(ctx, customerId))) throw new Refusal('not_found', 'customer.not_found', { id: customerId })
}

const someone = async (ctx: Ctx, id: string | null | undefined) => id && found(await personName(ctx, id), 'person', id)

export async function openOpportunity(ctx: Ctx, { clientId, ...form }: z.output<typeof NewOpportunity>): Promise<Opportunity> {
  await known(ctx, form.customerId)
  await someone(ctx, form.ownerId)
  const stage = await stageOf(ctx, form.stageId)
  if (stage.kind !== 'open') throw new Refusal('invalid', 'opportunity.begins_open')
  const row = {
    ...form,
    id: clientId ?? newId(),
    extId: null,
    ...typedPhone(form.phone),
    stageId: stage.id,
    ownerId: form.ownerId === undefined ? mine(ctx) : form.ownerId,
  }
  const added = await ctx.db
    .insertInto('sales.opportunity')
    .values({
      ...row,
      state: 'open',
      currency: 'CNY',
      openedById: mine(ctx),
      lostReason: '',
      openedAt: ctx.now,
      changedAt: ctx.now,
      closedAt: null,
      convertedAt: null,
      version: 1,
      search: searchOf(row),
    })
    .onConflict(conflict => conflict.columns(['id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  // Sent again after a lost answer: it is there.
  if (!added) return opportunityById(ctx, row.id)
  await step(ctx, row.id, null, stage.id, '')
  await ctx.emit(
    opportunityOpened,
    { id: row.id, customerId: form.customerId, interactionId: form.interactionId },
    { source: form.source, value: form.value },
    { title: form.title },
  )
  return written(ctx, row.id)
}

const step = (ctx: Ctx, opportunityId: string, fromId: string | null, toId: string, note: string) =>
  ctx.db
    .insertInto('sales.step')
    .values({ id: newId(), opportunityId, fromId, toId, at: ctx.now, byId: actorId(ctx.actor), byName: nameOf(ctx), note })
    .execute()

/** As it stands, also for those who have just put it out of their own sight. */
export const written = async (ctx: Ctx, id: string): Promise<Opportunity> => {
  const row = await ctx.db.selectFrom('sales.opportunity as o').select(described(ctx)).where('o.id', '=', id).executeTakeFirst()
  return shownTo(await showsOf(ctx), found(row, 'opportunity', id))
}

async function locked(ctx: Ctx, id: string, version: number): Promise<Opportunity> {
  const row = found(
    await visibleOpportunities(ctx, 'opportunity:write').select('o.version').where('o.id', '=', id).forUpdate().executeTakeFirst(),
    'opportunity',
    id,
  )
  if (row.version !== version) throw new Refusal('conflict', 'opportunity.changed_meanwhile', { version: row.version })
  return found(await selectOpportunities(ctx, 'opportunity:write').where('o.id', '=', id).executeTakeFirst(), 'opportunity', id)
}

export const editable = ['title', 'source', 'sourceNote', 'value', 'ownerId', 'expectedOn', 'note', 'name', 'phone', 'email'] as const
const personal = ['title', 'name', 'phone', 'email', 'note', 'sourceNote'] as const
export const isPersonal = (key: (typeof editable)[number]): key is (typeof personal)[number] => personal.some(one => one === key)

/** Whether something new is sent, not what was shown. Who does not see it does not write it. */
function isWritten(shows: Shows, field: 'phone' | 'email', sent: string | null, before: string | null): boolean {
  if (sentBack(shows, field, sent, before)) return false
  if (shows(field) === 'hidden') throw new Refusal('forbidden', 'customer.field_hidden', { field })
  return true
}

export async function changeOpportunity(ctx: Ctx, id: string, { version, phone, ...form }: z.output<typeof OpportunityChange>) {
  const before = await locked(ctx, id, version)
  const shows = await showsOf(ctx)
  const typed = phone !== undefined && isWritten(shows, 'phone', phone, before.phone) ? typedPhone(phone) : null
  const isNewEmail = form.email !== undefined && isWritten(shows, 'email', form.email, before.email)
  // What masks another address than the one that stands.
  if (isNewEmail && form.email?.includes('***@')) throw new Refusal('invalid', 'customer.email_invalid')
  const after = {
    title: form.title ?? before.title,
    source: form.source ?? before.source,
    sourceNote: form.sourceNote ?? before.sourceNote,
    value: form.value ?? before.value,
    ownerId: form.ownerId === undefined ? before.ownerId : form.ownerId,
    expectedOn: form.expectedOn === undefined ? before.expectedOn : form.expectedOn,
    note: form.note ?? before.note,
    name: form.name ?? before.name,
    phone: typed ? typed.phone : before.phone,
    email: isNewEmail && form.email !== undefined ? form.email : before.email,
  }
  if (before.customerId === null && after.name === '') throw new Refusal('invalid', 'opportunity.whose')
  const fields = editable.filter(key => after[key] !== before[key])
  if (fields.length === 0) return shownTo(shows, before)
  if (fields.includes('ownerId')) await someone(ctx, after.ownerId)
  await ctx.db
    .updateTable('sales.opportunity')
    .set({ ...after, ...(typed ?? {}), changedAt: ctx.now, version: version + 1, changedXid: thisTransaction, search: searchOf(after) })
    .where('id', '=', id)
    .execute()
  await ctx.emit(
    opportunityChanged,
    { id, customerId: before.customerId },
    { fields },
    Object.fromEntries(fields.filter(isPersonal).map(key => [key, String(after[key] ?? '')])),
  )
  return written(ctx, id)
}

export async function moveOpportunity(ctx: Ctx, id: string, { stageId, note, version }: z.output<typeof opportunities.move.body>) {
  const before = await locked(ctx, id, version)
  if (before.stageId === stageId) return shownTo(await showsOf(ctx), before)
  const stage = await stageOf(ctx, stageId)
  if (stage.kind === 'lost' && note === '') throw new Refusal('invalid', 'opportunity.why_lost')
  const from = await ctx.db.selectFrom('sales.stage').select('name').where('id', '=', before.stageId).executeTakeFirst()
  await ctx.db
    .updateTable('sales.opportunity')
    .set({
      stageId,
      state: stage.kind,
      closedAt: stage.kind === 'open' ? null : ctx.now,
      lostReason: stage.kind === 'lost' ? note : '',
      changedAt: ctx.now,
      version: version + 1,
      changedXid: thisTransaction,
    })
    .where('id', '=', id)
    .execute()
  await step(ctx, id, before.stageId, stageId, note)
  await ctx.emit(
    opportunityMoved,
    { id, customerId: before.customerId },
    { from: from?.name ?? '', to: stage.name, state: stage.kind, value: before.value },
    note === '' ? {} : { note },
  )
  return written(ctx, id)
}

/** A lead becomes a customer. The number and address it came with are the customer's from now on. */
export async function convertOpportunity(
  ctx: Ctx,
  id: string,
  { customerId, anyway, version }: z.output<typeof opportunities.convert.body>,
) {
  const before = await locked(ctx, id, version)
  if (before.customerId !== null) throw new Refusal('conflict', 'opportunity.converted')
  // The lead's number and address go into the file.
  await known(ctx, customerId, mayWriteCustomer)
  const { phoneTyped } = await ctx.db.selectFrom('sales.opportunity').select('phoneTyped').where('id', '=', id).executeTakeFirstOrThrow()
  if (customerId === null && !anyway) {
    const there = await identify(ctx, { phone: before.phone, email: before.email })
    // Whose name may not be read is told without it.
    if (there && (await mayReadCustomer(ctx, there.id)))
      throw new Refusal('conflict', 'opportunity.known_already', { customerId: there.id, name: there.name, number: there.number })
  }
  const of =
    customerId ??
    (
      await addCustomer(ctx, {
        name: before.name,
        kind: 'person',
        tier: 'normal',
        phone: phoneTyped,
        email: before.email,
        address: '',
        district: '',
        postCode: '',
        note: '',
        tags: [],
        care: [],
      })
    ).id
  if (customerId !== null) {
    if (phoneTyped) await rememberIdentity(ctx, of, 'phone', phoneTyped)
    if (before.email) await rememberIdentity(ctx, of, 'email', before.email)
  }
  await ctx.db
    .updateTable('sales.opportunity')
    // What the file says counts from now on: a second copy of a person's number would outlive the first.
    .set({
      customerId: of,
      name: '',
      phone: null,
      phoneTyped: null,
      email: null,
      convertedAt: ctx.now,
      changedAt: ctx.now,
      version: version + 1,
      changedXid: thisTransaction,
      search: searchOf({ title: before.title, name: '', note: before.note }),
    })
    .where('id', '=', id)
    .execute()
  await ctx.emit(opportunityConverted, { id, customerId: of }, { newFile: customerId === null })
  return written(ctx, id)
}
