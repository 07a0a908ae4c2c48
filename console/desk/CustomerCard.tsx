import { Link } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Customer, customers } from '#contract/customers.ts'
import { interactions } from '#contract/interactions.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay, useMe } from '../app/me.ts'
import { FlagChips } from '../customers/accounts/FlagChips.tsx'
import { type Full, Reveal } from '../customers/Reveal.tsx'
import { useFetch } from '../kit/data.ts'
import { IconAlertTriangle, IconExternalLink, IconHeart, IconShield } from '../kit/icons.ts'
import { Avatar, Failure, Sep, TierTag, Waiting } from '../kit/parts.tsx'
import { yuan } from '../kit/time.ts'
import { type Talk, useIdentify } from './talk.ts'
import { w } from './words.ts'

const Identify = lazy(() => import('./Identify.tsx'))
const month = 30 * 86_400_000
const most = 50

export function CustomerCard({ customerId, talk }: { customerId: string; talk: Talk }) {
  const may = useMay()
  const { data: customer, error, refetch } = useFetch(customers.one, { id: customerId }, { keep: false })
  const open = useFetch(tickets.list, { query: { box: 'all', customerId, open: true, size: most } }, { enabled: may('ticket:read') }).data
  const contacts = useFetch(
    interactions.list,
    { query: { customerId, size: most } },
    { enabled: may('interaction:read'), staleTime: 30_000 },
  ).data
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
  const recent = contacts?.rows.filter(i => i.startedAt.getTime() > Date.now() - month).length ?? 0
  const ratings = contacts?.rows.flatMap(i => i.rating ?? []).slice(0, 10) ?? []
  const mean = ratings.length > 0 ? ratings.reduce((sum, n) => sum + n, 0) / ratings.length : null
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
            <FlagChips customerId={customer.id} />
          </div>
        </div>
        <dl className="figures">
          <div>
            <dt>{w.open}</dt>
            <dd>
              {open ? (open.next ? `${open.rows.length}+` : open.rows.length) : ''} <small>{w.openUnit(open?.rows.length ?? 0)}</small>
            </dd>
          </div>
          <div>
            <dt>{w.contacts}</dt>
            <dd>
              {contacts ? (recent === most ? `${most}+` : recent) : ''} <small>{w.contactsUnit(recent)}</small>
            </dd>
          </div>
          <div>
            <dt>{w.overdue}</dt>
            <dd className={customer.balanceDue > 0 ? 'bac' : ''}>{yuan(Math.max(0, customer.balanceDue))}</dd>
          </div>
          <div>
            <dt>{w.rating}</dt>
            <dd className={mean !== null && mean < 3 ? 'bac' : ''}>{mean === null ? <small>{w.none}</small> : mean.toFixed(1)}</dd>
          </div>
        </dl>
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

/** Masked until somebody says why; then shown, and recorded. */
function Phone({ customer }: { customer: Customer }) {
  const [full, setFull] = useState<Full | null>(null)
  const { phone, email } = full ?? customer
  if (!phone && !email) return <span className="t3">{w.noPhone}</span>
  return (
    <span className="row" style={{ gap: 4 }}>
      <span className="wrap row" style={{ gap: '0 8px' }}>
        <span>{phone}</span>
        {full?.email && <span className="cut">{full.email}</span>}
      </span>
      {!full && <Reveal customer={customer} shown={setFull} />}
    </span>
  )
}
