import { Link } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Customer, customers } from '#contract/customers.ts'
import { useFresh } from '../app/live.ts'
import { useMe } from '../app/me.ts'
import { FlagChips } from '../customers/accounts/FlagChips.tsx'
import { contactsWord, openWord } from '../customers/outlook/bounds.ts'
import { MoodMark, useOutlook } from '../customers/outlook/Mood.tsx'
import { NextLine } from '../customers/outlook/NextLine.tsx'
import { w as mood } from '../customers/outlook/words.ts'
import type { Full } from '../customers/Reveal.tsx'
import { useShown } from '../customers/useShown.ts'
import { useFetch } from '../kit/data.ts'
import { IconAlertTriangle, IconExternalLink, IconHeart, IconShield } from '../kit/icons.ts'
import { Avatar, Failure, Sep, TierTag, Waiting } from '../kit/parts.tsx'
import { yuan } from '../kit/time.ts'
import { type Talk, useIdentify } from './talk.ts'
import { w } from './words.ts'

const Identify = lazy(() => import('./Identify.tsx'))

export default function CustomerCard({ customerId, talk }: { customerId: string; talk: Talk }) {
  useFresh(`customer:${customerId}`, 'customers')
  const { data: customer, error, refetch } = useFetch(customers.one, { id: customerId }, { keep: false })
  const standing = useOutlook(customerId)
  const outlook = standing.data
  const [changing, setChanging] = useState(false)
  if (!customer)
    return (
      <section className="sec">
        {error ? (
          <Failure
            error={error}
            retry={() => {
              void refetch()
            }}
          />
        ) : (
          <Waiting rows={3} />
        )}
      </section>
    )
  const years = Math.floor((Date.now() - customer.since.getTime()) / (365.25 * 86_400_000))
  const { open, contacts } = outlook ?? { open: null, contacts: null }
  return (
    <>
      <section className="sec">
        <div className="row" style={{ gap: 12 }}>
          <Avatar name={customer.name} size={40} />
          <div className="grow">
            <div className="row" style={{ gap: 6 }}>
              <h2 className="cut">{customer.name}</h2>
              <TierTag tier={customer.tier} />
              {years > 0 && <span className="tag">{w.years(years)}</span>}
            </div>
            <div className="t3 f12 cut">
              {w.number} {customer.number}
              <Sep />
              {customer.kind === 'person' ? w.person : w.organisation}
              {(talk.knownBy === 'site' || talk.knownBy === 'agent') && (
                <>
                  <Sep />
                  <span className="okc">
                    <IconShield size={12} stroke={1.75} /> {talk.knownBy === 'site' ? w.knownSite : w.knownAgent}
                  </span>
                </>
              )}
            </div>
          </div>
          <Tooltip title={w.openPage}>
            <Link to="/customers/$id" params={{ id: customer.id } as never} aria-label={w.openPage}>
              <IconExternalLink size={16} stroke={1.75} />
            </Link>
          </Tooltip>
        </div>
        <div className="f12 t2" style={{ marginTop: 6 }}>
          <div className="row between">
            <Phone customer={customer} />
            {!talk.over && !changing && (
              <button type="button" className="linkish nowrap" onClick={() => setChanging(true)}>
                {w.other}
              </button>
            )}
          </div>
          {(customer.district || customer.address) && (
            <div className="cut">
              {customer.district} {customer.address}
            </div>
          )}
          <div className="row wrap" style={{ gap: 4 }}>
            {outlook?.undisturbed && (
              <span className="tag ba" title={mood.aloneFor}>
                {mood.alone}
              </span>
            )}
            <FlagChips customerId={customer.id} />
          </div>
        </div>
        {standing.error && (
          <Failure error={standing.error} retry={() => void standing.refetch()} {...(outlook ? { readAt: standing.dataUpdatedAt } : {})} />
        )}
        <dl className="figures">
          <div>
            <dt>{w.open}</dt>
            <dd>
              {open === null ? '' : openWord(open)} <small>{w.openUnit(open ?? 0)}</small>
            </dd>
          </div>
          <div>
            <dt>{w.contacts}</dt>
            <dd>
              {contacts === null ? '' : contactsWord(contacts)} <small>{w.contactsUnit(contacts ?? 0)}</small>
            </dd>
          </div>
          <div>
            <dt>{w.overdue}</dt>
            <dd className={customer.balanceDue > 0 ? 'bac' : ''}>{yuan(Math.max(0, customer.balanceDue))}</dd>
          </div>
          <div>
            <dt>{mood.mood}</dt>
            <dd>{outlook && <MoodMark mood={outlook.mood} />}</dd>
          </div>
        </dl>
        {outlook && <NextLine customerId={customer.id} next={outlook.next} />}
      </section>
      <HowKnown talk={talk} />
      {customer.care.length > 0 && (
        <section className="sec" style={{ padding: '8px 16px' }}>
          <div className="note wa f12">
            <IconHeart size={16} className="wac" />
            <span>
              <b>{w.careTitle}</b>
              <Sep />
              {customer.care.map(c => w[c]).join(' ')}
            </span>
          </div>
        </section>
      )}
      {customer.note && (
        <section className="sec f12 t2" style={{ overflowWrap: 'anywhere' }}>
          {customer.note}
        </section>
      )}
      {changing && (
        <section className="sec">
          <Suspense>
            <Identify talk={talk} cancel={() => setChanging(false)} />
          </Suspense>
        </section>
      )}
    </>
  )
}

/** Signed in, or only said so: what may be told depends on it. */
function HowKnown({ talk }: { talk: Talk }) {
  const me = useMe()
  const { identify, acting } = useIdentify(talk)
  const { customerId } = talk
  if (talk.knownBy !== 'given' || customerId === null) return null
  return (
    <section className="sec" style={{ padding: '8px 16px' }}>
      <div className="note wa f12">
        <IconAlertTriangle size={16} className="wac" />
        <span className="grow">{w.knownGiven}</span>
        {talk.agentId === me?.user.id && !talk.over && (
          <Button
            size="small"
            loading={acting}
            onClick={() => {
              void identify(customerId)
            }}
          >
            {w.confirm}
          </Button>
        )}
      </div>
    </section>
  )
}

const Reveal = lazy(() => import('../customers/Reveal.tsx').then(made => ({ default: made.Reveal })))
const NoNumber = lazy(() => import('../customers/Reveal.tsx').then(made => ({ default: made.NoNumber })))

/** Masked until somebody says why; then shown, and recorded. */
function Phone({ customer }: { customer: Customer }) {
  const [full, setFull] = useShown<Full>(`${customer.id} ${customer.version}`)
  const { phone, email } = full ?? customer
  if (!phone && !email)
    return (
      <Suspense>
        <NoNumber />
      </Suspense>
    )
  return (
    <span className="row" style={{ gap: 4 }}>
      <span className="wrap row" style={{ gap: '0 8px' }}>
        <span>{phone}</span>
        {full?.email && <span className="cut">{full.email}</span>}
      </span>
      {!full && (
        <Suspense>
          <Reveal customer={customer} shown={setFull} />
        </Suspense>
      )}
    </span>
  )
}
