import type * as z from 'zod'
import type { Conditions, Missed as Fault, Sketch } from '#contract/routingRules.ts'

type Missed = z.output<typeof Fault>
/** Whether a calendar is open at the moment that is asked about; null names the organisation's own. */
export type OpenBy = (calendarId: string | null) => boolean

const anyOf = (wanted: readonly string[], has: readonly (string | null)[]): boolean =>
  wanted.length === 0 || wanted.some(value => has.includes(value))

/** The first condition that does not hold; null when the rule fits. */
export function missedBy(rule: Conditions, contact: Sketch, openBy: OpenBy): Missed | null {
  const said = contact.text.toLowerCase()
  const holds: Record<Exclude<Missed, 'queue'>, boolean> = {
    channels: anyOf(rule.channels, [contact.channel]),
    widgetIds: anyOf(rule.widgetIds, [contact.widgetId]),
    choices: anyOf(rule.choices, [contact.choice]),
    // Whoever we do not know is served as an ordinary customer.
    tiers: anyOf(rule.tiers, [contact.tier ?? 'normal']),
    tags: anyOf(rule.tags, contact.tags),
    districts: anyOf(rule.districts, [contact.district]),
    words: rule.words.length === 0 || rule.words.some(word => said.includes(word.toLowerCase())),
    hours: rule.hours === null || openBy(rule.calendarId) === (rule.hours === 'open'),
  }
  for (const condition of order) if (!holds[condition]) return condition
  return null
}
const order = ['channels', 'widgetIds', 'choices', 'tiers', 'tags', 'districts', 'words', 'hours'] as const

type Rule = { id: string; conditions: Conditions; queueId: string | null; queueServes: boolean }

/** First match wins. A rule whose queue is retired, or serves another channel, is passed over. */
export function firstFit<R extends Rule>(rules: readonly R[], contact: Sketch, openBy: OpenBy) {
  const steps: { ruleId: string; missed: Missed | null }[] = []
  for (const rule of rules) {
    const missed = missedBy(rule.conditions, contact, openBy) ?? (rule.queueId !== null && !rule.queueServes ? 'queue' : null)
    steps.push({ ruleId: rule.id, missed })
    if (missed === null) return { rule, steps }
  }
  return { rule: null, steps }
}
