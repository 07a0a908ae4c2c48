import type { CallAt } from '#domains/voice/ports.ts'
import type { House } from '#kernel/house.ts'
import { type CallNow, newCall } from './now.ts'

const keptSeconds = 6 * 3600
const most = 2_000

/**
 * How every call is meant to be. In the memory of this process; in Redis, too, where there are several: whichever is asked knows. What is lost with a process is
 * said again by the machine's next orders; until then browsers go on as they do.
 */
export function newKeeping(house: House, changed: (at: CallAt, before: CallNow, now: CallNow) => void) {
  const here = new Map<string, CallNow>()
  const turns = new Map<string, Promise<unknown>>()
  const nameOf = ({ tenantId, callId }: CallAt) => `huiyin:practice:${tenantId}:${callId}`

  async function get(at: CallAt): Promise<CallNow | null> {
    if (!house.redis?.isReady) return here.get(nameOf(at)) ?? null
    const text = await house.redis.get(nameOf(at)).catch(() => null)
    // Ours, written below.
    return text === null ? (here.get(nameOf(at)) ?? null) : JSON.parse(text)
  }
  async function set(at: CallAt, call: CallNow): Promise<void> {
    const name = nameOf(at)
    here.delete(name)
    here.set(name, call)
    const oldest = here.size > most ? here.keys().next().value : undefined
    if (oldest !== undefined) here.delete(oldest)
    if (house.redis?.isReady)
      await house.redis.set(name, JSON.stringify(call), { expiration: { type: 'EX', value: keptSeconds } }).catch(() => null)
  }
  /** One after the other: what is read and written again is never another's. */
  function inTurn<T>(at: CallAt, fn: () => Promise<T>): Promise<T> {
    const name = nameOf(at)
    const turn = (turns.get(name) ?? Promise.resolve()).then(fn)
    const settled = turn.then(
      () => {},
      () => {},
    )
    turns.set(name, settled)
    settled.then(() => {
      if (turns.get(name) === settled) turns.delete(name)
    })
    return turn
  }
  return {
    get,
    change: <T>(at: CallAt, fn: (call: CallNow) => Promise<{ call: CallNow; result: T }> | { call: CallNow; result: T }): Promise<T> =>
      inTurn(at, async () => {
        const before = (await get(at)) ?? newCall()
        const { call, result } = await fn({ ...before, n: Math.max(before.n + 1, Date.now()) })
        await set(at, call)
        changed(at, before, call)
        return result
      }),
  }
}
export type Keeping = ReturnType<typeof newKeeping>
