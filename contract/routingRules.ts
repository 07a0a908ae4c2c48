import * as z from 'zod'
import { Tier } from './customers.ts'
import { catalog, Id, post, put, Time, Words } from './endpoint.ts'
import { Channel } from './interactions.ts'
import { SkillDemand } from './routing.ts'

/** What must be so of a contact. Within one condition any of its values is enough; every condition that is given must hold. */
export const Conditions = z.object({
  channels: z.array(Channel).max(6).default([]),
  widgetIds: z.array(Id).max(20).default([]),
  /** Keys of choices of the widgets: what the customer said it is about. */
  choices: z.array(z.string().max(40)).max(40).default([]),
  tiers: z.array(Tier).max(4).default([]),
  tags: z.array(Words(30)).max(20).default([]),
  districts: z.array(Words(60)).max(40).default([]),
  segmentIds: z.array(Id).max(20).default([]),
  /** Words that stand in the first message, in capitals or not. */
  words: z.array(Words(40)).max(40).default([]),
  hours: z.enum(['open', 'closed']).nullable().default(null),
  /** Whose hours; null: the organisation's own. */
  calendarId: Id.nullable().default(null),
})
export type Conditions = z.output<typeof Conditions>

export const RoutingRule = z.object({
  name: Words(60),
  conditions: Conditions,
  /** Null: where the widget or its choice sends it. */
  queueId: Id.nullable().default(null),
  /** Within the customer's tier; never lifts above a higher one. */
  priority: z.int().min(-49).max(49).default(0),
  /** Beside what the queue demands. */
  demands: z.array(SkillDemand).max(4).default([]),
  /** Preferred for as long as the queue prefers the last agent. */
  teamId: Id.nullable().default(null),
  position: z.int().min(0).default(0),
})
export const routingRules = catalog('/routing-rules', RoutingRule, { read: 'routing:configure', write: 'routing:configure' })

/** A contact as the rules see it. */
export const Sketch = z.object({
  channel: Channel.default('chat'),
  widgetId: Id.nullable().default(null),
  choice: z.string().max(40).nullable().default(null),
  tier: Tier.nullable().default(null),
  tags: z.array(z.string().max(30)).max(20).default([]),
  district: z.string().max(60).default(''),
  segmentIds: z.array(Id).max(200).default([]),
  text: z.string().max(8000).default(''),
})
export type Sketch = z.output<typeof Sketch>
export const Missed = z.enum(['channels', 'widgetIds', 'choices', 'tiers', 'tags', 'districts', 'segmentIds', 'words', 'hours', 'queue'])

export const routingTrial = {
  order: put('/routing-rules/order', {
    may: 'routing:configure',
    body: z.object({ ids: z.array(Id).max(200) }),
    reply: z.object({ ids: z.array(Id) }),
    says: 'The order in which the rules are asked.',
  }),
  run: post('/routing-rules/trial', {
    may: 'routing:configure',
    body: Sketch.extend({ at: Time.nullable().default(null) }),
    reply: z.object({
      /** The rule that fits; null: none does. */
      ruleId: Id.nullable(),
      /** The queue of the rule, else of the choice, else of the widget. */
      queueId: Id.nullable(),
      /** Every rule that was asked, in order, and the first condition that did not hold. */
      steps: z.array(z.object({ ruleId: Id, missed: Missed.nullable() })),
    }),
    says: 'Where a contact would go, and why. Nothing is done.',
  }),
}
