import { Button, Select } from 'antd'
import type { ComponentType } from 'react'
import { tickets } from '#contract/tickets.ts'
import { useFetch } from '../kit/data.ts'
import { IconAlertTriangle, IconClock, IconInbox, IconPlus, IconTicket, IconUsersGroup } from '../kit/icons.ts'
import { Kbd } from '../kit/parts.tsx'
import type { SavedViews } from '../kit/views/useViews.ts'
import { ViewLines } from '../kit/views/ViewBar.tsx'
import { v } from '../kit/views/words.ts'
import { nameOf } from '../kit/words.ts'
import { w } from './words.ts'

type Box = 'mine' | 'open' | 'soon' | 'late' | 'all'
type Props = {
  box: Box
  kindId: string | undefined
  kinds: readonly { id: string; name: string; nameEn: string }[]
  views: SavedViews
  create: (() => void) | null
}

const boxes: readonly { box: Box; name: () => string; icon: ComponentType<{ size?: number; stroke?: number }>; counted: boolean }[] = [
  { box: 'mine', name: () => w.mine, icon: IconInbox, counted: true },
  { box: 'open', name: () => w.open, icon: IconUsersGroup, counted: false },
  { box: 'soon', name: () => w.soon, icon: IconClock, counted: true },
  { box: 'late', name: () => w.late, icon: IconAlertTriangle, counted: true },
  { box: 'all', name: () => w.all, icon: IconTicket, counted: false },
]

/** Left: whose tickets, what is saved of them, and of what kind. On a phone one line above the list. */
export function Views({ box, kindId, kinds, views, create }: Props) {
  return (
    <nav className="views sidelist" aria-label={w.views}>
      <div className="head">
        <h2>{w.tickets}</h2>
        {create && (
          <Button size="small" color="primary" variant="filled" icon={<IconPlus size={16} />} onClick={create}>
            {w.create} <Kbd>C</Kbd>
          </Button>
        )}
      </div>
      <div className="boxes">
        {boxes.map(({ box: own, name, icon: Icon, counted }) => (
          <button
            key={own}
            type="button"
            aria-current={own === box && !views.current ? 'page' : undefined}
            onClick={() => views.away({ box: own })}
          >
            <Icon size={16} stroke={1.75} />
            <span className="grow cut">{name()}</span>
            {counted && <Counter box={own} />}
          </button>
        ))}
      </div>
      {views.all.length > 0 && <h3>{v.saved}</h3>}
      <div className="boxes">
        <ViewLines of={views} />
      </div>
      <h3>{w.kinds}</h3>
      <div className="kinds">
        {kinds.map(k => (
          <button
            key={k.id}
            type="button"
            aria-current={k.id === kindId ? 'true' : undefined}
            onClick={() => views.away({ kindId: k.id === kindId ? undefined : k.id })}
          >
            <span className="grow cut">{nameOf(k)}</span>
          </button>
        ))}
      </div>
      <Select
        className="kindpick"
        allowClear
        placeholder={w.everyKind}
        aria-label={w.kinds}
        value={kindId}
        onChange={next => views.away({ kindId: next })}
        popupMatchSelectWidth={false}
        options={kinds.map(k => ({ value: k.id, label: nameOf(k) }))}
      />
    </nav>
  )
}

/** Counted up to 99; kept fresh by itself, since a number shuffles nothing. */
function Counter({ box }: { box: Box }) {
  const { data } = useFetch(tickets.list, { query: { box, size: 100 } }, { staleTime: 30_000, refetchInterval: 60_000 })
  const n = data?.rows.length ?? 0
  return n > 0 ? <span className={`count ${box === 'late' ? 'bac' : box === 'soon' ? 'wac' : ''}`}>{n > 99 ? '99+' : n}</span> : null
}
