import { Refusal } from '#kernel/refusal.ts'

const burst = 30
const perSecond = 0.5
const mostAddresses = 50_000

type Bucket = { tokens: number; at: number }

/** A bucket of thirty attempts per address, one more every two seconds. Per process: enough to stop guessing across many logins from one place. */
export function newAddressLimit() {
  const buckets = new Map<string, Bucket>()
  return (address: string, now: Date) => {
    const at = now.getTime()
    const bucket = buckets.get(address) ?? { tokens: burst, at }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * perSecond)
    bucket.at = at
    if (bucket.tokens < 1)
      throw new Refusal('too_many', 'access.too_many_attempts', { retryAfter: Math.ceil((1 - bucket.tokens) / perSecond) })
    bucket.tokens -= 1
    if (buckets.size >= mostAddresses) buckets.clear()
    buckets.set(address, bucket)
  }
}
