import * as z from 'zod'
import { Stopped } from '#contract/automation.ts'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

export const ruleChanged = audited(
  'rule.changed',
  z.object({
    name: z.string(),
    act: z.enum(['added', 'changed', 'published', 'switched_on', 'switched_off', 'retired', 'restored', 'ordered', 'takes']),
    version: z.int().optional(),
    changes: Difference.optional(),
  }),
)
/** By itself: its publisher left, or may no longer do what it does. */
export const ruleStopped = audited('rule.stopped', z.object({ name: z.string(), reason: Stopped }))
/** One run was not let through: rules that feed one another, or one thing too often. */
export const ruleHalted = audited(
  'rule.halted',
  z.object({ name: z.string(), reason: z.enum(['again', 'too_deep', 'too_often']), subjectNoun: z.string(), subjectId: z.uuid() }),
)
/** A rule tells people something. What it says may name a person: `text`, in the personal values. */
export const ruleTold = event(
  'rule.told',
  z.object({
    people: z.array(z.uuid()),
    departmentId: z.uuid().optional(),
    subjectNoun: z.string(),
    subjectId: z.uuid(),
    link: z.string(),
  }),
)
/** The timer of a rule that waits. */
export const ruleDue = event('rule.due', z.object({ runId: z.uuid() }))
