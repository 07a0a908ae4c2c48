import { soundRate } from './rate.ts'

type Put = (recording: string, from: number, pcm: Uint8Array) => Promise<unknown>
type Running = { id: string; sides: 1 | 2; paused: boolean; written: number; waiting: number[] }

/** So many samples are brought at once: half a second. */
const piece = soundRate / 2
/** So many pieces are under way at once: a slow answer holds up none of the others. */
const abreast = 4

/**
 * Takes down what this side says, left, and what it hears, right, in pieces that leave at once: whatever dies, no more than the last piece is lost. The clock is the
 * sound's own; a pause is silence.
 */
export function newRecorder(context: AudioContext, put: Put) {
  const left = context.createGain()
  const right = context.createGain()
  const both = context.createChannelMerger(2)
  // Works without a file of its own, which a worklet needs; one call on this page does not mind the page's thread.
  const tap = context.createScriptProcessor(4096, 2, 1)
  left.connect(both, 0, 0)
  right.connect(both, 0, 1)
  both.connect(tap)
  tap.connect(context.destination)
  let own: AudioNode | null = null
  let others: AudioNode[] = []
  let running: Running | null = null
  /** Each says where it stands: their order is nothing. */
  const under: Promise<unknown>[] = []
  const step = context.sampleRate / soundRate
  let at = 0
  const sums = [0, 0]
  let count = 0

  function send(now: Running): void {
    const samples = Int16Array.from(now.waiting.splice(0))
    if (samples.length === 0) return
    const from = now.written
    now.written += samples.length / now.sides
    const [first = Promise.resolve()] = under.splice(0, under.length >= abreast ? 1 : 0)
    under.push(first.then(() => put(now.id, from, new Uint8Array(samples.buffer))))
  }
  tap.onaudioprocess = ({ inputBuffer }) => {
    if (!running) return
    const sides = [inputBuffer.getChannelData(0), inputBuffer.getChannelData(1)]
    for (let n = 0; n < inputBuffer.length; n++) {
      for (const [side, samples] of sides.entries()) sums[side] = (sums[side] ?? 0) + (samples[n] ?? 0)
      count++
      at++
      if (at < step) continue
      at -= step
      for (let side = 0; side < running.sides; side++) {
        const value = running.paused ? 0 : (sums[side] ?? 0) / count
        running.waiting.push(Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))))
      }
      sums.fill(0)
      count = 0
    }
    if (running.waiting.length >= piece * running.sides) send(running)
  }

  return {
    say: (stream: MediaStream | null): void => {
      own?.disconnect()
      own = stream && context.createMediaStreamSource(stream)
      own?.connect(left)
    },
    hear: (streams: readonly MediaStream[]): void => {
      for (const other of others) other.disconnect()
      others = streams.map(stream => context.createMediaStreamSource(stream))
      for (const other of others) other.connect(right)
    },
    now: () => running && { id: running.id, sides: running.sides },
    /** As it is to be; the id of the one that is finished by it, once all of it has arrived. */
    be: async (wanted: { id: string; sides: 1 | 2; paused: boolean } | null): Promise<string | null> => {
      const before = running
      if (wanted && before?.id === wanted.id) {
        before.paused = wanted.paused
        return null
      }
      running = wanted && { ...wanted, written: 0, waiting: [] }
      if (before) send(before)
      await Promise.all(under)
      return before?.id ?? null
    },
    close: (): void => {
      tap.onaudioprocess = null
      for (const node of [tap, both, left, right]) node.disconnect()
    },
  }
}
export type Recorder = ReturnType<typeof newRecorder>
