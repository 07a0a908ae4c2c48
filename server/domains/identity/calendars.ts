import { sql } from 'kysely'
import type * as z from 'zod'
import type { calendarCheck, calendars } from '#contract/calendars.ts'
import { atWall, isOpen, isTimezone, nextClosing, nextOpening } from '#kernel/calendar.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { calendarChanged } from './events.ts'

const shown = ['id', 'name', 'timezone', 'week', 'days', 'retired'] as const

export async function listCalendars(ctx: Ctx, withRetired: boolean) {
  const all = ctx.db.selectFrom('identity.calendar').select(shown).orderBy('isDefault', 'desc').orderBy('name').orderBy('id')
  return (withRetired ? all : all.where('retired', '=', false)).execute()
}

export async function addCalendar(ctx: Ctx, calendar: z.output<typeof calendars.add.body>) {
  checkTimezone(calendar.timezone)
  const added = await ctx.db
    .insertInto('identity.calendar')
    .values({ id: newId(), ...calendar })
    .returning(shown)
    .executeTakeFirstOrThrow()
  await ctx.emit(calendarChanged, added, { fields: Object.keys(calendar) })
  return added
}

export async function changeCalendar(ctx: Ctx, id: string, change: Partial<z.output<typeof calendars.shape>>) {
  const before = await lockCalendar(ctx, id)
  if (change.timezone !== undefined) checkTimezone(change.timezone)
  const fields = Object.entries(change).flatMap(([key, value]) => (value === undefined ? [] : [key]))
  if (fields.length > 0) await ctx.db.updateTable('identity.calendar').set(change).where('id', '=', id).execute()
  if (fields.length > 0) await ctx.emit(calendarChanged, { id }, { fields, changes: differenceOf(before, change, fields) })
  return ctx.db.selectFrom('identity.calendar').select(shown).where('id', '=', id).executeTakeFirstOrThrow()
}

export async function retireCalendar(ctx: Ctx, id: string, retired: boolean) {
  const calendar = await lockCalendar(ctx, id)
  if (calendar.isDefault && retired) throw new Refusal('conflict', 'calendar.is_default')
  if (retired) await checkUnused(ctx, id)
  const row = await ctx.db.updateTable('identity.calendar').set({ retired }).where('id', '=', id).returning(shown).executeTakeFirstOrThrow()
  if (calendar.retired !== retired)
    await ctx.emit(calendarChanged, row, {
      fields: ['retired'],
      changes: differenceOf(calendar, row, ['retired']),
    })
  return row
}

/** The calendar of the organisation itself, for whatever names none of its own. */
export async function chooseCalendar(ctx: Ctx, id: string) {
  // One after the other: two who choose at once would each take the mark from the same calendar.
  await ctx.db.selectFrom('identity.calendar').select('id').where('isDefault', '=', true).forUpdate().execute()
  const before = await lockCalendar(ctx, id)
  if (!before.isDefault) {
    await ctx.db.updateTable('identity.calendar').set({ isDefault: false }).where('isDefault', '=', true).execute()
    await ctx.db.updateTable('identity.calendar').set({ isDefault: true, retired: false }).where('id', '=', id).execute()
    await ctx.emit(calendarChanged, { id }, { fields: ['isDefault'], changes: { isDefault: { was: false, is: true } } })
  }
  return ctx.db.selectFrom('identity.calendar').select(shown).where('id', '=', id).executeTakeFirstOrThrow()
}

const lockCalendar = async (ctx: Ctx, id: string) =>
  found(
    await ctx.db
      .selectFrom('identity.calendar')
      .select([...shown, 'isDefault'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst(),
    'calendar',
    id,
  )

/** Whoever works by a calendar keeps it from being retired. */
async function checkUnused(ctx: Ctx, id: string) {
  const { rows } = await sql<{ noun: string; name: string }>`
    select 'queue' as noun, name from routing.fact_queue where tenant_id = ${ctx.tenantId} and calendar_id = ${id} and not retired
    union all select 'widget', name from messaging.fact_widget where tenant_id = ${ctx.tenantId} and calendar_id = ${id} and not retired
    union all select 'kind', name from tickets.fact_kind where tenant_id = ${ctx.tenantId} and calendar_id = ${id} and not retired
    union all select 'rule', name from routing.fact_rule where tenant_id = ${ctx.tenantId} and calendar_id = ${id} and not retired
    union all select 'department', name from identity.department where tenant_id = ${ctx.tenantId} and calendar_id = ${id} and not retired
    union all select 'policy', '' from surveys.fact_policy where tenant_id = ${ctx.tenantId} and calendar_id = ${id}
    union all select 'flow', f.name from voice.fact_flow f where f.tenant_id = ${ctx.tenantId} and not f.retired
      and exists (select 1 from jsonb_array_elements(f.body -> 'nodes') node where node ->> 'calendarId' = ${id})
    order by 1, 2 limit 8`.execute(ctx.db)
  if (rows.length > 0) throw new Refusal('conflict', 'calendar.in_use', { by: rows })
}

/** Asked of hours that may not be saved yet. */
export function checkCalendar({ at, ...hours }: z.output<typeof calendarCheck.run.body>) {
  checkTimezone(hours.timezone)
  const moment = atWall(hours.timezone, at)
  const open = isOpen(hours, moment)
  return { open, opensAt: open ? null : nextOpening(hours, moment), closesAt: open ? nextClosing(hours, moment) : null }
}

function checkTimezone(timezone: string) {
  if (!isTimezone(timezone)) throw new Refusal('invalid', 'calendar.timezone_unknown', { timezone })
}
