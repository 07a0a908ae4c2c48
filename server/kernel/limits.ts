import { networkOf } from './network.ts'
import { Refusal } from './refusal.ts'

/** A bucket of `burst` acts per key, which may be an address, that refills at `perSecond`; `cost` is for acts of different size. Per process: enough to stop floods from one place. */
export function newLimit({ burst, perSecond, code }: { burst: number; perSecond: number; code: string }) {
  const buckets = new Map<string, { left: number; at: number }>()
  return (whose: string, now: Date, cost = 1): void => {
    const key = networkOf(whose)
    const at = now.getTime()
    const known = buckets.get(key)
    const left = known ? Math.min(burst, known.left + (Math.max(0, at - known.at) / 1000) * perSecond) : burst
    if (left < cost) throw new Refusal('too_many', code, { retryAfter: Math.ceil((cost - left) / perSecond) })
    // Whoever acted longest ago is forgotten first.
    buckets.delete(key)
    const oldest = buckets.size < 50_000 ? undefined : buckets.keys().next().value
    if (oldest !== undefined) buckets.delete(oldest)
    buckets.set(key, { left: left - cost, at })
  }
}
