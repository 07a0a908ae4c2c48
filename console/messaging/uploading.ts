import type * as z from 'zod'
import type { FileCard } from '#contract/messaging.ts'
import { newClientId } from '../kit/ids.ts'
import { isPassing, WireError } from '../kit/wire.ts'

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

/** For files that are for good where they are put: each is kept as soon as it has arrived, whatever page is open by then. */
export type Keeper = {
  /** Throws a WireError where it is refused. */
  keep: (card: Card) => Promise<unknown>
  /** Told when one did not get through, for whoever looks elsewhere. */
  lost: (name: string, code: string) => void
}

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
  /** `card`: it has arrived, and waits to be kept. */
  const under = new Map<string, { file: File; stop: () => void; keeper: Keeper | undefined; card?: Card }>()

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

  function drop(place: string, key: string): void {
    under.delete(key)
    for (const f of of(place)) if (f.key === key && f.picture) forget(f.picture)
    set(
      place,
      of(place).filter(f => f.key !== key),
    )
  }
  function fail(place: string, key: string, keeper: Keeper | undefined, failed: string, again: boolean): void {
    change(place, key, { failed, again })
    const file = of(place).find(f => f.key === key)
    if (file) keeper?.lost(file.name, failed)
  }
  const settle = (place: string, key: string, card: Card, keeper: Keeper) =>
    keeper.keep(card).then(
      () => drop(place, key),
      error => fail(place, key, keeper, error instanceof WireError ? error.code : 'network.odd', isPassing(error)),
    )

  function go(place: string, key: string, file: File, keeper: Keeper | undefined): void {
    let over = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = (then: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      then()
    }
    const lost = (failed: string, again: boolean) => end(() => fail(place, key, keeper, failed, again))
    const stop = () => {
      over = true
      clearTimeout(timer)
      cut()
    }
    const moved = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        lost('network.away', true)
        cut()
      }, patience)
    }
    under.set(key, { file, stop, keeper })
    moved()
    const cut = transfer(file, {
      progress: share => {
        if (over) return
        moved()
        change(place, key, { share })
      },
      done: card =>
        end(() => {
          if (keeper) {
            under.set(key, { file, stop: () => {}, keeper, card })
            change(place, key, { share: 1 })
            void settle(place, key, card, keeper)
            return
          }
          under.delete(key)
          change(place, key, { card, share: 1 })
        }),
      lost,
    })
  }

  return {
    of,
    add: (place: string, chosen: Iterable<File>, keeper?: Keeper): void => {
      for (const file of [...chosen].slice(0, mostAtOnce)) {
        const key = newClientId()
        const failed = file.size > largest ? 'file.too_large' : file.size === 0 ? 'file.empty' : null
        const one = { key, name: file.name, size: file.size, picture: picture(file), share: 0, card: null, failed, again: false }
        set(place, [...of(place), one])
        if (!failed) go(place, key, file, keeper)
      }
    },
    retry: (place: string, key: string): void => {
      const one = under.get(key)
      if (!one || !of(place).some(f => f.key === key && f.failed)) return
      const { file, keeper, card } = one
      change(place, key, { failed: null, again: false, share: card ? 1 : 0 })
      if (card && keeper) void settle(place, key, card, keeper)
      else go(place, key, file, keeper)
    },
    /** Under way, it is stopped. */
    remove: (place: string, key: string): void => {
      under.get(key)?.stop()
      drop(place, key)
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
