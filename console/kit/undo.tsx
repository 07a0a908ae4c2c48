import { useEffect, useSyncExternalStore } from 'react'
import { useHotkey, withCommand } from './hotkeys.ts'
import { IconCircleCheck } from './icons.ts'
import { useNow } from './time.ts'
import { words } from './words.ts'

const w = words({ undo: ['撤销', 'Undo'] })
type Done = { text: string; undo: () => void; until: number }
let done: Done | null = null
const hearers = new Set<() => void>()
const set = (next: Done | null) => {
  done = next
  for (const hear of hearers) hear()
}

/** Says what was done and offers to take it back for eight seconds. */
export const undoable = (text: string, undo: () => void): void => set({ text, undo, until: Date.now() + 8_000 })

export function UndoBar() {
  const shown = useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
    () => done,
  )
  const now = useNow()
  const left = shown ? Math.ceil((shown.until - now) / 1000) : 0
  const takeBack = () => {
    if (!shown) return
    set(null)
    shown.undo()
  }
  useHotkey('mod+z', takeBack, shown !== null)
  useEffect(() => {
    if (shown && left <= 0) set(null)
  }, [shown, left])
  if (!shown || left <= 0) return null
  return (
    <div className="undo" role="status">
      <IconCircleCheck size={16} />
      <span className="cut">{shown.text}</span>
      <button type="button" onClick={takeBack}>
        {w.undo} <kbd style={{ background: 'transparent', color: '#c9cfdb', borderColor: '#565d6c' }}>{withCommand('Z')}</kbd>
      </button>
      <span style={{ opacity: 0.7 }}>{left}</span>
    </div>
  )
}
