import { Button, Switch } from 'antd'
import type { ReactNode } from 'react'
import type { Endpoint } from '#contract/endpoint.ts'
import { call, RefusalError } from './call.ts'
import { nounOf, queryClient } from './data.ts'
import { IconPlus } from './icons.ts'
import { tellRefusal } from './tell.tsx'
import { undoable } from './undo.tsx'
import { words } from './words.ts'

const w = words({
  withRetired: ['显示已停用', 'Show retired'],
  wasRetired: [(name: string) => `已停用 ${name}`, (name: string) => `Retired ${name}`],
  wasRestored: [(name: string) => `已恢复 ${name}`, (name: string) => `Brought back ${name}`],
})

/** Above a catalog: its name, what it is for, whether retired rows show, and a new one. */
export function CatalogHeader({
  title,
  hint,
  retired: [shown, show],
  add,
  places,
}: {
  title: string
  /** In place of the title: the pages it stands among. */
  places?: ReactNode
  hint?: string | undefined
  retired: [boolean, (shown: boolean) => void]
  add?: { label: string; begin: () => void } | undefined
}) {
  return (
    <header>
      <h1 className={places ? 'hidden' : ''}>{title}</h1>
      {places}
      {hint && <span className="t3 cut">{hint}</span>}
      <span className="end row">
        <span className="row f12 t3">
          <Switch size="small" checked={shown} onChange={show} aria-label={w.withRetired} />
          {w.withRetired}
        </span>
        {add && (
          <Button type="primary" icon={<IconPlus size={16} />} onClick={add.begin}>
            {add.label}
          </Button>
        )}
      </span>
    </header>
  )
}

/** Retires a row of a catalog or brings it back, says so, and offers the way back. */
export function retiring(endpoint: Endpoint): (row: { id: string }, name: string, retired: boolean) => Promise<void> {
  return async function retire(row, name, retired) {
    try {
      await call(endpoint, { id: row.id, body: { retired } } as never)
      await queryClient.invalidateQueries({ queryKey: [nounOf(endpoint)] })
      undoable(retired ? w.wasRetired(name) : w.wasRestored(name), () => void retire(row, name, !retired))
    } catch (error) {
      if (error instanceof RefusalError) tellRefusal(error)
      else throw error
    }
  }
}
