import { sql } from 'kysely'
import type * as z from 'zod'
import type { Schedule, schedules } from '#contract/documents.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { documentSource } from '#kernel/documentSources.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { makeDocument } from './documents.ts'
import { scheduleAdded, scheduleChanged, scheduleDue, scheduleRemoved } from './events.ts'
import { lastDayBefore, nextTurn, periodText } from './rules.ts'
import { oneTemplate } from './templates.ts'

/** Whoever makes documents of everything sees all; others those they set up. */
function visibleSchedules(ctx: Ctx) {
  const rows = ctx.db.selectFrom('documents.schedule as s')
  const scope = scopeOf(ctx.actor, 'document:write')
  if (scope === 'all') return rows
  return scope === null ? rows.where(sql<boolean>`false`) : rows.where('s.ownerId', '=', actorId(ctx.actor) ?? '')
}

const selectSchedules = (ctx: Ctx) =>
  visibleSchedules(ctx)
    .innerJoin('documents.template as t', join => join.onRef('t.id', '=', 's.templateId'))
    .selectAll('s')
    .select(['t.name as templateName', 't.nameEn as templateNameEn'])
    .select(
      sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = s.owner_id)`.as(
        'ownerName',
      ),
    )

export const listSchedules = (ctx: Ctx): Promise<Schedule[]> => selectSchedules(ctx).orderBy('s.id').limit(200).execute()
const scheduleById = async (ctx: Ctx, id: string): Promise<Schedule> =>
  found(await selectSchedules(ctx).where('s.id', '=', id).executeTakeFirst(), 'documentSchedule', id)

/** Only what is asked by its time can come by itself; a letter is about one thing. */
async function checkSource(ctx: Ctx, templateId: string): Promise<void> {
  const template = await oneTemplate(ctx, templateId)
  const source = documentSource(template.source)
  if (!source) throw new Refusal('gone', 'document.source_gone', { source: template.source })
  if (source.params.some(p => p.required && p.kind !== 'date' && p.kind !== 'choice'))
    throw new Refusal('invalid', 'documentSchedule.about_one')
}

async function checkPeople(ctx: Ctx, people: readonly string[]): Promise<void> {
  const { rows } = await sql<{
    id: string
  }>`select id from identity.fact_person where tenant_id = ${ctx.tenantId} and id = any(${[...people]}::uuid[])`.execute(ctx.db)
  const stranger = people.find(id => !rows.some(row => row.id === id))
  if (stranger !== undefined) throw new Refusal('not_found', 'person.not_found', { id: stranger })
}

export async function addSchedule(ctx: Ctx, body: z.output<typeof schedules.add.body>): Promise<Schedule> {
  const ownerId = actorId(ctx.actor)
  if (ownerId === null) throw new Refusal('forbidden', 'access.denied', { permission: 'document:write' })
  await checkSource(ctx, body.templateId)
  await checkPeople(ctx, body.people)
  const id = newId()
  const nextAt = await turnAfter(ctx, body)
  await ctx.db
    .insertInto('documents.schedule')
    .values({
      id,
      ...body,
      params: JSON.stringify(body.params),
      inputs: JSON.stringify(body.inputs),
      ownerId,
      nextAt,
      documentId: null,
      code: null,
    })
    .execute()
  await ctx.at(nextAt, scheduleDue, { id, clock: 'next' }, {})
  await ctx.emit(scheduleAdded, { id }, { title: body.title, every: body.every })
  return scheduleById(ctx, id)
}

export async function changeSchedule(
  ctx: Ctx,
  id: string,
  { version, ...body }: z.output<typeof schedules.change.body>,
): Promise<Schedule> {
  const row = await lock(ctx, id)
  if (row.version !== version) throw new Refusal('conflict', 'documentSchedule.changed', { version: row.version })
  const next = {
    title: body.title ?? row.title,
    language: body.language ?? row.language,
    params: body.params ?? row.params,
    inputs: body.inputs ?? row.inputs,
    every: body.every ?? row.every,
    day: body.day ?? row.day,
    hour: body.hour ?? row.hour,
    people: body.people ?? row.people,
    active: body.active ?? row.active,
  }
  if (body.people) await checkPeople(ctx, body.people)
  const nextAt = await turnAfter(ctx, next)
  await ctx.db
    .updateTable('documents.schedule')
    .set({ ...next, params: JSON.stringify(next.params), inputs: JSON.stringify(next.inputs), nextAt, version: version + 1, code: null })
    .where('id', '=', id)
    .execute()
  await ctx.at(nextAt, scheduleDue, { id, clock: 'next' }, {})
  await ctx.emit(
    scheduleChanged,
    { id },
    { title: next.title, changes: differenceOf(row, next, ['title', 'every', 'day', 'hour', 'active']) },
  )
  return scheduleById(ctx, id)
}

export async function removeSchedule(ctx: Ctx, id: string): Promise<void> {
  const row = await lock(ctx, id)
  await ctx.db.deleteFrom('documents.schedule').where('id', '=', id).execute()
  await ctx.at(null, scheduleDue, { id, clock: 'next' }, {})
  await ctx.emit(scheduleRemoved, { id }, { title: row.title })
}

const lock = async (ctx: Ctx, id: string) =>
  found(await visibleSchedules(ctx).selectAll('s').where('s.id', '=', id).forUpdate('s').executeTakeFirst(), 'documentSchedule', id)

type When = Pick<Schedule, 'every' | 'day' | 'hour' | 'active'>
async function turnAfter(ctx: Ctx, when: When): Promise<Date | null> {
  if (when.every === 'week' && when.day > 7) throw new Refusal('invalid', 'documentSchedule.no_such_day')
  return when.active ? nextTurn(when, (await tenantCard(ctx)).timezone, ctx.now) : null
}

const soonMs = 10 * 60_000

/** The timer says it is time; the row decides. Made as whoever set it up, with what they may see today. */
export async function runSchedule(ctx: Ctx, id: string): Promise<void> {
  const row = await ctx.db.selectFrom('documents.schedule').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row || row.nextAt === null) return
  // Timers may come early by a moment of clock difference: set it again rather than lose it.
  if (row.nextAt > ctx.now) return ctx.at(row.nextAt, scheduleDue, { id, clock: 'next' }, {})
  const { timezone } = await tenantCard(ctx)
  const nextAt = nextTurn(row, timezone, ctx.now)
  const outcome = await madeOf(ctx, row, timezone)
  if ('code' in outcome && outcome.code === 'run.too_many') {
    // Its owner has enough under way: this period's turn comes a little later.
    await ctx.db.updateTable('documents.schedule').set(outcome).where('id', '=', id).execute()
    await ctx.at(new Date(ctx.now.getTime() + soonMs), scheduleDue, { id, clock: 'next' }, {})
    return
  }
  const active = !('code' in outcome) || outcome.code !== 'documentSchedule.owner_gone'
  await ctx.db
    .updateTable('documents.schedule')
    .set({ code: null, ...outcome, active, nextAt: active ? nextAt : null })
    .where('id', '=', id)
    .execute()
  await ctx.at(active ? nextAt : null, scheduleDue, { id, clock: 'next' }, {})
}

type Row = Awaited<ReturnType<typeof lock>>
async function madeOf(ctx: Ctx, row: Row, timezone: string): Promise<{ documentId: string } | { code: string }> {
  const system = ctx.actor
  const owner = await ctx.house.standIn(ctx, row.ownerId)
  if (owner === null) return { code: 'documentSchedule.owner_gone' }
  const on = lastDayBefore(row.every, timezone, row.nextAt ?? ctx.now)
  try {
    ctx.actor = owner
    const source = documentSource((await oneTemplate(ctx, row.templateId)).source)
    const params = { ...row.params }
    for (const param of source?.params ?? []) {
      if (param.kind === 'date') params[param.key] = on
      else if (!params[param.key] && param.options.some(o => o.value === row.every)) params[param.key] = row.every
    }
    const { templateId, language, inputs, people } = row
    const title = `${row.title} ${periodText(row.every, on, language)}`
    const made = await makeDocument(ctx, { templateId, title, language, params, inputs }, { readers: people, scheduleId: row.id })
    return { documentId: made.id }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { code: error.code }
  } finally {
    ctx.actor = system
  }
}
