import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { conversations } from '#contract/messaging.ts'
import { type Offer, routing } from '#contract/routing.ts'
import { useMe } from '../app/me.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconMessageCircle, IconPhone, IconPhoneOutgoing } from '../kit/icons.ts'
import { Avatar, ChannelGlyph, Kbd, Sep, TierTag } from '../kit/parts.tsx'
import { clockText, clockTime, useNow } from '../kit/time.ts'
import { callOfContact, useMyPhone } from '../voice/phone.ts'
import { isAsked } from '../voice/rules.ts'
import { Known } from './Known.tsx'
import { endRinging, useMine, useQueueName } from './presence.ts'
import { useRing } from './ring.ts'
import './routing.css'
import { w } from './words.ts'

const Asked = lazy(() => import('../voice/Asked.tsx'))

/** What rings for me, over every page: whom it is from and what is known, before the first word. */
export default function Ringing() {
  const offers = useMine()?.offers ?? []
  const meId = useMe()?.user.id ?? ''
  const asked = useMyPhone()?.calls.filter(call => isAsked(call, meId)) ?? []
  useRing([
    ...offers.map(o => ({
      id: o.id,
      title: [o.callBack ? w.callBack : '', o.customerName || w.unknown].filter(text => text !== '').join(' '),
      body: `${o.queueName} ${o.subject}`,
    })),
    ...asked.map(call => ({ id: call.leg, title: w.colleagueAsks, body: call.customerName })),
  ])
  const first = [...offers].sort((a, b) => a.deadline.getTime() - b.deadline.getTime())[0]
  const [call] = asked
  if (first) return <RingingCard key={first.id} offer={first} more={offers.length + asked.length - 1} />
  return call ? (
    <Suspense>
      <Asked key={call.leg} call={call} />
    </Suspense>
  ) : null
}

function RingingCard({ offer, more }: { offer: Offer; more: number }) {
  const go = useNavigate()
  const card = useRef<HTMLElement>(null)
  const said = useFirstWords(offer)
  const accepting = useAct(routing.accept, { also: ['conversations', 'presence', 'softphone'] })
  const declining = useAct(routing.decline, { also: ['presence'] })
  const busy = accepting.acting || declining.acting
  const phone = offer.channel === 'phone'
  const accept = async () => {
    if (busy) return
    const taken = await accepting.act({ id: offer.id })
    if (!taken) {
      void queryClient.invalidateQueries({ queryKey: ['presence'] })
      return
    }
    endRinging(offer.id)
    if (phone) {
      const call = await callOfContact(offer.interactionId)
      await go({ to: '/desk', search: (call ? { call } : {}) as never })
    } else if (taken.conversationId) await go({ to: '/desk', search: { c: taken.conversationId } as never })
  }
  const decline = async () => {
    if (busy) return
    if (await declining.act({ id: offer.id })) endRinging(offer.id)
    else void queryClient.invalidateQueries({ queryKey: ['presence'] })
  }
  useHotkey(
    'mod+enter',
    () => {
      void accept()
    },
    true,
    { first: true },
  )
  useHotkey('mod+j', () => void accept(), phone, { first: true })
  useHotkey('j', () => void accept(), phone, { first: true })
  useHotkey('escape', () => {
    void decline()
  })
  useEffect(() => {
    // Whoever is writing goes on writing; whoever is not has the card under the fingers.
    const at = document.activeElement
    if (!(at instanceof HTMLElement) || !at.matches('input, textarea, select, [contenteditable="true"]'))
      card.current?.focus({ preventScroll: true })
  }, [])
  return (
    <section
      ref={card}
      className="ringing"
      role="alert"
      aria-label={`${kindOf(offer)} ${offer.customerName || w.unknown}`}
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Enter' && event.target === card.current && !event.metaKey && !event.ctrlKey) {
          event.preventDefault()
          void accept()
        }
      }}
    >
      <Who offer={offer} said={said} />
      <FirstWords said={said} />
      {offer.customerId && <Known customerId={offer.customerId} />}
      <footer>
        <Button
          type="primary"
          className="accept"
          loading={accepting.acting}
          onClick={() => {
            void accept()
          }}
        >
          {phone && (offer.callBack ? <IconPhoneOutgoing size={16} stroke={1.75} /> : <IconPhone size={16} stroke={1.75} />)}
          {offer.callBack ? w.callBack : phone ? w.answer : w.accept} <Kbd>{withCommand(phone ? 'J' : 'Enter')}</Kbd>
        </Button>
        <Button
          loading={declining.acting}
          onClick={() => {
            void decline()
          }}
        >
          {w.decline} <kbd>Esc</kbd>
        </Button>
        <span className="t3 f12 end hint">{more > 0 ? w.more(more) : offer.callBack ? w.dials : w.returns}</span>
      </footer>
    </section>
  )
}

