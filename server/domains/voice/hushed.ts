import type { House } from '#kernel/house.ts'
import type { Order } from './ports.ts'

const hushes = new WeakMap<House, Set<string>>()
const mostHushed = 10_000

/** Plays that a call broke off itself: that they are over is no news to it. */
export function rememberHushed(house: House, orders: readonly Order[]): void {
  for (const order of orders) {
    if (order.do !== 'hush') continue
    const here = hushes.get(house) ?? new Set<string>()
    hushes.set(house, here.size < mostHushed ? here.add(order.play) : new Set([order.play]))
  }
}
export const wasHushed = (house: House, play: string): boolean => hushes.get(house)?.delete(play) === true
