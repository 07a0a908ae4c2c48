import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useHotkey, withCommand } from './hotkeys.ts'
import { IconArrowBackUp } from './icons.ts'
import type { useEditing } from './useEditing.ts'
import { words } from './words.ts'

const w = words({
  undo: ['撤销', 'Undo'],
  redo: ['重做', 'Redo'],
  restored: ['上次没有保存的改动还在', 'What you did not save is here again'],
  discard: ['放弃这些改动', 'Discard it'],
  overtaken: ['别人保存了新的草稿', 'Someone saved another draft'],
  takeTheirs: ['用对方的', 'Take theirs'],
  keepMine: ['保留我的', 'Keep mine'],
})

type Editing<D> = ReturnType<typeof useEditing<D>>

/** Back and forth, by button and by key. */
export function Steps<D>({ editing: { undo, redo } }: { editing: Editing<D> }) {
  useHotkey('mod+z', () => undo?.(), undo !== null)
  useHotkey('mod+y', () => redo?.(), redo !== null)
  return (
    <>
      <Step name={w.undo} hint={withCommand('Z')} icon={<IconArrowBackUp size={16} />} act={undo} />
      <Step name={w.redo} hint={withCommand('Y')} icon={<IconArrowBackUp size={16} style={{ transform: 'scaleX(-1)' }} />} act={redo} />
    </>
  )
}

function Step({ name, hint, icon, act }: { name: string; hint: string; icon: ReactNode; act: (() => void) | null }) {
  return (
    <Tooltip title={`${name} ${hint}`}>
      <Button type="text" aria-label={name} icon={icon} disabled={act === null} onClick={() => act?.()} />
    </Tooltip>
  )
}

/** What was kept from last time, and what somebody else saved meanwhile. */
export function EditingNotes<D>({ editing }: { editing: Editing<D> }) {
  return (
    <>
      {editing.restored && (
        <p className="note row wrap middle" role="status">
          {w.restored}
          <Button size="small" onClick={editing.fresh}>
            {w.discard}
          </Button>
        </p>
      )}
      {editing.overtaken && (
        <p className="note wa row wrap middle" role="alert">
          {w.overtaken}
          <Button size="small" onClick={editing.fresh}>
            {w.takeTheirs}
          </Button>
          {editing.touched && (
            <Button size="small" onClick={editing.insist}>
              {w.keepMine}
            </Button>
          )}
        </p>
      )}
    </>
  )
}
