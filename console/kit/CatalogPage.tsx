import { Button, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Endpoint } from '#contract/endpoint.ts'
import { useMay } from '../app/me.ts'
import { CatalogTable, type Column } from './CatalogTable.tsx'
import { call, RefusalError } from './call.ts'
import { queryClient, useFetch } from './data.ts'
import { FormDrawer } from './FormDrawer.tsx'
import { IconPlus } from './icons.ts'
import { Failure, Waiting } from './parts.tsx'
import { tellRefusal } from './tell.tsx'
import { undoable } from './undo.tsx'
import { words } from './words.ts'

const w = words({
  add: ['新增', 'Add'],
  change: ['修改', 'Edit'],
  withRetired: ['显示已停用', 'Show retired'],
  wasRetired: ['已停用', 'Retired'],
  wasRestored: ['已恢复', 'Brought back'],
})
type Values = Record<string, unknown>
type Row = Values & { id: string; retired: boolean }
type Catalog = { list: Endpoint; add: Endpoint; change: Endpoint; retire: Endpoint }
const nameOfRow = (row: Row): string => String(row.name ?? row.shortcut ?? '')
export type CatalogColumn = Column<Row>

/** A table and a drawer for a catalog of the contract. `fields` are antd Form.Items named like the catalog's keys; `fresh` are the values of a new row. */
export function CatalogPage({
  of,
  title,
  hint,
  columns,
  fields,
  fresh = {},
  empty,
  width,
  before,
}: {
  of: Catalog
  title: string
  hint?: string
  columns: readonly CatalogColumn[]
  fields: ReactNode
  fresh?: Record<string, unknown>
  /** Said while there is nothing yet: what these are for. */
  empty?: { title: string; hint: string }
  /** Of the drawer. */
  width?: number
  /** Which of two rows stands first, when the catalog's own order says too little. */
  before?: (a: Record<string, unknown>, b: Record<string, unknown>) => number
}) {
  const may = useMay()
  const [withRetired, setWithRetired] = useState(false)
  const [open, setOpen] = useState<Row | 'new' | null>(null)
  const listing = useFetch(of.list, { query: { retired: withRetired } } as never)
  const listed = (listing.data ?? []) as Row[]
  const rows = before ? listed.toSorted(before) : listed
  const mayWrite = may(of.add.may)
  const refresh = () => queryClient.invalidateQueries({ queryKey: [of.list.path.split('/')[1]] })
  const retire = async (row: Row, retired: boolean) => {
    try {
      await call(of.retire, { id: row.id, body: { retired } } as never)
      await refresh()
      undoable(`${retired ? w.wasRetired : w.wasRestored} ${nameOfRow(row)}`, () => void retire(row, !retired))
    } catch (error) {
      if (error instanceof RefusalError) tellRefusal(error)
      else throw error
    }
  }
  return (
    <div className="page">
      <header>
        <h1>{title}</h1>
        {hint && <span className="t3 cut">{hint}</span>}
        <span className="end row">
          <span className="row f12 t3">
            <Switch size="small" checked={withRetired} onChange={setWithRetired} aria-label={w.withRetired} />
            {w.withRetired}
          </span>
          {mayWrite && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
              {w.add}
            </Button>
          )}
        </span>
      </header>
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <CatalogTable
          rows={rows}
          columns={columns}
          {...(empty ? { empty } : {})}
          open={mayWrite ? setOpen : undefined}
          retire={mayWrite ? row => () => void retire(row, !row.retired) : undefined}
        />
      )}
      <FormDrawer<Values>
        open={open !== null}
        title={open === 'new' ? w.add : w.change}
        values={open === 'new' || open === null ? fresh : open}
        close={() => setOpen(null)}
        {...(width ? { width } : {})}
        save={async values => {
          // What a form leaves empty is nothing, and nothing is only said of what was there before.
          const was: Values = open === 'new' || open === null ? {} : open
          const body = Object.fromEntries(
            Object.entries(values)
              .map(([key, value]) => [key, value ?? null] as const)
              .filter(([key, value]) => value !== null || was[key] !== undefined),
          )
          if (open === 'new') await call(of.add, { body } as never)
          else if (open) await call(of.change, { id: open.id, body } as never)
          await refresh()
        }}
      >
        {fields}
      </FormDrawer>
    </div>
  )
}
