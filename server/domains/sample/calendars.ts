import { timezone } from './centre.ts'
import { holidays } from './holidays.ts'

const hour = 60
/** Morning and afternoon of the offices. */
export const officeHours = [
  { from: 8.5 * hour, to: 12 * hour },
  { from: 13.5 * hour, to: 17.5 * hour },
]
const webHours = [{ from: 8 * hour, to: 21 * hour }]
const allDay = [{ from: 0, to: 24 * hour }]
const weekOf = (days: readonly number[], hours: { from: number; to: number }[]) => Object.fromEntries(days.map(day => [day, hours]))
const everyDay = [0, 1, 2, 3, 4, 5, 6]

export function calendarsOf(now: Date) {
  const year = now.getUTCFullYear()
  const years = [year - 1, year, year + 1]
  return {
    office: { timezone, week: weekOf([1, 2, 3, 4, 5], officeHours), days: holidays(years, officeHours) },
    web: {
      timezone,
      week: weekOf(everyDay, webHours),
      days: Object.fromEntries(
        Object.entries(holidays(years, webHours)).map(([date, hours]) => [
          date,
          hours.length > 0 ? hours : [{ from: 9 * hour, to: 18 * hour }],
        ]),
      ),
    },
    always: { timezone, week: weekOf(everyDay, allDay), days: {} },
  }
}
