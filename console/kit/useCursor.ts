import { useEffect, useState } from 'react'
import { useHotkey } from './hotkeys.ts'

/** The row of a list that keys mean: J and K go down and up. `place` says which list it is: another one begins at its top. */
export function useCursor<R>(rows: readonly R[], place: unknown): { cursor: number; here: R | undefined } {
  const [at, setAt] = useState(0)
  const list = JSON.stringify(place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => setAt(0), [list])
  const cursor = Math.min(at, Math.max(0, rows.length - 1))
  useHotkey('j', () => setAt(Math.min(cursor + 1, rows.length - 1)))
  useHotkey('k', () => setAt(Math.max(cursor - 1, 0)))
  return { cursor, here: rows[cursor] }
}
