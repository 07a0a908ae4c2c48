import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { House } from './house.ts'
import { networkOf } from './network.ts'
import { Refusal } from './refusal.ts'

/** The bucket in Redis: how long to wait before this act may be done, in seconds; 0 when it is done. Forgotten once it is full again. */
const script = `local now, burst, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = burst
if known[1] then left = math.min(burst, tonumber(known[1]) + math.max(0, now - tonumber(known[2])) / 1000 * rate) end
if left < cost then return tostring((cost - left) / rate) end
redis.call('HSET', KEYS[1], 'left', tostring(left - cost), 'at', ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return '0'`
const answerMs = 250

/**
 * A bucket of `burst` acts per key, which may be an address, that refills at `perSecond`; `cost` is for acts of different size. Over all processes where Redis is
 * there; without it, or while it does not answer, per process: enough to stop floods from one place.
 */
export function newLimit({ burst, perSecond, code }: { burst: number; perSecond: number; code: string }) {
  const buckets = new Map<string, { left: number; at: number }>()

  function here(key: string, at: number, cost: number): number {
    const known = buckets.get(key)
    const left = known ? Math.min(burst, known.left + (Math.max(0, at - known.at) / 1000) * perSecond) : burst
    if (left < cost) return (cost - left) / perSecond
    // Whoever acted longest ago is forgotten first.
    buckets.delete(key)
    const oldest = buckets.size < 50_000 ? undefined : buckets.keys().next().value
    if (oldest !== undefined) buckets.delete(oldest)
    buckets.set(key, { left: left - cost, at })
    return 0
  }

  return async (house: Pick<House, 'redis'>, whose: string, now: Date, cost = 1): Promise<void> => {
    const key = networkOf(whose)
    const at = now.getTime()
    let pause = here(key, at, cost)
    if (pause === 0 && house.redis?.isReady) {
      // What stands in Redis tells nobody who it was.
      const name = `huiyin:limit:${code}:${burst}:${perSecond}:${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`
      const told = await Promise.race([
        house.redis.eval(script, { keys: [name], arguments: [at, burst, perSecond, cost].map(String) }).catch(() => '0'),
        wait(answerMs, '0', { ref: false }),
      ])
      pause = Number(told)
    }
    if (pause > 0) throw new Refusal('too_many', code, { retryAfter: Math.ceil(pause) })
  }
}
