import * as z from 'zod'
import type { Task } from '#contract/tasks.ts'
import { language } from '../kit/words.ts'
import { w } from './words.ts'

const WinBack = z.object({ score: z.int(), agentId: z.uuid().nullable().catch(null), interactionId: z.uuid().nullable().catch(null) })
export type WinBack = z.output<typeof WinBack>
/** What a low rating's task knows; null for any other task. */
export const winBackOf = (task: Pick<Task, 'kind' | 'facts'>): WinBack | null =>
  task.kind === 'winback' ? (WinBack.safeParse(task.facts).data ?? null) : null

/** In the reader's words where the kind has them. */
export function taskTitle(task: Pick<Task, 'kind' | 'facts' | 'title'>): string {
  const winback = winBackOf(task)
  if (task.kind === 'care' && language() === 'en' && typeof task.facts.titleEn === 'string') return task.facts.titleEn
  return winback ? w.winback(winback.score) : task.title
}

export type When = 'overdue' | 'today' | 'later' | 'whenever'
export function whenOf(task: Pick<Task, 'dueAt'>, now: Date): When {
  if (!task.dueAt) return 'whenever'
  if (task.dueAt < now) return 'overdue'
  return task.dueAt.toDateString() === now.toDateString() ? 'today' : 'later'
}
