import type * as z from 'zod'
import type { automation, RuleBody } from '#contract/automation.ts'
import { conditionFault, leavesOf } from '#contract/conditions.ts'
import type { Heard } from '#kernel/automation.ts'
import { type EventRow, eventById, eventsNamed } from '#kernel/events.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { judged } from './around.ts'
import { kindsOf, triggerOf } from './offers.ts'
import { keptSteps } from './rules.ts'

const day = 86_400_000
type At = ReturnType<typeof triggerOf>
type Happened = z.output<typeof automation.happened.reply>[number]

const hear = ({ trigger }: At, event: EventRow): Heard | null => trigger.hear(event)
const shown = (event: EventRow, heard: Heard, seen: { label: string; path: string | null }): Happened => ({
  eventId: event.id,
  at: event.at,
  subjectId: heard.subjectId,
  label: seen.label,
  path: seen.path,
})

const mostToTry = 12
/** The latest things that happened and that who asks may see, each thing once. */
export async function happened(ctx: Ctx, key: string): Promise<Happened[]> {
  const at = triggerOf(key)
  const { rows } = await eventsNamed(ctx, key, { since: new Date(ctx.now.getTime() - 90 * day), most: 4 * mostToTry })
  const known = new Map<string, Happened>()
  for (const event of rows) {
    const heard = hear(at, event)
    if (!heard || known.has(heard.subjectId)) continue
    const seen = await at.subject.load(ctx, heard.subjectId)
    if (seen) known.set(heard.subjectId, shown(event, heard, seen))
    if (known.size === mostToTry) break
  }
  return [...known.values()]
}

async function asked(ctx: Ctx, key: string, body: RuleBody): Promise<At> {
  const at = triggerOf(key)
  const fault = conditionFault(body.condition, await kindsOf(ctx, at))
  if (fault) throw new Refusal('invalid', 'rule.condition_invalid', fault)
  return at
}

/** One event, with the thing as it is today; what the event itself knew is as it was. */
export async function tryRule(ctx: Ctx, { trigger, body, eventId }: z.output<typeof automation.trial.body>) {
  const at = await asked(ctx, trigger, body)
  const event = await eventById(ctx, eventId)
  const heard = event && event.name === trigger ? hear(at, event) : null
  const seen = heard && (await at.subject.load(ctx, heard.subjectId, leavesOf(body.condition)))
  if (!event || !heard || !seen) throw new Refusal('not_found', 'event.not_found', { id: eventId })
  const { holds, steps } = await judged(ctx, body, { is: { ...seen.fields, ...heard.is }, was: heard.was }, event.at)
  return { holds, steps: keptSteps(steps) }
}

const mostLooked = 300
export async function dryRun(
  ctx: Ctx,
  { trigger, body, days }: z.output<typeof automation.dryRun.body>,
): Promise<z.output<typeof automation.dryRun.reply>> {
  const at = await asked(ctx, trigger, body)
  const since = new Date(ctx.now.getTime() - days * day)
  const { rows, whole } = await eventsNamed(ctx, trigger, { since, most: mostLooked })
  const known = new Map<string, Awaited<ReturnType<At['subject']['load']>>>()
  const matched: Happened[] = []
  let looked = 0
  let unseen = 0
  for (const event of rows) {
    const heard = hear(at, event)
    if (!heard) continue
    looked++
    const { subjectId } = heard
    if (!known.has(subjectId)) known.set(subjectId, await at.subject.load(ctx, subjectId, leavesOf(body.condition)))
    const seen = known.get(subjectId)
    if (!seen) unseen++
    else if ((await judged(ctx, body, { is: { ...seen.fields, ...heard.is }, was: heard.was }, event.at)).holds)
      matched.push(shown(event, heard, seen))
  }
  const thenKnown = new Set(at.trigger.fields.map(field => field.key))
  return {
    looked,
    whole,
    since,
    matched: matched.length,
    unseen,
    rows: matched.slice(0, 50),
    today: [...new Set(leavesOf(body.condition).map(leaf => leaf.field))].filter(field => !thenKnown.has(field)),
  }
}
