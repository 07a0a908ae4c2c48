import * as z from 'zod'
import { catalog, Id, post, put, Time, Words } from './endpoint.ts'

/** Working hours by weekday (0 = Sunday), minutes from midnight in the calendar's time zone; holidays override by date. */
export const Hours = z.object({ from: z.int().min(0).max(1440), to: z.int().min(0).max(1440) }).refine(h => h.from < h.to)
export const Calendar = z.object({
  name: Words(60),
  timezone: z.string().default('Asia/Shanghai'),
  week: z.record(z.string().regex(/^[0-6]$/), z.array(Hours)),
  /** Date (YYYY-MM-DD) → hours of that day; an empty list is a holiday. */
  days: z.record(z.iso.date(), z.array(Hours)).default({}),
})
export type Calendar = z.output<typeof Calendar>
export const calendars = catalog('/calendars', Calendar, { read: 'signed-in', write: 'calendar:configure' })
export const ownCalendar = {
  choose: put('/calendars/:id/default', {
    may: 'calendar:configure',
    reply: Calendar.extend({ id: Id, retired: z.boolean() }),
    says: 'From now on the organisation runs by this calendar: whatever names none of its own follows it. A retired one comes back.',
  }),
}
export const calendarCheck = {
  run: post('/calendars/check', {
    may: 'calendar:configure',
    body: Calendar.omit({ name: true }).extend({ at: z.iso.datetime({ local: true, precision: -1 }) }),
    reply: z.object({ open: z.boolean(), opensAt: Time.nullable(), closesAt: Time.nullable() }),
    says: 'Is such a calendar open at a time on its own wall clock (YYYY-MM-DDTHH:mm), and when does it open or close next? Nothing is kept.',
  }),
}
