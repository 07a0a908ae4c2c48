import { Button } from 'antd'
import type { ReactNode } from 'react'
import { DataTable } from './DataTable.tsx'
import { Empty } from './parts.tsx'
import type { SavedViews } from './views/useViews.ts'
import { words } from './words.ts'

const w = words({
  retire: ['停用', 'Retire'],
  restore: ['恢复', 'Bring back'],
  retired: ['已停用', 'Retired'],
  none: ['还没有内容', 'Nothing here yet'],
  noneHint: ['新增一项即可开始', 'Add one to begin'],
})

type Kept = { id: string; retired: boolean }
export type Column<R> = { key: string; title: string; show: (row: R) => ReactNode; width?: number; order?: string }

/** Rows that are opened by a click or Enter and retired, never deleted. Without `open` they are only looked at. */
export function CatalogTable<R extends Kept>({
  rows,
  columns,
  views,
  open,
  retire,
  empty,
}: {
  rows: readonly R[]
  columns: readonly Column<R>[]
  views?: SavedViews | undefined
  open?: ((row: R) => void) | undefined
  /** Null: this row stays. */
  retire?: ((row: R) => (() => void) | null) | undefined
  empty?: { title: string; hint: string }
}) {
  return (
    <div className="card">
      <DataTable<R>
        className="catalogtable"
        dataSource={rows}
        views={views}
        empty={<Empty title={empty?.title ?? w.none} hint={empty?.hint ?? w.noneHint} />}
        open={open}
        faded={row => row.retired}
        columns={[
          ...columns.map(c => ({
            key: c.key,
            title: c.title,
            ...(c.order ? { order: c.order } : {}),
            ...(c.width ? { width: c.width } : {}),
            render: (_: unknown, row: R) => c.show(row),
          })),
          {
            key: 'acts',
            width: 150,
            align: 'end' as const,
            render: (_: unknown, row: R) => <Acts retired={row.retired} act={retire?.(row)} />,
          },
        ]}
      />
    </div>
  )
}

function Acts({ retired, act }: { retired: boolean; act: (() => void) | null | undefined }) {
  if (act === undefined) return null
  return (
    <span className="row" style={{ justifyContent: 'flex-end' }}>
      {retired && <span className="tag">{w.retired}</span>}
      <Button
        type="text"
        size="small"
        disabled={act === null}
        onClick={e => {
          e.stopPropagation()
          act?.()
        }}
      >
        {retired ? w.restore : w.retire}
      </Button>
    </span>
  )
}
