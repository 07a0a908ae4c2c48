import type { House } from './house.ts'

/**
 * Turn after turn until it is stopped, which waits for the turn at hand. `turn` says for how many milliseconds to rest before the next; `wake` ends that rest, and
 * when no rest is under way, saves the next one. A turn that throws is told as `failure` and tried again soon, later each time in a row.
 */
export function startLoop(
  house: House,
  failure: string,
  turn: (going: () => boolean) => Promise<number>,
): { wake: () => void; stop: () => Promise<void> } {
  let going = true
  let awake = false
  let end: (() => void) | null = null
  const rest = (ms: number) =>
    new Promise<void>(resolve => {
      const over = () => {
        clearTimeout(timer)
        end = null
        resolve()
      }
      const timer = setTimeout(over, ms)
      end = over
    })
  const loop = (async () => {
    for (let failed = 0; going; ) {
      let ms: number
      try {
        ms = await turn(() => going)
        failed = 0
      } catch (error) {
        house.log.warn({ err: error }, failure)
        ms = 100 * 2 ** Math.min(++failed, 3)
      }
      if (going && ms > 0 && !awake) await rest(ms)
      awake = false
    }
  })()
  return {
    wake: () => {
      if (end) end()
      else awake = true
    },
    stop: async () => {
      going = false
      end?.()
      await loop
    },
  }
}
