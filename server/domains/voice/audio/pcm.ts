/** Sound as figures between −1 and 1. All channels are equally long. */
export type Pcm = { rate: number; channels: Float32Array[] }

type AudioFault = 'announcement.not_audio' | 'announcement.broken' | 'announcement.too_long' | 'announcement.silent'
/** Bytes that are no sound we take. It crosses a thread, so it is told by its code. */
export class NotHeard extends Error {
  readonly code: AudioFault
  constructor(code: AudioFault) {
    super(code)
    this.code = code
  }
}
export const broken = () => new NotHeard('announcement.broken')

/** Takes what a decoder gives piece by piece, and stops it when it is more than anybody may keep. */
export function gather(most: number) {
  const pieces: { rate: number; channels: readonly Float32Array[] }[] = []
  let seconds = 0
  return {
    add: (rate: number, channels: readonly Float32Array[]): void => {
      const length = channels[0]?.length ?? 0
      if (length === 0) return
      if (!(rate >= 4000 && rate <= 384_000)) throw broken()
      seconds += length / rate
      if (seconds > most) throw new NotHeard('announcement.too_long')
      pieces.push({ rate, channels })
    },
    whole: (): Pcm => {
      const first = pieces[0]
      // Another rate or another number of channels in the middle is another sound glued on.
      const same = pieces.filter(p => p.rate === first?.rate && p.channels.length === first.channels.length)
      if (!first) throw broken()
      const length = same.reduce((n, p) => n + (p.channels[0]?.length ?? 0), 0)
      const channels = first.channels.map((_, c) => {
        const whole = new Float32Array(length)
        let at = 0
        for (const piece of same) {
          const samples = piece.channels[c]
          if (!samples) throw broken()
          whole.set(samples, at)
          at += samples.length
        }
        return whole
      })
      return { rate: first.rate, channels }
    },
  }
}

export const ascii = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length))
