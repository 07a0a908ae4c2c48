import { type ReactNode, useEffect, useSyncExternalStore } from 'react'

/** Something the palette can do; `key` is printed beside it. */
export type Command = { id: string; name: string; key?: string; icon?: ReactNode; run: () => void }
let all: readonly Command[] = []
const hearers = new Set<() => void>()
const set = (next: readonly Command[]) => {
  all = next
  for (const hear of hearers) hear()
}

export const useAllCommands = (): readonly Command[] =>
  useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
    () => all,
  )

/** Offers commands to the palette while the page is open. `stamp` changes when they do. */
export function useCommands(commands: readonly Command[], stamp: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: commands are new objects at every drawing; the stamp says when they differ
  useEffect(() => {
    set([...all, ...commands])
    return () => set(all.filter(c => !commands.includes(c)))
  }, [stamp])
}
