import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '@redis/client'
import type { Logger } from 'pino'

export type Redis = ReturnType<typeof newRedis>
/** A start waits no longer for it: without Redis a process goes on alone. */
const patienceMs = 3_000

/**
 * Made, not yet connected. Whoever must not wait looks at `isReady` first. Commands given while it is away wait for it: the fan-out reads its stream
 * again as soon as a reading failed, and would otherwise do nothing but fail.
 */
function newRedis(url: string) {
  return createClient({
    url,
    socket: { connectTimeout: 5_000, reconnectStrategy: tries => Math.min(2_000, 50 * 2 ** tries) },
  })
}

/** Connected, or trying again for as long as the process lives; both are told once. */
export async function openRedis(url: string, log: Pick<Logger, 'warn' | 'info'>): Promise<Redis> {
  const redis = newRedis(url)
  let away = false
  const missed = (error: unknown) => {
    if (!away) log.warn({ err: error }, 'Redis is away: live updates reach only the browsers of this process until it is back')
    away = true
  }
  redis.on('error', missed)
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
  const late = new AbortController()
  // Rejected only when it is given up before it ever answered.
  const connected = redis.connect().then(
    () => true,
    () => true,
  )
  const answered = await Promise.race([connected, wait(patienceMs, false, { signal: late.signal }).catch(() => true)])
  late.abort()
  if (!answered && !redis.isReady) missed(new Error('no answer'))
  return redis
}
