type Due = { dueAt: Date | null; doneAt: Date | null }

/** Late while open: now is past the due time. Late when done: it was done past the due time. */
export const isLate = ({ dueAt, doneAt }: Due, now: Date): boolean => dueAt !== null && (doneAt ?? now) > dueAt

/** Whether a timer has something to find out. */
export const dueTimer = (task: Due & { late: boolean }): Date | null => (task.doneAt === null && !task.late ? task.dueAt : null)
