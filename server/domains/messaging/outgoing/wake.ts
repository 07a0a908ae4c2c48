import type { House } from '#kernel/house.ts'
import type { Ctx } from '#kernel/work.ts'

const sleepers = new WeakMap<House, (tenantId: string) => void>()

/** The sender of this process hears at once; those of others look by themselves every second. */
export const onWake = (house: House, wake: (tenantId: string) => void): void => {
  sleepers.set(house, wake)
}
export const wakeSender = (ctx: Ctx): void => {
  const { tenantId } = ctx
  ctx.afterCommit('wake the sender of messages', house => sleepers.get(house)?.(tenantId))
}
