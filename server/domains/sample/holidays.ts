type Hours = { from: number; to: number }

/** What the State Council announced: days off, and the weekend days worked for them. */
const announced: Record<number, { off: readonly string[]; worked: readonly string[] }> = {
  2025: {
    off: ['01-01', '01-28..02-04', '04-04..04-06', '05-01..05-05', '05-31..06-02', '10-01..10-08'],
    worked: ['01-26', '02-08', '04-27', '09-28', '10-11'],
  },
  2026: {
    off: ['01-01..01-03', '02-15..02-23', '04-04..04-06', '05-01..05-05', '06-19..06-21', '09-25..09-27', '10-01..10-07'],
    worked: ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
  },
}

/** Public holidays of the years as calendar days: nobody works on them, and on some weekend days everybody does. */
export function holidays(years: readonly number[], working: readonly Hours[]): Record<string, Hours[]> {
  const days: Record<string, Hours[]> = {}
  for (const year of years) {
    const { off, worked } = announced[year] ?? { off: statutory(year), worked: [] }
    for (const span of off) for (const date of datesOf(year, span)) days[date] = []
    for (const date of worked) days[`${year}-${date}`] = [...working]
  }
  return days
}

function datesOf(year: number, span: string): string[] {
  const [first = '', last = first] = span.split('..')
  const dates: string[] = []
  for (let at = Date.parse(`${year}-${first}`); at <= Date.parse(`${year}-${last}`); at += 86_400_000)
    dates.push(new Date(at).toISOString().slice(0, 10))
  return dates
}

/** Before the year's plan is announced only the days of the law are certain. */
function statutory(year: number): string[] {
  const short = year % 100
  const qingming = Math.floor(short * 0.2422 + 4.81) - Math.floor((short - 1) / 4)
  const [spring, boat, autumn] = almanac[year] ?? [lunar(year, 1, 1), lunar(year, 5, 5), lunar(year, 8, 15)]
  const eve = new Date(Date.parse(`${year}-${spring}`) - 86_400_000).toISOString().slice(5, 10)
  const third = new Date(Date.parse(`${year}-${spring}`) + 2 * 86_400_000).toISOString().slice(5, 10)
  return ['01-01', `${eve}..${third}`, `04-0${qingming}`, '05-01..05-02', boat, autumn, '10-01..10-03']
}

/** Spring Festival, Dragon Boat and Mid-Autumn as the almanac has them; Intl is a day off in 2027 and 2030, whose new moons fall minutes from midnight. */
const almanac: Record<number, readonly [string, string, string]> = {
  2027: ['02-06', '06-09', '09-15'],
  2028: ['01-26', '05-28', '10-03'],
  2029: ['02-13', '06-16', '09-22'],
  2030: ['02-03', '06-05', '09-12'],
  2031: ['01-23', '06-24', '10-01'],
  2032: ['02-11', '06-12', '09-19'],
  2033: ['01-31', '06-01', '09-08'],
  2034: ['02-19', '06-20', '09-27'],
  2035: ['02-08', '06-10', '09-16'],
}

const moon = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' })

/** Month and day of a date of the Chinese calendar. */
function lunar(year: number, month: number, day: number): string {
  for (let at = Date.UTC(year, 0, 15); at < Date.UTC(year, 11, 31); at += 86_400_000) {
    const parts = moon.formatToParts(at)
    const part = (type: string) => parts.find(p => p.type === type)?.value
    if (part('month') === String(month) && part('day') === String(day)) return new Date(at).toISOString().slice(5, 10)
  }
  throw new Error(`no such lunar date: ${year} ${month} ${day}`)
}
