import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import type { MyCall } from '#contract/voice.ts'
import { useNames } from '../app/people.tsx'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconPhone } from '../kit/icons.ts'
import { Avatar, ChannelGlyph } from '../kit/parts.tsx'
import { Known } from '../routing/Known.tsx'
import { answerLeg, refuseLeg } from './phone.ts'
import { nameOfCall, numberOfCall } from './useCall.ts'
import { w } from './words.ts'

/** A colleague asks about a call: who, and about whom. It is the colleague's call. */
export default function Asked({ call }: { call: MyCall }) {
  const who = useNames([call.agentId])(call.agentId)
  const card = useRef<HTMLElement>(null)
  const answer = () => answerLeg(call)
  const refuse = () => refuseLeg(call)
  useHotkey('mod+j', answer, true, { first: true })
  useHotkey('j', answer, true, { first: true })
  useHotkey('escape', refuse)
  useEffect(() => card.current?.focus({ preventScroll: true }), [])
  const customer = nameOfCall(call)
  return (
    <section ref={card} className="ringing" role="alert" aria-label={w.asksYou(who)} tabIndex={-1}>
      <div className="who">
        <Avatar name={who || '?'} size={44} />
        <div className="grow">
          <div className="row">
            <i className="ringdot" />
            <span className="f16 m6 cut">{w.asksYou(who)}</span>
          </div>
          <div className="row t2 wrap" style={{ marginTop: 4 }}>
            <ChannelGlyph channel="phone" />
            {w.about(customer)}
            {numberOfCall(call) !== customer && <span className="num">{numberOfCall(call)}</span>}
          </div>
        </div>
      </div>
      {call.customerId && <Known customerId={call.customerId} />}
      <footer>
        <Button type="primary" className="accept" icon={<IconPhone size={16} stroke={1.75} />} onClick={answer}>
          {w.answer} <kbd>{withCommand('J')}</kbd>
        </Button>
        <Button onClick={refuse}>
          {w.refuse} <kbd>Esc</kbd>
        </Button>
      </footer>
    </section>
  )
}
