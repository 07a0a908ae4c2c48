import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Order } from './ports.ts'
import type { CallRow } from './rows.ts'
import { switchesOf, switchNamed } from './switches.ts'

/** On it those who have switches hear that orders were left for them. */
export const forwardedChannel = 'huiyin_voice'

const without = new WeakSet<House>()
/** This process has no switch of its own: another one, of the role `voice`, is connected to them. How they are is looked at. */
export function haveLinesElsewhere(house: House): { stop: () => Promise<void> } {
  without.add(house)
  const watching = switchesOf(house).flatMap(line => line.watch?.() ?? [])
  return { stop: async () => void (await Promise.all(watching.map(line => line.stop()))) }
}

/** The practice line is in every process that browsers come to; an exchange hears one process. */
export function isElsewhere(house: House, line: string): boolean {
  const there = switchNamed(house, line)
  return there?.kind !== 'practice' && (without.has(house) || there?.elsewhere?.() === true)
}

/** Leaves orders, with the step, to the process that has the switch, and wakes it at the commit. */
export function forward(ctx: Ctx, row: CallRow, orders: readonly Order[]): void {
  ctx.write`insert into voice.forwarded (tenant_id, id, call_id, seq, line, orders, left_at)
    values (${ctx.tenantId}, ${newId()}, ${row.id}, ${row.machine.seq}, ${row.line}, ${JSON.stringify(orders)}, ${ctx.now})`
  ctx.write`select pg_notify(${forwardedChannel}, ${ctx.tenantId})`
}
