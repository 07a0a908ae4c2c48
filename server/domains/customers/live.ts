import { scopeOf } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { mayReadCustomer } from './reaching.ts'

/** What happens with a customer is pushed to whoever may read that customer. */
export function lendLive(house: House): void {
  house.live.guard('customer', async (ctx, id) => {
    if (scopeOf(ctx.actor, 'customer:read') === null) return false
    return mayReadCustomer(ctx, id)
  })
}
