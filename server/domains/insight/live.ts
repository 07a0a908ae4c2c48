import * as z from 'zod'
import { Wallboard } from '#contract/insight.ts'
import { scopeOf } from '#kernel/access.ts'
import { allTenants } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { wallboard } from './queries.ts'

const tickMs = 1000
const tenantsEvery = 10

/** The snapshot carries figures, so only who may see them may watch. */
export function lendLive(house: House): void {
  house.live.guardWhole('wallboard', async ctx => scopeOf(ctx.actor, 'insight:read') !== null)
}

/** One snapshot of a tenant to everybody of this process who watches its wallboard; nothing is computed while nobody does. */
export async function showWallboard(house: House, tenantId: string): Promise<boolean> {
  if (house.live.watchersHere(tenantId, 'wallboard') === 0) return false
  const board = await asSystem(house, tenantId, wallboard)
  house.live.pushHere(tenantId, 'wallboard', 'wallboard', z.encode(Wallboard, board))
  return true
}

/** Once a second, as long as the product runs. A second in which the last snapshot is still being made is left out. */
export function startWallboards(house: House): { stop: () => Promise<void> } {
  let ticks = 0
  let tenants: string[] = []
  let running: Promise<void> | null = null
  const tick = async () => {
    if (ticks++ % tenantsEvery === 0) tenants = (await allTenants(house.control)).map(t => t.tenantId)
    for (const tenantId of tenants) await showWallboard(house, tenantId)
  }
  const timer = setInterval(() => {
    if (running) return
    running = tick()
      .catch(error => house.log.warn({ err: error }, 'a wallboard could not be shown'))
      .finally(() => {
        running = null
      })
  }, tickMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
