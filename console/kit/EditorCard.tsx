import { Button } from 'antd'
import type { ReactNode } from 'react'
import { IconArrowDown, IconArrowUp, IconCopy, IconTrash } from './icons.ts'
import { words } from './words.ts'
import './editor.css'

const w = words({
  up: ['上移', 'Move up'],
  down: ['下移', 'Move down'],
  copy: ['复制', 'Duplicate'],
  remove: ['删除', 'Remove'],
})

/** Alt with an arrow moves what holds the focus. */
export const stepOf = (e: { altKey: boolean; key: string }): -1 | 1 | 0 =>
  !e.altKey ? 0 : e.key === 'ArrowUp' ? -1 : e.key === 'ArrowDown' ? 1 : 0

type Props = {
  /** Its place among so many. */
  at: number
  of: number
  isOpen: boolean
  open: () => void
  shift: (by: -1 | 1) => void
  copy: () => void
  remove: () => void
  line: ReactNode
  /** Beneath the line. */
  children?: ReactNode
}

/** One thing of an editor's list: opened by its line; moved, doubled and removed beside it. */
export function EditorCard({ at, of, isOpen, open, shift, copy, remove, line, children }: Props) {
  return (
    <li
      className={`editorcard ${isOpen ? 'on' : ''}`}
      onKeyDown={e => {
        const by = stepOf(e)
        if (by === 0) return
        e.preventDefault()
        e.stopPropagation()
        shift(by)
      }}
    >
      <div className="row">
        <button type="button" className="editorline" aria-expanded={isOpen} onClick={open}>
          {line}
        </button>
        <span className="end row acts" style={{ gap: 0 }}>
          <Act name={w.up} hint="Alt ↑" off={at === 0} icon={<IconArrowUp size={14} />} act={() => shift(-1)} />
          <Act name={w.down} hint="Alt ↓" off={at === of - 1} icon={<IconArrowDown size={14} />} act={() => shift(1)} />
          <Act name={w.copy} icon={<IconCopy size={14} />} act={copy} />
          <Act name={w.remove} icon={<IconTrash size={14} />} act={remove} />
        </span>
      </div>
      {children}
    </li>
  )
}

type ActProps = { name: string; hint?: string; icon: ReactNode; off?: boolean; act: () => void }
const Act = ({ name, hint, icon, off = false, act }: ActProps) => (
  <Button type="text" size="small" aria-label={name} title={hint ? `${name} ${hint}` : name} disabled={off} icon={icon} onClick={act} />
)
