import { Link, Navigate, useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Customer, customers } from '#contract/customers.ts'
import { useCommands } from '../app/commands.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { OfMatter } from '../documents/OfMatter.tsx'
import { useFetch } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconClipboardCheck, IconEdit, IconHandStop, IconHeart, IconPlus } from '../kit/icons.ts'
import { Avatar, Failure, Kbd, Sep, TierTag, Waiting } from '../kit/parts.tsx'
import { ago, day } from '../kit/time.ts'
import { Needs } from '../needs/CustomerPanel.tsx'
import { Messages } from '../outgoing/CustomerPanels.tsx'
import { Opportunities } from '../sales/CustomerPanel.tsx'
import { placeOf } from '../tickets/place.ts'
import { CallButton } from '../voice/CallButton.tsx'
import { AccountPanel } from './accounts/AccountPanel.tsx'
import { FlagChips } from './accounts/FlagChips.tsx'
import { CustomerForm } from './CustomerForm.tsx'
import { Duplicates, MayBeTwice } from './duplicates/Panel.tsx'
import { History } from './History.tsx'
import { useMasking } from './masking.ts'
import { contactsWord, openWord } from './outlook/bounds.ts'
import { MoodMark, useOutlook } from './outlook/Mood.tsx'
import { NextCard } from './outlook/Next.tsx'
import { w as mood } from './outlook/words.ts'
import { OwnPanel } from './own/OwnPanel.tsx'
import { Contacts, OpenMatters, Ratings } from './Panels.tsx'
import { Wishes } from './privacy/Wishes.tsx'
import { Files } from './profile/Files.tsx'
import { Notes } from './profile/Notes.tsx'
import { ProfileCard } from './profile/ProfileCard.tsx'
import { Relations } from './profile/Relations.tsx'
import { type Full, NoNumber, Reveal } from './Reveal.tsx'
import { RecordsPanel } from './records/RecordsPanel.tsx'
import '../kit/page.css'
import './customers.css'
import { Standing, TagsAndSegments } from './segments/SegmentPanels.tsx'
import './segments/segments.css'
import { useShown } from './useShown.ts'
import { careWord, w } from './words.ts'

const NewTicket = lazy(() => import('../tickets/NewTicket.tsx'))
const MoreMenu = lazy(() => import('./MoreMenu.tsx'))
const NewTask = lazy(() => import('../tasks/NewTask.tsx'))

