import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { customers } from '#contract/customers.ts'
import { interactions } from '#contract/interactions.ts'
import { conversations } from '#contract/messaging.ts'
import { type Offer, routing } from '#contract/routing.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { command, useHotkey } from '../kit/hotkeys.ts'
import { IconHeart, IconHistory, IconMessageCircle, IconTicket } from '../kit/icons.ts'
import { Avatar, ChannelGlyph, PriorityBars, Sep, TierTag } from '../kit/parts.tsx'
import { ago, clockText, useNow, yuan } from '../kit/time.ts'
import { endRinging, useMine, useQueueName } from './presence.ts'
import { useRing } from './ring.ts'
import './routing.css'
import { w } from './words.ts'

/** What rings for me, over every page: whom it is from and what is known, before the first word. */
export default function Ringing() {
  const offers = useMine()?.offers ?? []
  useRing(offers)
  const first = [...offers].sort((a, b) => a.deadline.getTime() - b.deadline.getTime())[0]
  return first ? <RingingCard key={first.id} offer={first} more={offers.length - 1} /> : null
}

function RingingCard({ offer, more }: { offer: Offer; more: number }) {
  const go = useNavigate()
  const card = useRef<HTMLElement>(null)
  const said = useFirstWords(offer)
  const accepting = useAct(routing.accept, { also: ['conversations', 'presence'] })
  const declining = useAct(routing.decline, { also: ['presence'] })
  const busy = accepting.acting || declining.acting
  const accept = async () => {
    if (busy) return
    const taken = await accepting.act({ id: offer.id })
    if (!taken) {
      void queryClient.invalidateQueries({ queryKey: ['presence'] })
      return
    }
    endRinging(offer.id)
    if (taken.conversationId) await go({ to: '/desk', search: { c: taken.conversationId } as never })
  }
  const decline = async () => {
    if (busy) return
    if (await declining.act({ id: offer.id })) endRinging(offer.id)
    else void queryClient.invalidateQueries({ queryKey: ['presence'] })
  }
  useHotkey('mod+enter', () => {
    void accept()
  })
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
      aria-label={`${w.incoming} ${offer.customerName || w.unknown}`}
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
          {w.accept} <kbd>{command === '⌘' ? '⌘↵' : 'Ctrl ↵'}</kbd>
        </Button>
        <Button
          loading={declining.acting}
          onClick={() => {
            void decline()
          }}
        >
          {w.decline} <kbd>Esc</kbd>
        </Button>
        <span className="t3 f12 end hint">{more > 0 ? w.more(more) : w.returns}</span>
      </footer>
    </section>
  )
}

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
          <span className="ac m6">{w.incoming}</span>
          <span className="f16 m6 cut">{offer.customerName || w.unknown}</span>
          <TierTag tier={offer.tier} />
        </div>
        <div className="row t2 wrap" style={{ marginTop: 4 }}>
          <ChannelGlyph channel={offer.channel} />
          {queueName(offer.queueId) || offer.queueName}
          <Sep />
          {w.waited(clockText(now - offer.waitedSince.getTime()))}
          {offer.subject && !said.some(text => text.startsWith(offer.subject.slice(0, 12))) && (
            <>
              <Sep />
              <span className="cut">{offer.subject}</span>
            </>
          )}
          {offer.preferred && <span className="tag ac">{w.yours}</span>}
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

/** Who the customer is to us: care, money, open tickets and the last contacts. */
function Known({ customerId }: { customerId: string }) {
  const may = useMay()
  const customer = useFetch(customers.one, { id: customerId }, { enabled: may('customer:read') }).data
  const open = useFetch(tickets.list, { query: { box: 'all', customerId, open: true, size: 5 } }, { enabled: may('ticket:read') }).data
  const contacts = useFetch(interactions.list, { query: { customerId, size: 4 } }, { enabled: may('interaction:read') }).data
  const earlier = contacts?.rows.filter(i => i.state !== 'waiting' && i.state !== 'active').slice(0, 3) ?? []
  return (
    <div className="facts">
      {customer && (
        <div className="line wrap t2">
          <span>{customer.number}</span>
          <Sep />
          <span className="cut">
            {customer.district} {customer.address}
          </span>
          {customer.phone && (
            <>
              <Sep />
              {customer.phone}
            </>
          )}
          {customer.balanceDue > 0 && (
            <span className="tag ba">
              {w.due} {yuan(customer.balanceDue)}
            </span>
          )}
          {customer.care.map(c => (
            <span key={c} className="tag wa">
              <IconHeart size={12} />
              {w[c]}
            </span>
          ))}
        </div>
      )}
      {open?.rows.slice(0, 3).map(t => (
        <div key={t.id} className="line">
          <IconTicket size={16} className="t3" />
          <PriorityBars priority={t.priority} />
          <span className="t3">{t.number}</span>
          <span className="cut grow">{t.title}</span>
          {t.late && <span className="tag ba">{w.late}</span>}
        </div>
      ))}
      {open?.rows.length === 0 && (
        <div className="line t3">
          <IconTicket size={16} />
          {w.noOpenTickets}
        </div>
      )}
      {earlier.map(i => (
        <div key={i.id} className="line">
          <ChannelGlyph channel={i.channel} />
          <span className="cut grow">{i.subject || i.note}</span>
          {i.rating !== null && <span className={`tag ${i.rating <= 2 ? 'ba' : ''}`}>{w.rated(i.rating)}</span>}
          <span className="t3 f12">{ago(i.startedAt)}</span>
        </div>
      ))}
      {contacts && earlier.length === 0 && (
        <div className="line t3">
          <IconHistory size={16} />
          {w.firstTime}
        </div>
      )}
    </div>
  )
}
