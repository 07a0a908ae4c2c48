import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { addressLine, isMasked } from '#contract/addresses.ts'
import type { Customer } from '#contract/customers.ts'
import { type Address, profile, type ReachedBy, WrittenKind } from '#contract/profile.ts'
import { useMay } from '../../app/me.ts'
import { useNames } from '../../app/people.tsx'
import { useAct, useFetch } from '../../kit/data.ts'
import { IconDots, IconEdit, IconMail, IconMapPin, IconMessageCircle, IconPhone, IconPlus } from '../../kit/icons.ts'
import { Menu, type MenuItem } from '../../kit/Menu.tsx'
import { Failure, Kbd, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { day } from '../../kit/time.ts'
import { undoable } from '../../kit/undo.tsx'
import { useMasking } from '../masking.ts'
import { type Full, RevealFields, useRevealedAtHead } from '../Reveal.tsx'
import { useShown } from '../useShown.ts'
import { w as file, kindWord } from '../words.ts'
import { Fact } from './Fact.tsx'
import { w } from './words.ts'
import './profile.css'

const ReachForm = lazy(() => import('./ReachForm.tsx'))
const RemoveReach = lazy(() => import('./RemoveReach.tsx'))
const RemoveAddress = lazy(() => import('./RemoveAddress.tsx'))
const AddressForm = lazy(() => import('./AddressForm.tsx'))
const TeamForm = lazy(() => import('./TeamForm.tsx'))

type Open =
  | { what: 'reach'; way: ReachedBy | (typeof WrittenKind.options)[number] }
  | { what: 'remove'; way: ReachedBy }
  | { what: 'address'; address: Address | null }
  | { what: 'removeAddress'; address: Address }
  | { what: 'team' }

type Props = { customer: Customer; full: Full | null; shown: (full: Full) => void; edit: (() => void) | null }
/** Who this is and how they are reached: every number and address, the main ones marked. */
export function ProfileCard({ customer: c, full, shown, edit }: Props) {
  const may = useMay()
  const [open, setOpen] = useState<Open | null>(null)
  const { data, error, refetch, dataUpdatedAt } = useFetch(profile.read, { id: c.id }, { keep: false })
  const [places, setPlaces] = useShown<Full['addresses']>(`${c.id} ${data?.version}`)
  const writes = may('customer:write')
  const shut = () => setOpen(null)
  const name = useNames([data?.ownerId, ...(data?.carerIds ?? [])])
  const ways = (kind: ReachedBy['kind']) => data?.reached.filter(way => way.kind === kind) ?? []
  const wechat = useMasking()?.fields.wechat
  const atHead = useRevealedAtHead(c)
  // Both are revealed at once; an account of the web site is shown in full to nobody.
  const idsAt = full || atHead ? null : wechat === 'masked' && ways('wechat').length > 0 ? 'wechat' : 'web'
  const line = (way: ReachedBy) => (
    <Way key={way.id} customer={c} way={way} version={data?.version ?? 0} full={full} open={writes ? setOpen : null} />
  )
  return (
    <section className="card filecard" aria-label={file.file}>
      <header>
        <h3>{file.file}</h3>
        {writes && (
          <span className="end row" style={{ gap: 0 }}>
            <Menu items={additions(setOpen)}>
              <Button type="text" size="small" icon={<IconPlus size={16} stroke={1.75} />} aria-label={w.add} title={w.add} />
            </Menu>
            {edit && (
              <Button type="text" size="small" icon={<IconEdit size={16} stroke={1.75} />} onClick={edit}>
                {file.edit} <Kbd>E</Kbd>
              </Button>
            )}
          </span>
        )}
      </header>
      <div className="body">
        {error && <Failure error={error} retry={() => void refetch()} {...(data ? { readAt: dataUpdatedAt } : {})} />}
        {!data && !error && <Waiting rows={4} />}
        <dl className="facts one">
          <Fact label={file.number}>{c.number}</Fact>
          <Fact label={file.kind}>{kindWord(c.kind)}</Fact>
          {data && (
            <>
              <Fact label={file.phone}>{ways('phone').length > 0 && ways('phone').map(line)}</Fact>
              <Fact label={file.email}>{ways('email').length > 0 && ways('email').map(line)}</Fact>
              {(['wechat', 'web'] as const).map(kind => (
                <Fact key={kind} label={w[kind]}>
                  {ways(kind).length > 0 && (
                    <>
                      {ways(kind).map(line)}
                      {idsAt === kind && <RevealFields customerId={c.id} fields={['wechat']} shown={shown} />}
                    </>
                  )}
                </Fact>
              ))}
              <Fact label={file.address}>
                {data.addresses.length > 0 &&
                  data.addresses.map(address => (
                    <Place
                      key={address.id}
                      customerId={c.id}
                      address={{ ...address, ...places?.find(place => place.id === address.id) }}
                      all={data.addresses}
                      open={writes ? setOpen : null}
                      version={data.version}
                    />
                  ))}
                {!places && data.addresses.some(isMasked) && (
                  <RevealFields customerId={c.id} fields={['address']} shown={full => setPlaces(full.addresses)} />
                )}
              </Fact>
              {data.addresses.every(a => a.district !== c.district) && <Fact label={file.district}>{c.district}</Fact>}
              <Fact label={w.owner}>
                <span className="held">
                  <span className="grow">
                    {data.ownerId ? name(data.ownerId) : <span className="t3">{w.nobodyYet}</span>}
                    {data.carerIds.length > 0 && (
                      <span className="t3 block">
                        {w.carers} {data.carerIds.map(name).join(' ')}
                      </span>
                    )}
                  </span>
                  {writes && (
                    <Button
                      type="text"
                      size="small"
                      icon={<IconEdit size={14} stroke={1.75} />}
                      aria-label={w.changeTeam}
                      title={w.changeTeam}
                      onClick={() => setOpen({ what: 'team' })}
                    />
                  )}
                </span>
              </Fact>
            </>
          )}
          <Fact label={file.since}>{day(c.since)}</Fact>
        </dl>
      </div>
      <Suspense>
        {open?.what === 'reach' && data && <ReachForm customerId={c.id} way={open.way} profileSeen={data} close={shut} />}
        {open?.what === 'remove' && <RemoveReach customerId={c.id} way={open.way} close={shut} />}
        {open?.what === 'address' && data && <AddressForm customerId={c.id} address={open.address} profileSeen={data} close={shut} />}
        {open?.what === 'removeAddress' && <RemoveAddress customerId={c.id} address={open.address} close={shut} />}
        {open?.what === 'team' && data && <TeamForm customerId={c.id} profileSeen={data} close={shut} />}
      </Suspense>
    </section>
  )
}

const icons = { phone: IconPhone, email: IconMail, wechat: IconMessageCircle }
const additions = (open: (what: Open) => void): MenuItem[] => [
  ...WrittenKind.options.map(kind => {
    const Icon = icons[kind]
    return {
      key: kind,
      label: { phone: w.addPhone, email: w.addEmail, wechat: w.addWechat }[kind],
      icon: <Icon size={16} stroke={1.75} />,
      onClick: () => open({ what: 'reach', way: kind }),
    }
  }),
  {
    key: 'address',
    label: w.addAddress,
    icon: <IconMapPin size={16} stroke={1.75} />,
    onClick: () => open({ what: 'address', address: null }),
  },
]

type WayProps = { customer: Customer; way: ReachedBy; version: number; full: Full | null; open: ((what: Open) => void) | null }
function Way({ customer, way, version, full, open }: WayProps) {
  const change = useAct(profile.changeReach)
  const value = full?.reached.find(one => one.id === way.id)?.value ?? way.value
  const items: MenuItem[] = [
    ...(way.main || way.kind === 'web'
      ? []
      : [
          {
            key: 'main',
            label: w.mainLong,
            onClick: () => void change.act({ id: customer.id, reachId: way.id, body: { version, main: true } }),
          },
        ]),
    { key: 'label', label: w.relabel, onClick: () => open?.({ what: 'reach', way }) },
    { key: 'remove', label: w.remove, onClick: () => open?.({ what: 'remove', way }) },
  ]
  return (
    <span className="held">
      <span className="grow">
        <span className="value">{value}</span> {way.main && way.kind !== 'web' && <MainMark />}
        {way.label && <span className="tag">{way.label}</span>}
      </span>
      {open && <More what={value} items={items} />}
    </span>
  )
}

const MainMark = () => (
  <span className="tag ac" title={w.mainHint}>
    {w.main}
  </span>
)
export const More = ({ what, items }: { what: string; items: readonly MenuItem[] }) => (
  <Menu items={items}>
    <Button className="more" type="text" size="small" icon={<IconDots size={14} />} aria-label={w.more(what)} title={w.more(what)} />
  </Menu>
)

type PlaceProps = { customerId: string; address: Address; all: readonly Address[]; version: number; open: ((what: Open) => void) | null }
function Place({ customerId, address, all, version, open }: PlaceProps) {
  const change = useAct(profile.changeAddress)
  const remove = useAct(profile.removeAddress)
  const put = useAct(profile.addAddress)
  const { id, ...parts } = address
  const line = addressLine(address)
  const takeAway = async () => {
    if (!(await remove.act({ id: customerId, addressId: id }))) return
    undoable(w.removed(line), () => void put.act({ id: customerId, body: parts }))
  }
  const makeMain = async () => {
    if (await change.act({ id: customerId, addressId: id, body: { ...parts, main: true, version } })) tell(w.saved)
  }
  return (
    <span className="held">
      <span className="grow">
        {line} {address.main && all.length > 1 && <MainMark />}
        {address.label && <span className="tag">{address.label}</span>}
        {address.postCode && (
          <span className="t3 block">
            {w.postCode} {address.postCode}
          </span>
        )}
      </span>
      {open && (
        <More
          what={line}
          items={[
            { key: 'edit', label: w.editAddress, onClick: () => open({ what: 'address', address }) },
            ...(address.main ? [] : [{ key: 'main', label: w.mainLong, onClick: () => void makeMain() }]),
            {
              key: 'remove',
              label: w.remove,
              onClick: () => (isMasked(address) ? open({ what: 'removeAddress', address }) : void takeAway()),
            },
          ]}
        />
      )}
    </span>
  )
}
