import { Link, Navigate, useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Customer, customers } from '#contract/customers.ts'
import { interactions } from '#contract/interactions.ts'
import { tickets } from '#contract/tickets.ts'
import { useCommands } from '../app/commands.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { OfMatter } from '../documents/OfMatter.tsx'
import { useFetch } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconClipboardCheck, IconEdit, IconHeart, IconPlus } from '../kit/icons.ts'
import { Avatar, Failure, Kbd, Sep, TierTag, Waiting } from '../kit/parts.tsx'
import { ago } from '../kit/time.ts'
import { Messages, Wishes } from '../outgoing/CustomerPanels.tsx'
import { Opportunities } from '../sales/CustomerPanel.tsx'
import { CallButton } from '../voice/CallButton.tsx'
import { AccountPanel } from './accounts/AccountPanel.tsx'
import { FlagChips } from './accounts/FlagChips.tsx'
import { CustomerForm } from './CustomerForm.tsx'
import { Duplicates } from './duplicates/Panel.tsx'
import { History } from './History.tsx'
import { OwnPanel } from './own/OwnPanel.tsx'
import { Contacts, OpenMatters, Ratings } from './Panels.tsx'
import { Files } from './profile/Files.tsx'
import { Notes } from './profile/Notes.tsx'
import { ProfileCard } from './profile/ProfileCard.tsx'
import { Relations } from './profile/Relations.tsx'
import { type Full, Reveal } from './Reveal.tsx'
import { RecordsPanel } from './records/RecordsPanel.tsx'
import '../kit/page.css'
import './customers.css'
import { Standing, TagsAndSegments } from './segments/SegmentPanels.tsx'
import './segments/segments.css'
import { careWord, w } from './words.ts'

const NewTicket = lazy(() => import('../tickets/NewTicket.tsx'))
const PrivacyMenu = lazy(() => import('./privacy/PrivacyMenu.tsx'))
const NewTask = lazy(() => import('../tasks/NewTask.tsx'))
const month = 30 * 86_400_000
const most = 50

export default function CustomerPage() {
  const { id = '' } = useParams({ strict: false })
  const { data, error, refetch, dataUpdatedAt } = useFetch(customers.one, { id }, { keep: false })
  useFresh(`customer:${id}`, 'customers', 'tickets', 'interactions', 'tasks')
  if (!data)
    return error ? (
      <div className="page">
        <Failure error={error} retry={() => void refetch()} />
        <Link to="/customers">{w.backToList}</Link>
      </div>
    ) : (
      <Waiting rows={10} />
    )
  // Merged into another: read there.
  if (data.id !== id) return <Navigate to={`/customers/${data.id}`} replace />
  return (
    <Shown key={id} customer={data} stale={error ? <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} /> : null} />
  )
}

