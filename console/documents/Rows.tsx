import { Button } from 'antd'
import { type ReactNode, useRef } from 'react'
import { stepOf } from '../kit/EditorCard.tsx'
import { IconArrowDown, IconArrowUp, IconTrash } from '../kit/icons.ts'
import { moved } from './blocks.ts'
import { w } from './words.ts'

type Props<R> = {
  label: string
  rows: readonly R[]
  change: (rows: R[]) => void
  show: (row: R, set: (row: R) => void, at: number) => ReactNode
  least?: number
}

/** Keys of things that have no other name than their place: they move with them, so that what holds the focus keeps it. */
export function useKeys(count: number): { keys: readonly number[]; move: (at: number, by: number) => void; drop: (at: number) => void } {
  const held = useRef<{ keys: number[]; next: number }>({ keys: [], next: 0 })
  const { current } = held
  while (current.keys.length < count) current.keys.push(current.next++)
  current.keys.length = count
  return {
    keys: current.keys,
    move: (at, by) => {
      current.keys = moved(current.keys, at, by)
    },
    drop: at => {
      current.keys = current.keys.filter((_, n) => n !== at)
    },
  }
}

/** A few rows of fields, each of which can be moved and removed. */
export function Rows<R>({ label, rows, change, show, least = 1 }: Props<R>) {
  const { keys, move, drop } = useKeys(rows.length)
  const shift = (at: number, by: number) => {
    if (at + by < 0 || at + by >= rows.length) return
    move(at, by)
    change(moved(rows, at, by))
  }
  return (
    <fieldset className="rowsof">
      <legend className="t3 f12">{label}</legend>
      {rows.map((row, at) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the fields within it
        <div
          key={keys[at]}
          className="rowof"
          onKeyDown={e => {
            const by = stepOf(e)
            if (by === 0) return
            e.preventDefault()
            e.stopPropagation()
            shift(at, by)
          }}
        >
          {show(row, next => change(rows.map((r, n) => (n === at ? next : r))), at)}
          <span className="row" style={{ gap: 0 }}>
            <Button
              type="text"
              size="small"
              aria-label={w.up}
              title={w.up}
              disabled={at === 0}
              icon={<IconArrowUp size={14} />}
              onClick={() => shift(at, -1)}
            />
            <Button
              type="text"
              size="small"
              aria-label={w.down}
              title={w.down}
              disabled={at === rows.length - 1}
              icon={<IconArrowDown size={14} />}
              onClick={() => shift(at, 1)}
            />
            <Button
              type="text"
              size="small"
              aria-label={w.remove}
              title={w.remove}
              disabled={rows.length <= least}
              icon={<IconTrash size={14} />}
              onClick={() => {
                drop(at)
                change(rows.filter((_, n) => n !== at))
              }}
            />
          </span>
        </div>
      ))}
    </fieldset>
  )
}
