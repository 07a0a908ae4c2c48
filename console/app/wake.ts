const beatMs = 5_000
/** Pages in the background are let run once a minute; what is longer is sleep. */
const gapMs = 90_000
/** The wall's clock goes on while a machine sleeps; where that of the page stands still, a short sleep shows too. */
const apartMs = 5_000

/** Told when the machine has slept, or its network is back: what a connection says of itself is not true any more. */
export function onWake(woken: () => void): () => void {
  let [wall, page] = [Date.now(), performance.now()]
  const beat = setInterval(() => {
    const [gap, lived] = [Date.now() - wall, performance.now() - page]
    wall += gap
    page += lived
    if (gap > gapMs || gap - lived > apartMs) woken()
  }, beatMs)
  // Programs that are no pages have no such word.
  globalThis.addEventListener?.('online', woken)
  return () => {
    clearInterval(beat)
    globalThis.removeEventListener?.('online', woken)
  }
}
