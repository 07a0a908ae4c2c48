import { Button, Tooltip } from 'antd'
import { softphone } from '#contract/voice.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconPhone } from '../kit/icons.ts'
import { newUuid } from '../kit/ids.ts'
import { keepCall } from './phone.ts'
import { w } from './words.ts'

/** `bare`: the glyph alone, where rows stand close. */
type Props = { who: string; bare?: boolean; customerId?: string; number?: string; callId?: string; ticketId?: string }

/** Calls at one click; whoever is busy already is told so. */
export function CallButton({ who, bare = false, ...to }: Props) {
  const may = useMay()
  const { act, acting } = useAct(softphone.place, { also: ['softphone', 'presence', 'interactions'], done: keepCall })
  if (!may('voice:call')) return null
  return (
    <Tooltip title={w.callWho(who)}>
      <Button
        type="link"
        size="small"
        className={`callbutton ${bare ? 'bare' : ''}`}
        aria-label={w.callWho(who)}
        loading={acting}
        icon={<IconPhone size={14} />}
        onClick={event => {
          // The row it stands in opens something else.
          event.stopPropagation()
          void act({ body: { ...to, clientId: newUuid() } })
        }}
      >
        {bare ? null : w.call}
      </Button>
    </Tooltip>
  )
}
