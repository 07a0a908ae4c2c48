import { sql } from 'kysely'
import * as z from 'zod'
import { idAt } from '#kernel/ids.ts'
import { every, outward, type Reaction } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { ruleDue } from './events.ts'
import { everyTrigger } from './offers.ts'
import { keepDays, keepMissedDays } from './rules.ts'
import { hearEvent, lookAgain } from './running.ts'

const day = 86_400_000

/** One reaction per event that some domain offers as a trigger, told only to tenants with a rule for it. */
export const ruleReactions = (): Reaction[] => [
  ...everyTrigger().map(
    (trigger): Reaction => ({
      kind: 'outward',
      heeded: true,
      id: `${trigger.key}: ask the rules`,
      event: trigger.key,
      detail: z.unknown(),
      run: (io, said) => hearEvent(io, trigger, said),
    }),
  ),
  outward(ruleDue, 'ask a rule that waited whether it is still so', (io, { detail }) => lookAgain(io, detail.runId)),
  // One part at a time, each a short transaction.
  every('*/2 17-20 * * *', 'forget what rules saw long ago', ctx => forgetRuns(ctx)),
]

const part = 20_000
export async function forgetRuns(ctx: Ctx, most = part): Promise<void> {
  const before = (days: number) => idAt(new Date(ctx.now.getTime() - days * day))
  // Literals: the partial index depends on them.
  await sql`delete from automation.run where tenant_id = ${ctx.tenantId} and id in (select id from automation.run
    where tenant_id = ${ctx.tenantId} and id < ${before(keepMissedDays)} and outcome in ('missed', 'unseen') order by id limit ${most})`.execute(
    ctx.db,
  )
  await sql`delete from automation.run where tenant_id = ${ctx.tenantId} and id in (select id from automation.run
    where tenant_id = ${ctx.tenantId} and id < ${before(keepDays)} and outcome <> 'waiting' order by id limit ${most})`.execute(ctx.db)
}
