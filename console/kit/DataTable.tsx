import { Table, type TableColumnType, type TableProps } from 'antd'
import type { KeyboardEvent, ReactNode } from 'react'
import type { Listed } from './data.ts'
import { ListFoot } from './ListFoot.tsx'
import { Failure, Waiting } from './parts.tsx'
import './table.css'
import { ariaSort, SortHead } from './views/SortHead.tsx'
import type { SavedViews } from './views/useViews.ts'

type Props<R> = Omit<TableProps<R>, 'columns' | 'locale' | 'onRow'> & {
  columns: readonly (TableColumnType<R> & { order?: string })[]
  /** Heads of columns with an order choose it. */
  views?: SavedViews | undefined
  /** In place of rows while there are none. */
  empty?: ReactNode
  /** Rows are opened by a click or Enter. Without it they are only looked at. */
  open?: ((row: R) => void) | undefined
  /** What is out of use stands back. */
  faded?: (row: R) => boolean
}

/** Rows in columns. On a phone every row is a card: its first column heads it, the others follow by name, and what is empty is not there. */
export function DataTable<R extends object>({ columns, views, empty, open, faded, className = '', ...rest }: Props<R>) {
  return (
    <Table<R>
      rowKey="id"
      size="small"
      pagination={false}
      scroll={{ x: 'max-content' }}
      {...(empty === undefined ? {} : { locale: { emptyText: empty } })}
      {...rest}
      className={`datatable ${open ? 'opens' : ''} ${className}`}
      onRow={row => ({
        ...(faded?.(row) ? { style: { opacity: 0.6 } } : {}),
        ...(open && {
          tabIndex: 0,
          onClick: () => open(row),
          onKeyDown: (e: KeyboardEvent) => {
            if (e.key === 'Enter' && e.target === e.currentTarget) open(row)
          },
        }),
      })}
      columns={columns.map(({ order, ...column }) => {
        const title = typeof column.title === 'string' ? column.title : ''
        return {
          ...column,
          ...(views && order
            ? {
                title: <SortHead of={views} column={{ order, title }} />,
                onHeaderCell: () => ({ 'aria-sort': ariaSort(views, { order }) }),
              }
            : {}),
          onCell: (row, n) => ({ ...column.onCell?.(row, n), 'data-title': title }),
        }
      })}
    />
  )
}

/** A list paged by key, from its failure to its foot. */
export function ListTable<R extends object>({ list, ...table }: Omit<Props<R>, 'dataSource'> & { list: Listed<R> }) {
  return (
    <>
      {list.error && <Failure error={list.error} retry={list.refetch} readAt={list.readAt} />}
      {list.first ? (
        <Waiting rows={8} />
      ) : list.error && list.rows.length === 0 ? null : (
        <>
          <div className="card">
            <DataTable<R> {...table} dataSource={list.rows} />
          </div>
          <ListFoot list={list} />
        </>
      )}
    </>
  )
}
