import { Button, Dropdown } from 'antd'
import type { ComponentType } from 'react'
import type { Ticket } from '#contract/tickets.ts'
import { withCommand } from '../kit/hotkeys.ts'
import {
  IconArrowBackUp,
  IconCheck,
  IconCircleCheck,
  IconDots,
  IconLock,
  IconPlayerPause,
  IconPlayerPlay,
  IconRotateClockwise,
  IconSpeakerphone,
  IconTruck,
} from '../kit/icons.ts'
import { Kbd } from '../kit/parts.tsx'
import { usePhone } from '../kit/useMedia.ts'
import { type Act, acts, offers } from './rules.ts'
import { useReach } from './useReach.ts'
import { statusWord, w } from './words.ts'

const icons: Record<Act, ComponentType<{ size?: number; stroke?: number }>> = {
  dispatch: IconTruck,
  take: IconCheck,
  wait: IconPlayerPause,
  resume: IconPlayerPlay,
  giveBack: IconArrowBackUp,
  resolve: IconCircleCheck,
  close: IconLock,
  reopen: IconRotateClockwise,
  urge: IconSpeakerphone,
}
export const actWord = (act: Act, ticket: Pick<Ticket, 'departmentId'>): string =>
  act === 'dispatch' && ticket.departmentId ? w.redispatch : w[act]
export const keyWord = (act: Act): string => (acts[act].key === 'mod+enter' ? withCommand('Enter') : acts[act].key.toUpperCase())

/** The next step stands out; the others follow, and what cannot be done now says why. On a phone the bar is at the thumb. */
export function Buttons({ ticket, begin, busy }: { ticket: Ticket; begin: (act: Act) => void; busy: boolean }) {
  const may = useReach(ticket)
  const phone = usePhone()
  const { primary, rest } = offers(ticket, may)
  const shown = rest.filter(o => o.possible).slice(0, phone ? 2 : 3)
  const hidden = rest.filter(o => !shown.includes(o))
  // What can only be looked at needs no bar at the thumb.
  if (phone && !primary && shown.length === 0) return null
  const size = phone ? 'large' : 'middle'
  const icon = (act: Act) => {
    const Icon = icons[act]
    return <Icon size={16} stroke={1.75} />
  }
  return (
    <div className="acts" role="toolbar" aria-label={w.more}>
      {shown.map(({ name }) => (
        <Button key={name} size={size} icon={icon(name)} disabled={busy} onClick={() => begin(name)}>
          {actWord(name, ticket)} <Kbd>{keyWord(name)}</Kbd>
        </Button>
      ))}
      {hidden.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: hidden.map(({ name, possible }) => ({
              key: name,
              icon: icon(name),
              disabled: !possible,
              label: (
                <span className="row" title={possible ? '' : w.notNow(statusWord(ticket.status))}>
                  {actWord(name, ticket)}
                  {possible ? (
                    <span className="end">
                      <Kbd>{keyWord(name)}</Kbd>
                    </span>
                  ) : (
                    <span className="end t3 f12">{w.notNow(statusWord(ticket.status))}</span>
                  )}
                </span>
              ),
              onClick: () => begin(name),
            })),
          }}
        >
          <Button size={size} icon={<IconDots size={16} />} aria-label={w.more} />
        </Dropdown>
      )}
      {primary && (
        <Button size={size} type="primary" className="first" icon={icon(primary)} loading={busy} onClick={() => begin(primary)}>
          {actWord(primary, ticket)} <Kbd>{keyWord(primary)}</Kbd>
        </Button>
      )}
    </div>
  )
}
