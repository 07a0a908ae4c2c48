import type { NoticeKind, Telling } from '#kernel/notices.ts'

// Filled once, when the house is furnished: the domains know the shape, this one knows no domain.
const kinds = new Map<string, NoticeKind>()

export function registerKinds(tellings: readonly Telling[]): void {
  kinds.clear()
  for (const { kind } of tellings) {
    const known = kinds.get(kind.key)
    if (known && known !== kind) throw new Error(`two kinds of notice have one name: ${kind.key}`)
    kinds.set(kind.key, kind)
  }
}
export const kindOf = (key: string): NoticeKind | undefined => kinds.get(key)
export const allKinds = (): NoticeKind[] => [...kinds.values()]
