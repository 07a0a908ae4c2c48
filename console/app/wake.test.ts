import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onWake } from './wake.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a sleep is told, and a network that is back; a page in the background does not sleep', () => {
  const woken = vi.fn()
  const page = new EventTarget()
  for (const name of ['addEventListener', 'removeEventListener'] as const) vi.stubGlobal(name, page[name].bind(page))
  const stop = onWake(woken)
  vi.advanceTimersByTime(120_000)
  expect(woken).not.toHaveBeenCalled()

  // The page stood still, and its clock with it.
  vi.setSystemTime(Date.now() + 20_000)
  vi.advanceTimersByTime(5_000)
  expect(woken).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(60_000)
  expect(woken).toHaveBeenCalledTimes(1)

  page.dispatchEvent(new Event('online'))
  expect(woken).toHaveBeenCalledTimes(2)

  stop()
  page.dispatchEvent(new Event('online'))
  vi.setSystemTime(Date.now() + 20_000)
  vi.advanceTimersByTime(5_000)
  expect(woken).toHaveBeenCalledTimes(2)
})
