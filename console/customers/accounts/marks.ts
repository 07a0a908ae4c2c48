import type { Flag } from '#contract/flags.ts'
import { customerFlags } from '#contract/flags.ts'
import { useMay } from '../../app/me.ts'
import { useFetch } from '../../kit/data.ts'
import { nameOf } from '../../kit/words.ts'
import { m } from './marks.words.ts'

const most = 100
/** Marks of a page of customers, by customer: asked for once for all of them. */
export function useFlags(ids: readonly string[]): ReadonlyMap<string, readonly Flag[]> {
  const may = useMay()
  const asked = ids.slice(0, most)
  const { data } = useFetch(
    customerFlags.flags,
    { query: { ids: [...asked] } },
    { enabled: may('customer:read') && asked.length > 0, staleTime: 30_000 },
  )
  const all = new Map<string, Flag[]>()
  for (const flag of data ?? []) all.set(flag.customerId, [...(all.get(flag.customerId) ?? []), flag])
  return all
}

const day = 86_400_000
/** Days of the calendar that have passed since this one began. */
export function daysSince(date: string, now = new Date()): number {
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())
  return Math.max(0, Math.round((today - Date.parse(date)) / day))
}
/** A day of the calendar as a time, for words. */
export const dayAt = (date: string): Date => {
  const [year = 0, month = 1, of = 1] = date.split('-').map(Number)
  return new Date(year, month - 1, of)
}

export function flagWords(flag: Flag): string {
  const days = daysSince(flag.since)
  if (flag.code === 'overdue') return days > 0 ? m.overdueFor(days) : m.overdueToday
  if (flag.code === 'neglected') return days > 0 ? m.neglectedFor(days) : m.neglected
  return nameOf(flag)
}
