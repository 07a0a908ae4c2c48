import { constants, createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { soundRate } from '#contract/practiceLine.ts'
import { wavHead } from '#domains/voice/audio/wav.ts'
import type { CallAt } from '#domains/voice/ports.ts'
import type { House } from '#kernel/house.ts'
import { Refusal } from '#kernel/refusal.ts'

/** Four hours of two sides. */
const mostBytes = soundRate * 2 * 2 * 4 * 3600
/** What may be missing before a piece that came early. */
const gapBytes = soundRate * 2 * 2 * 60

/** Recordings as their browsers bring them, a second at a time; on the disk at once, so that a browser that dies loses no more. */
export function newPieces(house: House) {
  const folder = ({ tenantId }: CallAt) => path.join(house.settings.filesFolder, tenantId, 'practice')
  /** By call: whoever has a leg of one brings nothing into the sound of another. */
  const placeOf = (call: CallAt, recording: string, sides: 1 | 2) => path.join(folder(call), `${call.callId}.${recording}.${sides}.pcm`)
  const sizeOf = (place: string) =>
    stat(place).then(
      found => found.size,
      () => null,
    )
  async function found(call: CallAt, recording: string): Promise<{ place: string; sides: 1 | 2; bytes: number } | null> {
    for (const sides of [2, 1] as const) {
      const place = placeOf(call, recording, sides)
      const bytes = await sizeOf(place)
      if (bytes !== null) return { place, sides, bytes }
    }
    return null
  }

  return {
    /** Written twice it is the same. */
    put: async (call: CallAt, recording: string, sides: 1 | 2, from: number, pcm: Uint8Array): Promise<void> => {
      const place = placeOf(call, recording, sides)
      const at = from * 2 * sides
      const size = (await sizeOf(place)) ?? 0
      if (at > size + gapBytes || at + pcm.length > mostBytes) return
      await mkdir(path.dirname(place), { recursive: true })
      const handle = await open(place, constants.O_RDWR | constants.O_CREAT, 0o600)
      try {
        await handle.write(pcm, 0, pcm.length, at)
      } finally {
        await handle.close()
      }
    },
    seconds: async (call: CallAt, recording: string): Promise<number | null> => {
      const there = await found(call, recording)
      return there && there.bytes / (soundRate * 2 * there.sides)
    },
    wav: async (call: CallAt, recording: string, into: string): Promise<void> => {
      const there = await found(call, recording)
      if (!there) throw new Refusal('not_found', 'recording.not_found', { id: recording })
      await writeFile(into, wavHead(soundRate, there.sides, there.bytes), { mode: 0o600 })
      await pipeline(createReadStream(there.place, { end: Math.max(0, there.bytes - 1) }), createWriteStream(into, { flags: 'a' }))
    },
    forget: async (call: CallAt, recording: string): Promise<void> => {
      const there = await found(call, recording)
      if (there) await rm(there.place, { force: true })
    },
  }
}
export type Pieces = ReturnType<typeof newPieces>
