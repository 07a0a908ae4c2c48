type Waiting<T> = { one: T; done: () => void; fail: (error: unknown) => void }

/** Writes what comes one by one, many in one go: what comes while a batch is being written goes with the next. Each is told when its own was written, or that it was not. */
export function gathering<T>(write: (batch: T[]) => Promise<unknown>, most = 500): (one: T) => Promise<void> {
  const waiting: Waiting<T>[] = []
  let busy = false
  async function empty(): Promise<void> {
    busy = true
    // What is said in the same turn of the event loop goes together from the beginning.
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most)
      try {
        await write(batch.map(w => w.one))
        for (const { done } of batch) done()
      } catch (error) {
        // One that cannot be written keeps no other from it.
        if (batch.length === 1) batch[0]?.fail(error)
        else for (const { one, done, fail } of batch) await write([one]).then(done, fail)
      }
    }
    busy = false
  }
  return one =>
    new Promise((done, fail) => {
      waiting.push({ one, done, fail })
      if (!busy) void empty()
    })
}
