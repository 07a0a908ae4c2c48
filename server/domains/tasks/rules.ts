import type { ApprovalStepRule } from '#contract/approvals.ts'

type Due = { dueAt: Date | null; doneAt: Date | null }

/** Late while open: now is past the due time. Late when done: it was done past the due time. */
export const isLate = ({ dueAt, doneAt }: Due, now: Date): boolean => dueAt !== null && (doneAt ?? now) > dueAt

/** Whether a timer has something to find out. */
export const dueTimer = (task: Due & { late: boolean }): Date | null => (task.doneAt === null && !task.late ? task.dueAt : null)

/** Which steps an amount takes. What has no amount takes those that ask for none. */
export const stepsFor = (rules: readonly ApprovalStepRule[], amount: number | null): ApprovalStepRule[] =>
  rules.filter(
    r => (r.above === null || (amount !== null && amount > r.above)) && (r.upTo === null || (amount !== null && amount <= r.upTo)),
  )

/** Whether the steps cannot be chosen without knowing the amount. */
export const asksAmount = (rules: readonly ApprovalStepRule[]): boolean => rules.some(r => r.above !== null || r.upTo !== null)

type Person = { id: string; roleId: string; teamId: string | null; departmentId: string | null; retired: boolean }
export type Resolved = { personId: string | null; roleId: string | null; placeId: string | null }

/**
 * A decider as it stands for this asker. Where nobody else has the role in the team, the department is asked, and then everybody who has it:
 * a leader's own request goes to another leader. Null when there is nobody at all.
 */
export function resolveDecider(decider: ApprovalStepRule['decider'], asker: Person, people: readonly Person[]): Resolved | null {
  const others = people.filter(p => p.id !== asker.id && !p.retired)
  if (decider.who === 'person')
    return others.some(p => p.id === decider.personId) ? { personId: decider.personId, roleId: null, placeId: null } : null
  const { roleId, within } = decider
  const holders = others.filter(p => p.roleId === roleId)
  const places = [...(within === 'team' ? [asker.teamId] : []), ...(within === 'all' ? [] : [asker.departmentId])].filter(id => id !== null)
  const placeId = places.find(place => holders.some(p => p.teamId === place || p.departmentId === place)) ?? null
  return holders.length === 0 ? null : { personId: null, roleId, placeId }
}

/** A step that nobody decides is reminded of when it is due, and on each of the next working days; then it has been said often enough. */
export const reminders = 5
export const betweenReminders = 480

/** The required items that are still open. */
export const openItems = <T extends { required: boolean; doneAt: Date | null }>(items: readonly T[]): T[] =>
  items.filter(i => i.required && i.doneAt === null)
