import { Button, Checkbox, Popover } from 'antd'
import { useState } from 'react'
import { type View, views } from '#contract/views.ts'
import { useAct } from '../data.ts'
import { IconArrowDown, IconArrowUp, IconBookmark, IconColumns, IconDots } from '../icons.ts'
import { Menu } from '../Menu.tsx'
import { tell } from '../tell.tsx'
import { undoable } from '../undo.tsx'
import { SortPick } from './SortHead.tsx'
import type { SavedViews } from './useViews.ts'
import { ViewForm } from './ViewForm.tsx'
import './views.css'
import { v } from './words.ts'

const counted = (n: number | null) => (n === null || n === 0 ? null : <span className="count">{n > 99 ? '99+' : n}</span>)

/** The saved views of a list, each a button with its count; the one that is shown has its acts beside it. */
export function ViewLines({ of }: { of: SavedViews }) {
  const { all, current, apply } = of
  return all.map(view => (
    <span key={view.id} className="viewline">
      <button
        type="button"
        aria-current={view.id === current?.id ? 'page' : undefined}
        title={view.share === 'private' || !view.ownerName ? view.name : `${view.name}, ${v.by(view.ownerName)}`}
        onClick={() => apply(view)}
      >
        <IconBookmark size={16} stroke={1.75} />
        <span className="grow cut">{view.name}</span>
        {counted(view.count)}
      </button>
      {view.id === current?.id && <Acts of={of} view={view} />}
    </span>
  ))
}

function Acts({ of, view }: { of: SavedViews; view: View }) {
  const [editing, setEditing] = useState(false)
  const retire = useAct(views.retire)
  const choose = useAct(views.choose)
  const make = useAct(views.make)
  const remove = async () => {
    await retire.act({ id: view.id, body: { retired: true } })
    of.leave()
    undoable(v.removed(view.name), () => void retire.act({ id: view.id, body: { retired: false } }).then(() => of.apply(view)))
  }
  const copy = async () => {
    const { list, query, columns } = view
    const made = await make.act({ body: { list, query, columns, name: v.copyOf(view.name).slice(0, 40) } })
    if (made) of.apply(made)
  }
  const link = () => void navigator.clipboard.writeText(location.href).then(() => tell(v.linkCopied))
  return (
    <>
      <Menu
        items={[
          ...(view.mayChange ? [{ key: 'edit', label: v.edit, onClick: () => setEditing(true) }] : []),
          {
            key: 'opens',
            label: view.opens ? v.opensNot : v.opensWith,
            onClick: () => void choose.act({ body: { list: view.list, viewId: view.opens ? null : view.id } }),
          },
          { key: 'copy', label: v.copy, onClick: () => void copy() },
          { key: 'link', label: v.copyLink, onClick: link },
          ...(view.mayChange ? [{ type: 'divider' as const }, { key: 'remove', label: v.remove, onClick: () => void remove() }] : []),
        ]}
      >
        <button type="button" className="acts" aria-label={v.more(view.name)} title={v.more(view.name)}>
          <IconDots size={16} />
        </button>
      </Menu>
      <ViewForm of={of} view={view} open={editing} close={() => setEditing(false)} />
    </>
  )
}

/** Keeps what the page shows as a view, and chooses its columns. */
export function ViewTools({ of }: { of: SavedViews }) {
  const [saving, setSaving] = useState(false)
  const overwrite = useAct(views.change)
  const { current, changed, filtered, words, kept } = of
  const worth = current ? changed : filtered || kept !== null
  return (
    <span className="viewtools">
      {current?.mayChange && changed && (
        <Button
          type="text"
          loading={overwrite.acting}
          onClick={() =>
            void overwrite.act({ id: current.id, body: { query: words, columns: kept } }).then(view => {
              if (view) of.apply(view)
            })
          }
        >
          {v.overwrite}
        </Button>
      )}
      {worth && (
        <Button type="text" icon={<IconBookmark size={16} />} onClick={() => setSaving(true)}>
          {v.save}
        </Button>
      )}
      <SortPick of={of} always={of.columns.length === 0} />
      {of.columns.length > 0 && <Columns of={of} />}
      <ViewForm of={of} view={null} open={saving} close={() => setSaving(false)} />
    </span>
  )
}

function Columns({ of: { columns, shown, showColumns } }: { of: SavedViews }) {
  const rest = columns.filter(c => !shown.includes(c.key))
  const title = (key: string) => columns.find(c => c.key === key)?.title ?? key
  const move = (at: number, by: -1 | 1) => {
    const next = [...shown]
    const [key] = next.splice(at, 1)
    if (key) next.splice(at + by, 0, key)
    showColumns(next)
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      content={
        <fieldset className="viewcolumns" aria-label={v.columns}>
          <p className="t3 f12">{v.columnsHint}</p>
          {shown.map((key, at) => (
            <div key={key} className="row">
              <Checkbox checked disabled={shown.length === 1} onChange={() => showColumns(shown.filter(k => k !== key))}>
                {title(key)}
              </Checkbox>
              <span className="end row" style={{ gap: 0 }}>
                <Button
                  size="small"
                  type="text"
                  disabled={at === 0}
                  aria-label={`${v.up} ${title(key)}`}
                  icon={<IconArrowUp size={14} />}
                  onClick={() => move(at, -1)}
                />
                <Button
                  size="small"
                  type="text"
                  disabled={at === shown.length - 1}
                  aria-label={`${v.down} ${title(key)}`}
                  icon={<IconArrowDown size={14} />}
                  onClick={() => move(at, 1)}
                />
              </span>
            </div>
          ))}
          {rest.map(c => (
            <div key={c.key} className="row">
              <Checkbox checked={false} onChange={() => showColumns([...shown, c.key])}>
                {c.title}
              </Checkbox>
            </div>
          ))}
          <Button size="small" type="text" onClick={() => showColumns(columns.filter(c => !c.spare).map(c => c.key))}>
            {v.asBefore}
          </Button>
        </fieldset>
      }
    >
      <Button className="columnpick" type="text" icon={<IconColumns size={16} />} aria-label={v.columns} title={v.columns} />
    </Popover>
  )
}

/** A line of views above a list, once there are any: the list itself first, what is saved of it after. */
export function ViewBar({ of, first }: { of: SavedViews; first: string }) {
  if (of.all.length === 0) return null
  return (
    <nav className="viewbar" aria-label={v.views}>
      <span className="viewline">
        <button type="button" aria-current={of.current ? undefined : 'page'} onClick={of.leave}>
          {first}
        </button>
      </span>
      <ViewLines of={of} />
    </nav>
  )
}
