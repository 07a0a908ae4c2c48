import { words } from '../../kit/words.ts'

// Apart from the other words of accounts: marks stand on the desk and where it rings.
export const m = words({
  overdueFor: [(days: number) => `欠费 ${days} 天`, (days: number) => (days === 1 ? '1 day overdue' : `${days} days overdue`)],
  overdueToday: ['欠费', 'Overdue'],
  neglectedFor: [
    (days: number) => `久未联系 ${days} 天`,
    (days: number) => (days === 1 ? 'Neglected for 1 day' : `Neglected for ${days} days`),
  ],
  neglected: ['久未联系', 'Neglected'],
  since: [(day: string) => `自 ${day}`, (day: string) => `since ${day}`],
  until: [(day: string) => `至 ${day}`, (day: string) => `until ${day}`],
  bySystem: [(source: string) => `来自 ${source}`, (source: string) => `from ${source}`],
})
