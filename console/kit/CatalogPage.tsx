import { Form } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Endpoint } from '#contract/endpoint.ts'
import { useMay } from '../app/me.ts'
import { CatalogHeader, retiring } from './CatalogHeader.tsx'
import { CatalogTable, type Column } from './CatalogTable.tsx'
import { call } from './call.ts'
import { queryClient, useFetch } from './data.ts'
import { FormDrawer } from './FormDrawer.tsx'
import { mergeDeep } from './merge.ts'
import { Failure, Waiting } from './parts.tsx'
import { sendSeen } from './useSeen.ts'
import { nameOf, words } from './words.ts'

const w = words({
  add: ['新增', 'Add'],
  change: [(name: string) => `修改 ${name}`, (name: string) => `Change ${name}`],
})
type Values = Record<string, unknown>
type Row = Values & { id: string; retired: boolean }
type Catalog = { list: Endpoint; add: Endpoint; change: Endpoint; retire: Endpoint }
const nameInRow = (row: Row): string =>
  nameOf({ name: String(row.name ?? row.shortcut ?? ''), nameEn: typeof row.nameEn === 'string' ? row.nameEn : '' })
export type CatalogColumn = Column<Row>
/** What a form leaves empty is nothing, and nothing is only said of what was there before. */
const said = (values: Values, was: Values): Values =>
  Object.fromEntries(
    Object.entries(values)
      .map(([key, value]) => [key, value ?? null] as const)
      .filter(([key, value]) => value !== null || was[key] !== undefined),
  )

/** A table and a drawer for a catalog of the contract. `fields` are antd Form.Items named like the catalog's keys; `fresh` are the values of a new row. */
export function CatalogPage({
  of,
  title,
  adding,
  hint,
  columns,
  fields,
  fresh = {},
  empty,
  width,
  before,
  below,
  named: nameOfRow = nameInRow,
}: {
  of: Catalog
  title: string
  /** Above the form of a new row: what is added. */
  adding: string
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
  /** What stands under the table. */
  below?: ReactNode
  /** What a row is called, where it stands in no `name`. */
  named?: (row: Row) => string
}) {
  const may = useMay()
  const [withRetired, setWithRetired] = useState(false)
  const [open, setOpen] = useState<Row | 'new' | null>(null)
  const [form] = Form.useForm<Values>()
  const listing = useFetch(of.list, { query: { retired: withRetired } } as never)
  const listed = (listing.data ?? []) as Row[]
  const rows = before ? listed.toSorted(before) : listed
  const mayWrite = may(of.add.may)
  const retire = retiring(of.retire)
  const refresh = () => queryClient.invalidateQueries({ queryKey: [of.list.path.split('/')[1]] })
  const change = (values: Values) => (row: Row) =>
    call(of.change, { id: row.id, body: { ...said(values, row), ...(row.edition ? { edition: row.edition } : {}) } } as never)
  const over = (id: string, values: Values) => ({
    code: 'catalog.changed_meanwhile',
    latest: async () => ((await call(of.list, { query: { retired: true } } as never)) as Row[]).find(row => row.id === id),
    valuesOf: (row: Row): Values => Object.fromEntries(Object.keys(values).map(key => [key, row[key]])),
  })
  return (
    <div className="page">
      <CatalogHeader
        title={title}
        hint={hint}
        retired={[withRetired, setWithRetired]}
        add={mayWrite ? { label: w.add, begin: () => setOpen('new') } : undefined}
      />
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <CatalogTable
          rows={rows}
          columns={columns}
          {...(empty ? { empty } : {})}
          open={mayWrite ? setOpen : undefined}
          retire={mayWrite ? row => () => void retire(row, nameOfRow(row), !row.retired) : undefined}
        />
      )}
      {below}
      <FormDrawer<Values>
        open={open !== null}
        title={open === 'new' ? adding : w.change(open ? nameOfRow(open) : '')}
        values={open === 'new' || open === null ? fresh : open}
        close={() => setOpen(null)}
        {...(width ? { width } : {})}
        form={form}
        save={async values => {
          if (open === 'new') await call(of.add, { body: said(values, {}) } as never)
          else if (open)
            await sendSeen(open, values, change(values), over(open.id, values), (row, meanwhile) => {
              setOpen(row)
              form.setFieldsValue(mergeDeep(meanwhile))
            })
          await refresh()
        }}
      >
        {fields}
      </FormDrawer>
    </div>
  )
}
