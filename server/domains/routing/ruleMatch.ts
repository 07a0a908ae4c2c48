import type * as z from 'zod'
import { holds, type Leaf, type Value } from '#contract/conditions.ts'
import type { Conditions, Missed as Fault, Sketch } from '#contract/routingRules.ts'

type Missed = z.output<typeof Fault>
/** Whether a calendar is open at the moment that is asked about; null names the organisation's own. */
export type OpenBy = (calendarId: string | null) => boolean

const asked = (rule: Conditions): [Exclude<Missed, 'queue'>, Leaf | null][] => {
  const words = (
    field: Exclude<Missed, 'queue' | 'hours'>,
    op: 'is' | 'hasAny' | 'contains',
    value: string[],
  ): [typeof field, Leaf | null] => [field, value.length === 0 ? null : { field, op, value }]
  return [
    words('channels', 'is', rule.channels),
    words('widgetIds', 'is', rule.widgetIds),
    words('choices', 'is', rule.choices),
    words('tiers', 'is', rule.tiers),
    words('tags', 'hasAny', rule.tags),
    words('districts', 'is', rule.districts),
    words('segmentIds', 'hasAny', rule.segmentIds),
    words('words', 'contains', rule.words),
    [
      'hours',
      rule.hours && { field: 'hours', op: rule.hours === 'open' ? 'inHours' : 'outOfHours', value: { calendarId: rule.calendarId } },
    ],
  ]
}

/** The first condition that does not hold; null when the rule fits. */
export function missedBy(rule: Conditions, contact: Sketch, openBy: OpenBy): Missed | null {
  const now = new Date(0)
  const is: Record<Exclude<Missed, 'queue'>, Value> = {
    channels: contact.channel,
    widgetIds: contact.widgetId,
    choices: contact.choice,
    // Whoever we do not know is served as an ordinary customer.
    tiers: contact.tier ?? 'normal',
    tags: contact.tags,
    districts: contact.district,
    segmentIds: contact.segmentIds,
    words: contact.text,
    // The moment is the calendar's to know.
    hours: now,
  }
  const around = { now, isOpen: openBy, workedMinutes: () => 0 }
  return asked(rule).find(([, leaf]) => leaf !== null && !holds(leaf, { is }, around))?.[0] ?? null
}

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
