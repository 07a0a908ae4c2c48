import type * as z from 'zod'
import type { FileCard } from '#contract/messaging.ts'
import { newClientId } from '../kit/ids.ts'

type Card = z.output<typeof FileCard>
/** `failed`: a code. `again`: the same file may get through when it is sent once more. */
export type Attachment = {
  key: string
  name: string
  size: number
  picture: string | null
  share: number
  card: Card | null
  failed: string | null
  again: boolean
}
/** Sends one file; exactly one of `done` and `lost` is told, unless it is stopped before. */
export type Transfer = (
  file: File,
  told: { progress: (share: number) => void; done: (card: Card) => void; lost: (code: string, again: boolean) => void },
) => () => void

const largest = 20 * 1_048_576
const mostAtOnce = 10
const none: readonly Attachment[] = []

/** Files beside the words being written, by place: they travel while one still writes, and stay while one looks elsewhere. */
export function newUploads({
  transfer,
  picture,
  forget,
  changed,
  patience,
}: {
  transfer: Transfer
  picture: (file: File) => string | null
  forget: (picture: string) => void
  changed: () => void
  /** A line over which nothing moves for so long is dead. */
  patience: number
}) {
  const held = new Map<string, readonly Attachment[]>()
  const under = new Map<string, { file: File; stop: () => void }>()

  function set(place: string, files: readonly Attachment[]): void {
    if (files.length > 0) held.set(place, files)
    else held.delete(place)
    changed()
  }
  const of = (place: string) => held.get(place) ?? none
  const change = (place: string, key: string, to: Partial<Attachment>) =>
    set(
      place,
      of(place).map(f => (f.key === key ? { ...f, ...to } : f)),
    )

  function go(place: string, key: string, file: File): void {
    let over = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = (to: Partial<Attachment>) => {
      if (over) return
      over = true
      clearTimeout(timer)
      change(place, key, to)
    }
    const stop = () => {
      over = true
      clearTimeout(timer)
      cut()
    }
    const moved = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        end({ failed: 'network.away', again: true })
        cut()
      }, patience)
    }
    under.set(key, { file, stop })
    moved()
    const cut = transfer(file, {
      progress: share => {
        if (over) return
        moved()
        change(place, key, { share })
      },
      done: card => {
        if (!over) under.delete(key)
        end({ card, share: 1 })
      },
      lost: (failed, again) => end({ failed, again }),
    })
  }

  return {
    of,
    add: (place: string, chosen: Iterable<File>): void => {
      for (const file of [...chosen].slice(0, mostAtOnce)) {
        const key = newClientId()
        const failed = file.size > largest ? 'file.too_large' : file.size === 0 ? 'file.empty' : null
        const one = { key, name: file.name, size: file.size, picture: picture(file), share: 0, card: null, failed, again: false }
        set(place, [...of(place), one])
        if (!failed) go(place, key, file)
      }
    },
    retry: (place: string, key: string): void => {
      const file = under.get(key)?.file
      if (!file || !of(place).some(f => f.key === key && f.failed)) return
      change(place, key, { failed: null, again: false, share: 0 })
      go(place, key, file)
    },
    /** Under way, it is stopped. */
    remove: (place: string, key: string): void => {
      under.get(key)?.stop()
      under.delete(key)
      for (const f of of(place)) if (f.key === key && f.picture) forget(f.picture)
      set(
        place,
        of(place).filter(f => f.key !== key),
      )
    },
    /** Sent: what did not get through stays, with the choice to try it again. */
    clear: (place: string): void => {
      for (const f of of(place)) if (f.card && f.picture) forget(f.picture)
      set(
        place,
        of(place).filter(f => !f.card),
      )
    },
  }
}
