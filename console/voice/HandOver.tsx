import { Button } from 'antd'
import type { KeyboardEvent } from 'react'
import type { MyCall, Target } from '#contract/voice.ts'
import { Kbd } from '../kit/parts.tsx'
import { Receivers, useReceiver } from '../routing/Receivers.tsx'
import { dialled } from './rules.ts'
import type { CallActs } from './useCall.ts'
import { w } from './words.ts'

/** Asks a colleague or an outside number first, or hands over at once; a queue is handed to. */
export default function HandOver({ call, acts, done }: { call: MyCall; acts: CallActs; done: () => void }) {
  const receiver = useReceiver({ channel: 'phone', agentId: call.agentId, queueId: call.queueId })
  const { to, id } = receiver
  const number = dialled(receiver.seek)
  const target: Target | null =
    to === 'number' ? (number === null ? null : { number }) : id === null ? null : to === 'agent' ? { agentId: id } : { queueId: id }
  /** What comes of handing over without asking. */
  const after = to === 'number' ? w.wrapHint : w.freeHint
  const consult = async () => {
    if (target && to !== 'queue' && !acts.busy && (await acts.consult(target))) done()
  }
  const transfer = async () => {
    if (target && !acts.busy && (await acts.transfer(target))) done()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      done()
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing && event.target instanceof HTMLInputElement) {
      event.preventDefault()
      event.stopPropagation()
      event.nativeEvent.stopImmediatePropagation()
      void (to === 'queue' || event.metaKey || event.ctrlKey ? transfer() : consult())
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the field inside
    <div className="transfer col" onKeyDown={key}>
      <Receivers receiver={receiver} kinds={['agent', 'queue', 'number']} />
      <div className="row wrap">
        {to !== 'queue' && (
          <Button type="primary" disabled={!target || acts.busy} title={w.consultHint} onClick={() => void consult()}>
            {w.consult} <Kbd>Enter</Kbd>
          </Button>
        )}
        <Button type={to === 'queue' ? 'primary' : 'default'} disabled={!target || acts.busy} title={after} onClick={() => void transfer()}>
          {w.transferNow}
        </Button>
      </div>
      <p className="t3 f12">
        {to !== 'queue' && (
          <>
            {w.consultHint}
            <br />
          </>
        )}
        {after}
      </p>
    </div>
  )
}