export default function CustomerPage() {
  const { id = '' } = useParams({ strict: false })
  const { data, error, refetch, dataUpdatedAt } = useFetch(customers.one, { id }, { keep: false })
  useFresh(`customer:${id}`, 'customers', 'tickets', 'interactions', 'tasks', 'needs', 'opportunities')
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
  const [known, setFull] = useShown<Full>(`${c.id} ${c.version}`)
  const isHidden = useMasking()?.fields.phone === 'hidden'
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
  const phone = known?.phone ?? c.phone
  const email = known?.email ?? c.email
  return (
    <div className="customer">
      <header className="top-of-customer">
        <Avatar name={c.name} size={52} />
        <div className="who">
          <div className="row wrap">
            <h1>{c.name}</h1>
            <TierTag tier={c.tier} />
            {years > 0 && <span className="tag">{w.years(years)}</span>}
            <LeftAlone customerId={c.id} />
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
            {known?.phone ? (
              <a className="nowrap" href={`tel:${known.phone}`}>
                {known.phone}
              </a>
            ) : (
              <span className="nowrap">{phone ?? email ?? <NoNumber />}</span>
            )}
            {!known && <Reveal customer={c} shown={setFull} />}
            {(c.phone || isHidden) && <CallButton chooses who={c.name} customerId={c.id} />}
          </div>
          <MayBeTwice customerId={c.id} more={() => show('duplicates')} />
        </div>
        <Figures customer={c} />
        <div className="row acts">
          {(may('customer:privacy') || may('customer:merge')) && (
            <Suspense>
              <MoreMenu customer={c} />
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
        <nav className="jumps" aria-label={w.places}>
          <button type="button" className="pill" onClick={() => jump('history')}>
            {w.history}
          </button>
          <button type="button" className="pill" onClick={() => jump('profile')}>
            {w.file}
          </button>
        </nav>
      </header>
      <div className="customerbody">
        {stale}
        <div className="profile" id="profile">
          <ProfileCard customer={c} full={known} shown={setFull} edit={mayEdit ? () => setDrawer('edit') : null} />
          <OwnPanel customerId={c.id} name={c.name} />
          <RecordsPanel customerId={c.id} />
          <Relations customer={c} />
          <TagsAndSegments customerId={c.id} tags={c.tags} />
          <Standing customerId={c.id} />
          <Notes customer={c} />
          <Files customerId={c.id} />
          <div id="account">
            <AccountPanel customer={c} />
          </div>
        </div>
        <History customerId={c.id} />
        <div className="panels">
          <NextCard
            customer={c}
            acts={{
              overdue: () => show('account'),
              ...(mayEdit ? { consent: () => show('wishes') } : {}),
              ...(may('task:write') ? { neglected: () => setDrawer('task') } : {}),
            }}
          />
          <OpenMatters customerId={c.id} />
          {may('interaction:read') && <Contacts customerId={c.id} />}
          {may('interaction:read') && <Ratings customerId={c.id} />}
          <Needs customer={{ id: c.id, name: c.name }} />
          <Opportunities customer={{ id: c.id, name: c.name }} />
          <Messages customerId={c.id} />
          {may('document:read') && <OfMatter about={{ kind: 'customer', id: c.id }} />}
          <div id="wishes">
            <Wishes customerId={c.id} />
          </div>
          <Duplicates customerId={c.id} />
        </div>
      </div>
      {drawer === 'edit' && <CustomerForm customer={c} close={shut} />}
      <Suspense>
        {drawer === 'ticket' && (
          <NewTicket
            seed={{
              customerId: c.id,
              customerName: c.name,
              place: placeOf(c),
            }}
            close={shut}
            opened={id => void go({ to: `/tickets/${id}` })}
          />
        )}
        {drawer === 'task' && <NewTask customer={{ id: c.id, name: c.name }} close={shut} />}
      </Suspense>
    </div>
  )
}

const show = (id: string) => document.getElementById(id)?.scrollIntoView({ block: 'center', behavior: 'smooth' })
/** Far away on a narrow page, and what comes in on the way would move it. */
const jump = (id: string) => document.getElementById(id)?.scrollIntoView({ block: 'start' })

/** What one wants to know before the first word. */
function Figures({ customer: c }: { customer: Customer }) {
  const outlook = useOutlook(c.id).data
  const { open, contacts } = outlook ?? { open: null, contacts: null }
  return (
    <dl className="figures360">
      {outlook && (
        <div>
          <dt>{mood.mood}</dt>
          <dd>
            <MoodMark mood={outlook.mood} />
          </dd>
        </div>
      )}
      {contacts !== null && (
        <div>
          <dt>{w.figContacts}</dt>
          <dd>{contactsWord(contacts)}</dd>
        </div>
      )}
      {open !== null && (
        <div>
          <dt>{w.figOpen}</dt>
          <dd>{openWord(open)}</dd>
        </div>
      )}
      <div>
        <dt>{w.figLast}</dt>
        <dd>{c.lastContactAt ? ago(c.lastContactAt) : w.never}</dd>
      </div>
    </dl>
  )
}

/** Asked to be left alone: said before anybody calls. */
function LeftAlone({ customerId }: { customerId: string }) {
  const { undisturbed, listed } = useOutlook(customerId).data ?? {}
  const alone = undisturbed ?? listed?.phone ?? listed?.email
  if (!alone) return null
  const [word, why] = undisturbed
    ? [mood.alone, mood.aloneFor]
    : listed?.phone
      ? [mood.numberAlone, mood.numberAloneFor]
      : [mood.addressAlone, mood.addressAloneFor]
  return (
    <span className="tag ba" title={why}>
      <IconHandStop size={14} />
      {word}
      {alone.until && ` ${mood.aloneUntil(day(alone.until))}`}
    </span>
  )
}
