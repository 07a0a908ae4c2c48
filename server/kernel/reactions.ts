import { sql } from 'kysely'
import { v7 } from 'uuid'
import { forgetOldImports } from './importMemory.ts'
import { every } from './react.ts'
import { forgetOldRuns } from './runDesk.ts'
import { findLostTurns, runTurns } from './runTurns.ts'

const keepDays = 14

/** A reaction is tried for half an hour and may wait for an administrator much longer; only what failed waits, and that has no record here. */
export const reactions = [
  every('10 18 * * *', 'forget which reactions ran two weeks ago', async ctx => {
    // The id of an event is its time.
    const before = v7({ msecs: ctx.now.getTime() - keepDays * 86_400_000 })
    await sql`delete from kernel.reacted where tenant_id = ${ctx.tenantId} and event_id < ${before}`.execute(ctx.db)
  }),
  runTurns,
  every('*/10 * * * *', 'carry on long work that nobody carries', findLostTurns),
  every('35 18 * * *', 'remove the results of long work whose time is over', forgetOldRuns),
  every('40 18 * * *', 'forget what imports did once they can no longer be taken back', forgetOldImports),
]