function Shown({ customer: c, stale }: { customer: Customer; stale: React.ReactNode }) {
  const go = useNavigate()
  const may = useMay()
  const [drawer, setDrawer] = useState<'edit' | 'ticket' | 'task' | null>(null)
  const [full, setFull] = useState<Full | null>(null)
  const mayEdit = may('customer:write')
  const mayTicket = may('ticket:open')
  const free = drawer === null
  useHotkey('e', () => setDrawer('edit'), mayEdit && free)
  useHotkey('c', () => setDrawer('ticket'), mayTicket && free)
  useHotkey('t', () => setDrawer('task'), may('task:write') && free)
  useCommands(
    [
      ...(mayTicket
        ? [
            {
              id: 'customer.ticket',
              name: `${w.newTicket} ${c.name}`,
              key: 'C',
              icon: <IconPlus size={16} />,
              run: () => setDrawer('ticket'),
            },
          ]
        : []),
      ...(mayEdit
        ? [{ id: 'customer.edit', name: `${w.edit} ${c.name}`, key: 'E', icon: <IconEdit size={16} />, run: () => setDrawer('edit') }]
        : []),
      ...(may('task:write')
        ? [
            {
              id: 'customer.task',
              name: `${w.newTask} ${c.name}`,
              key: 'T',
              icon: <IconClipboardCheck size={16} />,
              run: () => setDrawer('task'),
            },
          ]
        : []),
    ],
    `${c.id}|${mayTicket}|${mayEdit}`,
  )
  const shut = () => setDrawer(null)
  const years = Math.floor((Date.now() - c.since.getTime()) / (365.25 * 86_400_000))
  const phone = full?.phone ?? c.phone
  const email = full?.email ?? c.email
  return (
    <div className="customer">
      <header className="top-of-customer">
        <Avatar name={c.name} size={52} />
        <div className="who">
          <div className="row wrap">
            <h1>{c.name}</h1>
            <TierTag tier={c.tier} />
            {years > 0 && <span className="tag">{w.years(years)}</span>}
            <FlagChips customerId={c.id} />
            {c.care.map(care => (
              <span key={care} className="tag wa">
                <IconHeart size={14} />
                {careWord(care)}
              </span>
            ))}
          </div>
          <div className="t2 row wrap line">
            <span>
              {w.number} {c.number}
            </span>
            {c.address && (
              <>
                <Sep />
                <span className="cut">{c.address}</span>
              </>
            )}
            <Sep />
            {full?.phone ? (
              <a className="nowrap" href={`tel:${full.phone}`}>
                {full.phone}
              </a>
            ) : (
              <span className="nowrap">{phone ?? email ?? w.noPhone}</span>
            )}
            {!full && <Reveal customer={c} shown={setFull} />}
            {c.phone && <CallButton who={c.name} customerId={c.id} />}
          </div>
        </div>
        <Figures customer={c} />
        <div className="row acts">
          {may('customer:privacy') && (
            <Suspense>
              <PrivacyMenu customer={c} />
            </Suspense>
          )}
          {may('task:write') && (
            <Button icon={<IconClipboardCheck size={16} stroke={1.75} />} onClick={() => setDrawer('task')}>
              {w.newTask} <Kbd>T</Kbd>
            </Button>
          )}
          {mayTicket && (
            <Button type="primary" icon={<IconPlus size={16} stroke={1.75} />} onClick={() => setDrawer('ticket')}>
              {w.newTicket} <Kbd>C</Kbd>
            </Button>
          )}
        </div>
      </header>
      <div className="customerbody">
        {stale}
        <div className="profile">
          <ProfileCard customer={c} full={full} edit={mayEdit ? () => setDrawer('edit') : null} />
          <OwnPanel customerId={c.id} name={c.name} />
          <RecordsPanel customerId={c.id} />
          <Relations customer={c} />
          <TagsAndSegments customerId={c.id} tags={c.tags} />
          <Standing customerId={c.id} />
          <Notes customer={c} />
          <Files customerId={c.id} />
          <AccountPanel customer={c} />
        </div>
        <History customerId={c.id} />
        <div className="panels">
          <OpenMatters customerId={c.id} />
          {may('interaction:read') && <Contacts customerId={c.id} />}
          {may('interaction:read') && <Ratings customerId={c.id} />}
          <Opportunities customer={{ id: c.id, name: c.name }} />
          <Messages customerId={c.id} />
          {may('document:read') && <OfMatter about={{ kind: 'customer', id: c.id }} />}
          <Wishes customerId={c.id} />
          <Duplicates customerId={c.id} />
        </div>
      </div>
      {drawer === 'edit' && <CustomerForm customer={c} close={shut} />}
      <Suspense>
        {drawer === 'ticket' && (
          <NewTicket
            seed={{ customerId: c.id, customerName: c.name, place: `${c.district} ${c.address}`.trim() }}
            close={shut}
            opened={id => void go({ to: `/tickets/${id}` })}
          />
        )}
        {drawer === 'task' && <NewTask customer={{ id: c.id, name: c.name }} close={shut} />}
      </Suspense>
    </div>
  )
}

/** What one wants to know before the first word. */
function Figures({ customer: c }: { customer: Customer }) {
  const may = useMay()
  const contacts = useFetch(
    interactions.list,
    { query: { customerId: c.id, size: most } },
    { enabled: may('interaction:read'), keep: false },
  ).data
  const open = useFetch(
    tickets.list,
    { query: { box: 'all', customerId: c.id, open: true, size: most } },
    { enabled: may('ticket:read'), keep: false },
  ).data
  const recent = contacts?.rows.filter(i => i.startedAt.getTime() > Date.now() - month).length ?? 0
  const scores = contacts?.rows.flatMap(i => i.rating ?? []).slice(0, 10) ?? []
  const mean = scores.length > 0 ? scores.reduce((sum, n) => sum + n, 0) / scores.length : null
  return (
    <dl className="figures360">
      {contacts && (
        <div>
          <dt>{w.figContacts}</dt>
          <dd>{recent === most ? `${most}+` : recent}</dd>
        </div>
      )}
      {open && (
        <div>
          <dt>{w.figOpen}</dt>
          <dd>{open.next ? `${most}+` : open.rows.length}</dd>
        </div>
      )}
      {contacts && (
        <div>
          <dt>{w.figRating}</dt>
          <dd className={mean !== null && mean < 3 ? 'bac' : ''} title={scores.length > 0 ? w.ratingsOf(scores.length) : w.noRatings}>
            {mean === null ? '–' : mean.toFixed(1)}
          </dd>
        </div>
      )}
      <div>
        <dt>{w.figLast}</dt>
        <dd>{c.lastContactAt ? ago(c.lastContactAt) : w.never}</dd>
      </div>
    </dl>
  )
}
