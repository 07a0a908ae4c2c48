import type { ColumnType, Generated } from 'kysely'
import type * as z from 'zod'
import type { FormField } from '#contract/forms.ts'
import type { EntryKind, Priority, TicketStatus } from '#contract/tickets.ts'

export type KindRow = {
  id: string
  name: string
  nameEn: string
  code: string
  fields: ColumnType<FormField[], string, string>
  calendarId: string | null
  targetMinutes: number
  warnPercent: Generated<number | null>
  position: number
  retired: Generated<boolean>
}
export type CategoryRow = {
  id: string
  kindId: string
  name: string
  nameEn: string
  parentId: string | null
  departmentId: string | null
  priority: z.output<typeof Priority>
  targetMinutes: number | null
  position: number
  retired: Generated<boolean>
}
export type TicketRow = {
  id: string
  number: string
  openedOn: string
  title: string
  text: string
  status: TicketStatus
  priority: z.output<typeof Priority>
  kindId: string
  categoryId: string | null
  customerId: string | null
  interactionId: string | null
  conversationId: string | null
  place: string
  fields: Record<string, unknown>
  departmentId: string | null
  assigneeId: string | null
  openedById: string | null
  openedAt: Date
  dispatchedAt: Date | null
  takenAt: Date | null
  resolvedAt: Date | null
  closedAt: Date | null
  changedAt: Date
  dueAt: Date | null
  pausedAt: Date | null
  leftMinutes: number | null
  targetMinutes: number
  late: Generated<boolean>
  warnAt: Generated<Date | null>
  warned: Generated<boolean>
  resolution: Generated<string>
  returns: Generated<number>
  urges: Generated<number>
  urgedAt: Date | null
  version: Generated<number>
  clientId: string | null
  tsv: Generated<string>
}
export type EntryRow = {
  id: string
  ticketId: string
  kind: z.output<typeof EntryKind>
  text: string
  public: boolean
  actorId: string | null
  actorName: string | null
  byRule: Generated<boolean>
  departmentId: string | null
  at: Date
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'tickets.kind': KindRow
    'tickets.category': CategoryRow
    'tickets.ticket': TicketRow
    'tickets.searchable': TicketRow
    'tickets.entry': EntryRow
  }
}
