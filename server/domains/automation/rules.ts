import { deepest, mostPerHour, type RuleBody, type RuleLine } from '#contract/automation.ts'
import { type ConditionFault, conditionFault, type FieldKind, type Step, type Value } from '#contract/conditions.ts'
import type { ActionOffer } from '#kernel/automation.ts'

export type Chain = { depth: number; again: boolean; lately: number }
/** Why a rule that matched is not let through; null: it is. */
export const haltOf = ({ depth, again, lately }: Chain): 'again' | 'too_deep' | 'too_often' | null =>
  again ? 'again' : depth > deepest ? 'too_deep' : lately >= mostPerHour ? 'too_often' : null

type RuleFault =
  | { code: 'rule.condition_invalid'; facts: ConditionFault }
  | { code: 'rule.does_nothing'; facts: Record<string, never> }
  | { code: 'rule.action_unknown'; facts: { action: string } }
  | { code: 'rule.action_incomplete'; facts: { action: string; at: string } }

/** What keeps a draft from being published: the first fault, or null. */
export function ruleFault(
  { condition, actions }: RuleBody,
  kindOf: (field: string) => FieldKind | undefined,
  actionOf: (key: string) => ActionOffer | undefined,
): RuleFault | null {
  const wrong = conditionFault(condition, kindOf)
  if (wrong) return { code: 'rule.condition_invalid', facts: wrong }
  if (actions.length === 0) return { code: 'rule.does_nothing', facts: {} }
  for (const { action, params } of actions) {
    const offer = actionOf(action)
    if (!offer) return { code: 'rule.action_unknown', facts: { action } }
    const at = offer.fault(params)
    if (at !== null) return { code: 'rule.action_incomplete', facts: { action, at } }
  }
  return null
}

const longest = 80
/** A value as a trace keeps it: enough to understand, no letters of customers. */
export function kept(value: Value): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value
  if (Array.isArray(value)) return value.slice(0, 20)
  return value ?? null
}
export const keptSteps = (steps: readonly Step[]) =>
  steps.map(({ seen, was, ...step }) => ({ ...step, seen: kept(seen), ...(was === undefined ? {} : { was: kept(was) }) }))

/** A trace that did not match tells little after a week; what was done is asked about for a season. */
export const keepMissedDays = 7
export const keepDays = 90

export const isChanged = (rule: { revision: number; publishedRevision: number }): RuleLine['changed'] =>
  rule.revision !== rule.publishedRevision
