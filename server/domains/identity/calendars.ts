import type * as z from 'zod'
import type { calendars } from '#contract/identity.ts'
import { isTimezone } from '#kernel/calendar.ts'
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
  const row = await ctx.db.updateTable('identity.calendar').set({ retired }).where('id', '=', id).returning(shown).executeTakeFirstOrThrow()
  if (calendar.retired !== retired)
    await ctx.emit(calendarChanged, row, {
      fields: ['retired'],
      changes: differenceOf(calendar, row, ['retired']),
    })
  return row
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

function checkTimezone(timezone: string) {
  if (!isTimezone(timezone)) throw new Refusal('invalid', 'calendar.timezone_unknown', { timezone })
}
