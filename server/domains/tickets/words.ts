import type { Ticket } from '#contract/tickets.ts'

/** What a ticket's priorities are called in files and rules. */
export const priorityWords: Readonly<Record<Ticket['priority'], readonly [zh: string, en: string]>> = {
  urgent: ['紧急', 'Urgent'],
  high: ['高', 'High'],
  normal: ['普通', 'Normal'],
  low: ['低', 'Low'],
}
