import { dateIn } from '#kernel/calendar.ts'
import { timezone } from './centre.ts'
import { throwing } from './dice.ts'
import type { Area } from './words/people.ts'
import { areas } from './words/people.ts'
import { type Topic, topics } from './words/topics.ts'
import type { World } from './world.ts'

const day = 86_400_000
/** How contacts spread over a day, by hour on the wall: two humps, a shoulder after dinner, a quiet night. */
const hours = [1, 0.6, 0.4, 0.3, 0.4, 1, 3, 6, 9, 11, 10, 8, 6, 7, 8.5, 8, 7, 6.5, 6, 7, 6.5, 4.5, 3, 1.8]
export const hourWeights = hours.map((weight, hour): readonly [number, number] => [hour, weight])
/** Sunday to Saturday. */
const weekdays = [0.6, 1.25, 1.1, 1.05, 1, 1.05, 0.7]

/** A main breaks: one estate is dry for hours and everybody writes. */
export type Burst = { area: Area; at: Date; extra: number }
export type Day = {
  date: string
  start: Date
  number: number
  contacts: number
  topics: readonly (readonly [Topic, number])[]
  burst: Burst | null
}

/** The days of the history, each with as many contacts as its weather, weekday and date bring; together about `total`. */
export function daysOf(world: World, total: number): Day[] {
  const days = Math.round((world.now.getTime() - world.first.getTime()) / day) + 1
  const plain = Array.from({ length: days }, (_, n) => dayOf(world, n, days)).filter(d => d.start <= world.now)
  const bursts = plain.reduce((sum, d) => sum + (d.burst?.extra ?? 0), 0)
  const weight = plain.reduce((sum, d) => sum + d.weight, 0)
  const scale = Math.max(0, total - bursts * (total / 10_000)) / weight
  return plain.map(({ weight: w, ...d }) => {
    const dice = throwing(`${world.language} ${d.date} number`)
    const burst = d.burst && { ...d.burst, extra: Math.round(d.burst.extra * (total / 10_000)) }
    return { ...d, burst, contacts: Math.max(1, Math.round(w * scale * (0.85 + 0.3 * dice.roll()))) }
  })
}

function dayOf(world: World, n: number, days: number) {
  const start = new Date(world.first.getTime() + n * day)
  const date = dateIn(timezone, start)
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  const working = world.calendars.office.days[date]
  const isHoliday = working !== undefined && working.length === 0
  const weighted = topics.map((topic): readonly [Topic, number] => [topic, topic.weight * seasonal(topic, date, weekday)])
  const all = weighted.reduce((sum, [, w]) => sum + w, 0)
  const plan = isHoliday ? 0.5 : working !== undefined ? 1 : (weekdays[weekday] ?? 1)
  return {
    date,
    start,
    number: Math.floor(start.getTime() / day),
    contacts: 0,
    topics: weighted,
    burst: burstOf(world, date, start),
    weight: all * plan * (0.75 + (0.55 * n) / days),
  }
}

function seasonal({ season }: Topic, date: string, weekday: number): number {
  const month = Number(date.slice(5, 7))
  if (season === 'frost') return month === 12 || month <= 2 ? (inColdSpell(date, weekday) ? 4.5 : 1.5) : 1
  if (season === 'heat') return month >= 6 && month <= 9 ? 1.8 : 0.9
  // Bills are made on the 5th of every second month.
  if (season === 'bills') return month % 2 === 0 && Number(date.slice(8)) >= 5 && Number(date.slice(8)) <= 14 ? 1.9 : 0.85
  return 1
}

/** In some winter weeks three days freeze the pipes. */
function inColdSpell(date: string, weekday: number): boolean {
  const week = Math.floor((Date.parse(date) / day + 3) / 7)
  return weekday >= 2 && weekday <= 4 && throwing(`frost ${week}`).chance(0.3)
}

function burstOf(world: World, date: string, start: Date): Burst | null {
  const dice = throwing(`${world.language} ${date} burst`)
  if (!dice.chance(1 / 40)) return null
  return { area: dice.pick(areas), at: new Date(start.getTime() + dice.int(6 * 60, 19 * 60) * 60_000), extra: dice.int(18, 45) }
}
