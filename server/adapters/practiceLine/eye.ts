import type { CallAt, LiveLeg } from '#domains/voice/ports.ts'
import type { House } from '#kernel/house.ts'

type Watched = CallAt & { leg: string; pass: string; agentId: string | null; up: boolean; awaySince: number | null }
/** `goneMs`: a browser that is away for so long has lost its leg. */
export type Patience = { beatMs: number; goneMs: number; graceMs: number }

const shared = 'huiyin:practice:legs'
const staleMs = 10_000

/**
 * Which legs have a browser. A leg is held by the socket that watches its topic; the process to which that socket came looks after it. Should its browser come back
 * to another process, that one does.
 */
export function newEye(house: House, { beatMs, goneMs }: Patience, vanished: (leg: Watched) => Promise<void>) {
  const seen = new Map<string, Watched>()
  const topicOf = (pass: string) => `leg:${pass}`

  async function look(): Promise<void> {
    for (const leg of [...seen.values()]) {
      if (house.live.watchersHere(leg.tenantId, topicOf(leg.pass)) > 0) {
        leg.awaySince = null
        continue
      }
      leg.awaySince ??= Date.now()
      if (Date.now() - leg.awaySince < goneMs) continue
      try {
        if ((await house.live.watchers(leg.tenantId, topicOf(leg.pass))) === 0) await vanished(leg)
        // Whoever came back meanwhile is looked after again.
        if (house.live.watchersHere(leg.tenantId, topicOf(leg.pass)) === 0) seen.delete(leg.pass)
      } catch (error) {
        house.log.warn({ err: error, leg: leg.leg }, 'the end of a leg could not be told and is told again')
      }
    }
    if (house.redis?.isReady && seen.size > 0)
      await house.redis.hSet(shared, Object.fromEntries([...seen.values()].map(l => [l.pass, JSON.stringify({ ...l, at: Date.now() })])))
  }

  /** Those of other processes: whoever starts must not take them for dead. */
  async function others(): Promise<Watched[]> {
    if (!house.redis?.isReady) return []
    const found = await house.redis.hGetAll(shared)
    const all: (Watched & { at: number })[] = Object.values(found).map(text => JSON.parse(text))
    const stale = all.filter(l => Date.now() - l.at > staleMs).map(l => l.pass)
    if (stale.length > 0) await house.redis.hDel(shared, stale)
    return all.filter(l => !stale.includes(l.pass))
  }

  return {
    /** A browser is to come, or has come. */
    expect: (at: CallAt & { leg: string }, pass: string, agentId: string | null): void => {
      if (!seen.has(pass)) seen.set(pass, { ...at, pass, agentId, up: false, awaySince: Date.now() })
    },
    up: (pass: string, up: boolean): void => {
      const leg = seen.get(pass)
      if (leg) leg.up = up
    },
    forget: (pass: string): void => {
      seen.delete(pass)
      if (house.redis?.isReady) house.redis.hDel(shared, pass).catch(() => null)
    },
    /** Legs of an agent, here or looked after by another process. */
    of: async (tenantId: string, agentId: string): Promise<Watched[]> => {
      const all = new Map([...(await others()), ...seen.values()].map(l => [l.pass, l]))
      return [...all.values()].filter(l => l.tenantId === tenantId && l.agentId === agentId)
    },
    isThere: async (tenantId: string, pass: string): Promise<boolean> => (await house.live.watchers(tenantId, topicOf(pass))) > 0,
    live: async (): Promise<LiveLeg[]> => {
      const all = new Map([...(await others()), ...seen.values()].map(l => [l.leg, l]))
      return [...all.values()].map(({ tenantId, callId, leg, up }) => ({ tenantId, callId, leg, up }))
    },
    count: () => seen.size,
    start: () => {
      let running: Promise<void> = Promise.resolve()
      const timer = setInterval(() => {
        running = running.then(look).catch(error => house.log.warn({ err: error }, 'the practice line could not see who is there'))
      }, beatMs)
      return {
        stop: async () => {
          clearInterval(timer)
          await running
        },
      }
    },
  }
}
export type Eye = ReturnType<typeof newEye>
