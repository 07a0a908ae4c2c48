import { Button } from 'antd'
import type { ComponentType } from 'react'
import type { WorkBox } from '#contract/work.ts'
import { useWorkCounts } from '../app/counts.ts'
import { IconChecks, IconCircleCheck, IconClipboardCheck, IconEye, IconPlus, IconSend, IconUsersGroup } from '../kit/icons.ts'
import { Kbd } from '../kit/parts.tsx'
import { w } from './words.ts'

type Counted = 'mine' | 'decide' | 'asked' | 'watch'
const boxes: readonly { box: WorkBox; name: () => string; icon: ComponentType<{ size?: number; stroke?: number }>; count?: Counted }[] = [
  { box: 'mine', name: () => w.mine, icon: IconClipboardCheck, count: 'mine' },
  { box: 'decide', name: () => w.decide, icon: IconChecks, count: 'decide' },
  { box: 'asked', name: () => w.asked, icon: IconSend, count: 'asked' },
  { box: 'watch', name: () => w.watch, icon: IconEye, count: 'watch' },
  { box: 'open', name: () => w.open, icon: IconUsersGroup },
  { box: 'done', name: () => w.done, icon: IconCircleCheck },
]
export const boxName = (box: WorkBox): string => boxes.find(b => b.box === box)?.name() ?? ''

/** Left: what waits, and for whom. On a phone one line above the list. */
export function Boxes({
  box,
  show,
  create,
  ask,
  away,
}: {
  box: WorkBox
  show: (box: WorkBox) => void
  create: (() => void) | null
  ask: (() => void) | null
  away: (() => void) | null
}) {
  const counts = useWorkCounts()
  return (
    <nav className="workboxes sidelist" aria-label={w.boxes}>
      <div className="acts">
        {create && (
          <Button color="primary" variant="filled" icon={<IconPlus size={16} />} onClick={create}>
            {w.taskTitle} <Kbd>C</Kbd>
          </Button>
        )}
        {ask && (
          <Button icon={<IconSend size={16} />} onClick={ask}>
            {w.ask} <Kbd>A</Kbd>
          </Button>
        )}
      </div>
      <div className="boxes">
        {boxes.map(({ box: own, name, icon: Icon, count }) => {
          const n = count ? counts[count] : 0
          return (
            <button key={own} type="button" aria-current={own === box ? 'page' : undefined} onClick={() => show(own)}>
              <Icon size={16} stroke={1.75} />
              <span className="grow cut">{name()}</span>
              {n > 0 && <span className="count">{n > 99 ? '99+' : n}</span>}
            </button>
          )
        })}
      </div>
      {away && (
        <Button className="awaybutton" type="text" onClick={away}>
          {w.away}
        </Button>
      )}
    </nav>
  )
}