/** What taking it does: somebody is on the line, is to be called back, or writes. */
const kindOf = ({ callBack, channel }: Offer): string => (callBack ? w.callBack : channel === 'phone' ? w.incomingCall : w.incoming)

function Who({ offer, said }: { offer: Offer; said: readonly string[] }) {
  const queueName = useQueueName()
  const now = useNow()
  const total = offer.deadline.getTime() - offer.offeredAt.getTime()
  const left = Math.min(total, Math.max(0, offer.deadline.getTime() - now))
  return (
    <div className="who">
      <Avatar name={offer.customerName || '?'} size={44} />
      <div className="grow">
        <div className="row">
          <i className="ringdot" />
          <span className="ac m6">{kindOf(offer)}</span>
          <span className="f16 m6 cut">{offer.customerName || w.unknown}</span>
          <TierTag tier={offer.tier} />
        </div>
        <div className="row t2 wrap" style={{ marginTop: 4 }}>
          <ChannelGlyph channel={offer.channel} />
          {queueName(offer.queueId, offer.queueName)}
          <Sep />
          {offer.callBack ? w.askedBack(clockTime(offer.callBack.since)) : w.waited(clockText(now - offer.waitedSince.getTime()))}
          {offer.callBack && (
            <>
              <Sep />
              {offer.callBack.tries > 0 ? w.triedBack(offer.callBack.tries) : w.firstBack}
            </>
          )}
          {offer.subject && !said.some(text => text.startsWith(offer.subject.slice(0, 12))) && (
            <>
              <Sep />
              <span className="cut">{offer.subject}</span>
            </>
          )}
          {(offer.given || offer.preferred) && <span className="tag ac">{offer.given ? w.given : w.yours}</span>}
        </div>
      </div>
      <div className={`deadline ${left < total / 4 ? 'late bac' : ''}`} title={w.left(Math.ceil(left / 1000))}>
        <svg viewBox="0 0 40 40" aria-hidden="true">
          <circle cx="20" cy="20" r="17" />
          <circle cx="20" cy="20" r="17" strokeDasharray={106.8} strokeDashoffset={106.8 * (1 - left / Math.max(1, total))} />
        </svg>
        {Math.ceil(left / 1000)}
      </div>
    </div>
  )
}

/** What the customer has written while waiting. */
function useFirstWords(offer: Offer): string[] {
  const { data } = useFetch(
    conversations.messages,
    { id: offer.conversationId ?? '', query: {} },
    { enabled: offer.conversationId !== null },
  )
  return (data ?? [])
    .filter(m => m.author === 'customer')
    .map(m => m.text || (m.file ? `[${m.file.name}]` : ''))
    .filter(text => text !== '')
    .slice(-3)
}

function FirstWords({ said }: { said: readonly string[] }) {
  if (said.length === 0) return null
  return (
    <section className="firstwords" aria-label={w.saidSoFar}>
      {said.map(text => (
        <div key={text} className="row" style={{ alignItems: 'flex-start' }}>
          <IconMessageCircle size={14} className="t3" style={{ marginTop: 3, flex: 'none' }} />
          <span>{text}</span>
        </div>
      ))}
    </section>
  )
}
