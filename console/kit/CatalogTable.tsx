import { Button, Table } from 'antd'
import type { KeyboardEvent, ReactNode } from 'react'
import { Empty } from './parts.tsx'
import { words } from './words.ts'

const w = words({
  retire: ['停用', 'Retire'],
  restore: ['恢复', 'Bring back'],
  retired: ['已停用', 'Retired'],
  none: ['还没有内容', 'Nothing here yet'],
  noneHint: ['新增一项即可开始', 'Add one to begin'],
})

type Kept = { id: string; retired: boolean }
export type Column<R> = { key: string; title: string; show: (row: R) => ReactNode; width?: number }

/** Rows that are opened by a click or ↵ and retired, never deleted. Without `open` they are only looked at. */
export function CatalogTable<R extends Kept>({
  rows,
  columns,
  open,
  retire,
  empty,
}: {
  rows: readonly R[]
  columns: readonly Column<R>[]
  open?: ((row: R) => void) | undefined
  /** Null: this row stays. */
  retire?: ((row: R) => (() => void) | null) | undefined
  empty?: { title: string; hint: string }
}) {
  return (
    <div className="card">
      <Table<R>
        rowKey="id"
        size="small"
        pagination={false}
        dataSource={rows}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty title={empty?.title ?? w.none} hint={empty?.hint ?? w.noneHint} /> }}
        onRow={row => ({
          ...(open
            ? {
                tabIndex: 0,
                onClick: () => open(row),
                onKeyDown: (e: KeyboardEvent) => {
                  if (e.key === 'Enter' && e.target === e.currentTarget) open(row)
                },
              }
            : {}),
          style: { cursor: open ? 'pointer' : 'default', opacity: row.retired ? 0.6 : 1 },
        })}
        columns={[
          ...columns.map(c => ({
            key: c.key,
            title: c.title,
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
