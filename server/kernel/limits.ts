import { Refusal } from './refusal.ts'

/** A bucket of `burst` acts per key that refills at `perSecond`; `cost` is for acts of different size. Per process: enough to stop floods from one place. */
export function newLimit({ burst, perSecond, code }: { burst: number; perSecond: number; code: string }) {
  const buckets = new Map<string, { left: number; at: number }>()
  return (key: string, now: Date, cost = 1): void => {
    const at = now.getTime()
    const known = buckets.get(key)
    const left = known ? Math.min(burst, known.left + (Math.max(0, at - known.at) / 1000) * perSecond) : burst
    if (left < cost) throw new Refusal('too_many', code, { retryAfter: Math.ceil((cost - left) / perSecond) })
    if (!known && buckets.size >= 50_000) buckets.clear()
    buckets.set(key, { left: left - cost, at })
  }
}
