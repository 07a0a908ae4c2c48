import { tenantsWhere } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { begin } from '#kernel/house.ts'
import { startLoop } from '#kernel/loop.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import type { CallAt } from './ports.ts'
import type { CallRow } from './rows.ts'
import { nextDue } from './saving.ts'
import { strike } from './stepping.ts'

type Clocks = Map<string, NodeJS.Timeout>
const clocks = new WeakMap<House, Clocks>()
const batch = 500
const tickMs = 1000
/** Beyond it the sweep is soon enough. */
const furthestMs = 10 * 60_000

/** The process that took a step keeps its next clock to the millisecond; `due_at` is for when that process is no more. */
export function setClock(ctx: Ctx, row: CallRow): void {
  const here = clocks.get(ctx.house)
  if (!here) return
  const at = { tenantId: ctx.tenantId, callId: row.id }
  ctx.afterCommit('set the clock of a call', house => {
    clearTimeout(here.get(row.id))
    here.delete(row.id)
    const due = row.stage === 'over' ? null : nextDue(row.machine)
    const ms = due === null ? Number.POSITIVE_INFINITY : due.getTime() - house.clock().getTime()
    if (ms > furthestMs || !clocks.has(house)) return
    // A millisecond later: a timer may run early by less than one.
    here.set(row.id, setTimeout(() => ring(house, here, at), Math.max(0, ms) + 1).unref())
  })
}

function ring(house: House, here: Clocks, at: CallAt): void {
  here.delete(at.callId)
  begin(house, 'a clock of a call', async () => void (await strike(house, at)))
}

export const dueCalls = (ctx: Ctx): Promise<{ id: string }[]> =>
  ctx.db.selectFrom('voice.call').select('id').where('dueAt', '<=', ctx.now).orderBy('dueAt').limit(batch).execute()

/** What fell due in a tenant and was not struck: set by a process that has ended, or too far ahead for a clock. */
async function sweepTenant(house: House, tenantId: string): Promise<void> {
  const due = await asSystem(house, tenantId, dueCalls)
  for (const { id } of due)
    await strike(house, { tenantId, callId: id }).catch(error => house.log.error({ err: error, callId: id }, 'a call that fell due failed'))
}

export async function sweepCalls(house: House, going = () => true): Promise<void> {
  const tenants = await tenantsWhere(house.control, 'calls that are due', 'select distinct tenant_id from voice.call where due_at <= $1', [
    house.clock(),
  ])
  for (const tenantId of tenants) if (going()) await sweepTenant(house, tenantId)
}

/** The clocks of this process, and the net under those of others. */
export function startClocks(house: House): { stop: () => Promise<void> } {
  const here: Clocks = new Map()
  clocks.set(house, here)
  const loop = startLoop(house, 'the sweep of calls could not reach the database and tries again', async going => {
    await sweepCalls(house, going)
    return tickMs
  })
  return {
    stop: async () => {
      clocks.delete(house)
      for (const timer of here.values()) clearTimeout(timer)
      await loop.stop()
    },
  }
}
