import { Button, Popover, Tooltip } from 'antd'
import { lazy, type MouseEvent, Suspense, useState } from 'react'
import { useMay } from '../app/me.ts'
import { IconChevronDown, IconPhone } from '../kit/icons.ts'
import { within } from '../kit/within.ts'
import { useCalling } from './place.ts'
import { w } from './words.ts'

const CallFor = lazy(() => import('./CallFor.tsx'))

/** `bare`: the glyph alone, where rows stand close. `chooses`: what it is for may be said before, where there is room to. */
type Props = {
  who: string
  bare?: boolean
  chooses?: boolean
  customerId?: string
  number?: string
  callId?: string
  ticketId?: string
}

/** Calls at one click; whoever is busy already is told so, and before somebody who wants to be left alone is called one says what for. */
export function CallButton({ who, bare = false, chooses = false, ...to }: Props) {
  const may = useMay()
  const { place, acting, asked, setAsked } = useCalling()
  const [choosing, setChoosing] = useState(false)
  if (!may('voice:call')) return null
  const shut = () => {
    setChoosing(false)
    setAsked(false)
  }
  // The row it stands in opens something else.
  const alone = (then: () => void) => (event: MouseEvent) => {
    event.stopPropagation()
    then()
  }
  return (
    <Popover
      open={asked || choosing}
      trigger="click"
      autoAdjustOverflow={within}
      onOpenChange={open => !open && shut()}
      destroyOnHidden
      content={
        // biome-ignore lint/a11y/noStaticElementInteractions: keeps what is done here from the row beneath
        // biome-ignore lint/a11y/useKeyWithClickEvents: nothing is done by it
        <div onClick={event => event.stopPropagation()}>
          <Suspense>
            <CallFor
              customerId={to.customerId}
              asksPeace={asked}
              acting={acting}
              choose={purpose => {
                shut()
                void place(to, purpose)
              }}
            />
          </Suspense>
        </div>
      }
    >
      <span className="nowrap">
        <Tooltip title={asked || choosing ? '' : w.callWho(who)}>
          <Button
            type="link"
            size="small"
            className={`callbutton ${bare ? 'bare' : ''}`}
            aria-label={w.callWho(who)}
            loading={acting}
            icon={<IconPhone size={14} />}
            onClick={alone(() => void place(to))}
          >
            {bare ? null : w.call}
          </Button>
        </Tooltip>
        {chooses && (
          <Button
            type="link"
            size="small"
            className="callbutton bare"
            aria-label={w.whatFor}
            title={w.whatFor}
            icon={<IconChevronDown size={14} />}
            onClick={alone(() => setChoosing(true))}
          />
        )}
      </span>
    </Popover>
  )
}
