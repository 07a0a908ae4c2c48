import { Button } from 'antd'
import { useState } from 'react'
import type { Endpoint } from '#contract/endpoint.ts'
import type { CatalogColumn } from '../kit/CatalogPage.tsx'
import { call, RefusalError } from '../kit/call.ts'
import { nounOf, queryClient } from '../kit/data.ts'
import { IconArrowDown, IconArrowUp } from '../kit/icons.ts'
import { tellRefusal } from '../kit/tell.tsx'
import { b } from './business.words.ts'

type Placed = { id: string; position: number }

type Ordered = { list: Endpoint; change: Endpoint }

/** The column of a catalog in which a row is moved up and down. `among`: whether two are siblings, where not all are. */
export const orderColumn = <P extends Placed>(
  of: Ordered,
  rows: readonly P[],
  among: (a: P, b: P) => boolean = () => true,
): CatalogColumn => ({
  key: 'order',
  title: b.order,
  width: 80,
  show: ({ id, retired }) => {
    const row = rows.find(one => one.id === id)
    return !retired && row && <Moves of={of} siblings={rows.filter(one => among(one, row))} id={id} />
  },
})

/** One place up or down among its siblings. */
function Moves({ of, siblings, id }: { of: Ordered; siblings: readonly Placed[]; id: string }) {
  const [moving, setMoving] = useState(false)
  const at = siblings.findIndex(s => s.id === id)
  const move = async (to: number) => {
    const next = siblings.filter(s => s.id !== id)
    const row = siblings[at]
    if (!row) return
    next.splice(to, 0, row)
    setMoving(true)
    try {
      for (const [position, s] of next.entries())
        if (s.position !== position) await call(of.change, { id: s.id, body: { position } } as never)
    } catch (error) {
      if (error instanceof RefusalError) tellRefusal(error)
      else throw error
    } finally {
      await queryClient.invalidateQueries({ queryKey: [nounOf(of.list)] })
      setMoving(false)
    }
  }
  return <UpDown first={at <= 0} last={at < 0 || at === siblings.length - 1} busy={moving} move={by => void move(at + by)} />
}

export function UpDown({ first, last, busy = false, move }: { first: boolean; last: boolean; busy?: boolean; move: (by: 1 | -1) => void }) {
  const arrow = (by: 1 | -1, word: string, off: boolean) => (
    <Button
      type="text"
      size="small"
      disabled={off || busy}
      aria-label={word}
      title={word}
      icon={by < 0 ? <IconArrowUp size={14} /> : <IconArrowDown size={14} />}
      onClick={e => {
        e.stopPropagation()
        move(by)
      }}
    />
  )
  return (
    <span className="row nowrap" style={{ gap: 0 }}>
      {arrow(-1, b.moveUp, first)}
      {arrow(1, b.moveDown, last)}
    </span>
  )
}
