import * as z from 'zod'
import { Verdict } from '#contract/improvement.ts'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

const may = 'improvement:read'
const Period = z.object({ fromDay: z.string(), untilDay: z.string() })
const Judged = Period.extend({ name: z.string(), figure: z.string(), target: z.number(), value: z.number().nullable(), n: z.number() })

export const standardAdded = audited('standard.added', z.object({ name: z.string() }), may)
export const standardChanged = audited('standard.changed', z.object({ name: z.string(), changes: Difference }), may)
/** Measured anew: another target, figure or period from a day on. */
export const standardMeasured = audited(
  'standard.measured',
  z.object({ name: z.string(), number: z.int(), figure: z.string(), target: z.number(), fromDay: z.string() }),
  may,
)
/** A period is over and judged. */
export const standardJudged = event('standard.judged', Judged.extend({ state: z.enum(['attained', 'missed', 'too_few']) }), may)
/** The alarm, once per period. */
export const standardMissed = event('standard.missed', Judged.extend({ ownerId: z.uuid().nullable(), taskId: z.uuid().nullable() }), may)
/** The early warning: under way, and hardly to be reached any more. Once per period. */
export const standardEndangered = event('standard.endangered', Judged.extend({ ownerId: z.uuid().nullable() }), may)

const About = z.object({ title: z.string(), ownerId: z.uuid().nullable(), round: z.int() })
export const findingOpened = event('finding.opened', About.extend({ source: z.string() }), may)
export const findingChanged = event('finding.changed', About.extend({ changes: Difference }), may)
export const findingPlanned = event('finding.planned', About.extend({ figure: z.string(), expected: z.number() }), may)
export const findingBegun = event('finding.begun', About.extend({ before: z.number().nullable() }), may)
export const actionOpened = event('finding.action_opened', About.extend({ taskId: z.uuid(), action: z.string() }), may)
export const actionMoved = event('finding.action_moved', About.extend({ taskId: z.uuid(), done: z.boolean(), left: z.int() }), may)
export const checkBegun = event('finding.check_begun', About.extend({ afterFrom: z.string(), afterUntil: z.string() }), may)
export const effectMeasured = event('finding.measured', About.extend({ verdict: Verdict, p: z.number().nullable() }), may)
export const findingDecided = audited(
  'finding.decided',
  About.extend({
    verdict: z.enum(['effective', 'not_effective', 'undecided']),
    test: Verdict,
    overridden: z.boolean(),
    reason: z.string(),
  }),
  may,
)
export const findingClosed = event('finding.closed', About.extend({ outcome: z.string() }), may)
export const findingDropped = event('finding.dropped', About.extend({ reason: z.string() }), may)
export const findingReopened = event('finding.reopened', About.extend({ reason: z.string() }), may)
/** Once: its due time has passed and it is still open. */
export const findingOverdue = event('finding.overdue', About, may)
/** The timers behind these. */
export const findingDue = event('finding.due', z.object({}), may)
export const windowOver = event('finding.window_over', z.object({ round: z.int() }), may)
