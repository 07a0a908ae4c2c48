import { Button, Input } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { customers } from '#contract/customers.ts'
import { conversations } from '#contract/messaging.ts'
import { useMay, useMe } from '../app/me.ts'
import { AlikeFiles, useAlike } from '../customers/duplicates/Alike.tsx'
import { AloneMark, FoundLine, FoundName, useFound } from '../customers/finding/Found.tsx'
// What the server may refuse about a customer.
import '../customers/words.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { IconUserPlus, IconUserSearch } from '../kit/icons.ts'
import { newSending } from '../kit/ids.ts'
import { Avatar, Failure, TierTag } from '../kit/parts.tsx'
import { type Talk, useIdentify } from './talk.ts'
import { w } from './words.ts'

const isMasked = (text: string | null | undefined) => text?.includes('***') === true
/** A masked telephone is found by its end, a masked e-mail not at all. Whoever joins the talk to a customer brings both in full. */
const soughtBy = (text: string) => (!isMasked(text) ? text : text.includes('@') ? null : text.slice(-4))

/** Finds out who this is: search and confirm, or a new customer. */
export default function Identify({ talk: c, cancel }: { talk: Talk; cancel?: () => void }) {
  const may = useMay()
  const [seek, setSeek] = useState('')
  const [at, setAt] = useState(0)
  const [adding, setAdding] = useState(false)
  const q = seek.trim()
  const { rows, answered, error, refetch } = useFound(seek, 8)
  const { identify, acting } = useIdentify(c)
  // Who was found for fewer letters is shown until the answer is there, and is not to be chosen by a key meant for it.
  const found = rows.filter(r => r.id !== c.customerId)
  const me = useMe()
  const mine =
    c.kind === 'conversation' && c.customerId === null && me !== undefined && c.agentId === me.user.id && may('conversation:write')
  const given = useFetch(conversations.given, { id: c.id }, { enabled: mine, staleTime: 60_000, keep: false }).data
  const join = async (customerId: string) => {
    if (await identify(customerId)) cancel?.()
  }
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setAt(Math.max(0, Math.min(found.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))))
    }
    const chosen = found[at]
    if (event.key === 'Enter' && chosen && answered && !acting) void join(chosen.id)
    if (event.key === 'Escape') cancel?.()
  }
  if (adding)
    return (
      <Add
        c={c}
        name={/\d/.test(seek) ? '' : seek.trim()}
        phone={/^[+\d][\d -]{5,}$/.test(seek.trim()) ? seek.trim() : isMasked(given?.phone) ? '' : (given?.phone ?? '')}
        join={join}
        back={() => setAdding(false)}
      />
    )
  return (
    <>
      <div className="sech">
        <IconUserSearch size={16} stroke={1.75} />
        {c.customerId ? w.other : w.anonymous}
        {!c.customerId && c.customerName && <span className="t3 f12">{c.customerName}</span>}
        {cancel && (
          <Button className="end" size="small" type="text" onClick={cancel}>
            {w.cancel}
          </Button>
        )}
      </div>
      <p className="t3 f12" style={{ marginBottom: 8 }}>
        {w.anonymousHint}
      </p>
      {(given?.phone || given?.email) && (
        <p className="f12 row wrap" style={{ marginBottom: 8 }}>
          <span className="t3">{w.typed}</span>
          {[given.phone, given.email].map(text => {
            const sought = text && soughtBy(text)
            return sought ? (
              <button
                key={text}
                type="button"
                className="linkish"
                title={w.seekIt}
                onClick={() => {
                  setSeek(sought)
                  setAt(0)
                }}
              >
                {text}
              </button>
            ) : (
              text && <span key={text}>{text}</span>
            )
          })}
        </p>
      )}
      <Input
        allowClear
        autoFocus={cancel !== undefined}
        value={seek}
        placeholder={w.seek}
        aria-label={w.seek}
        onChange={event => {
          setSeek(event.target.value)
          setAt(0)
        }}
        onKeyDown={key}
      />
      {error && (
        <div style={{ marginTop: 8 }}>
          <Failure
            error={error}
            retry={() => {
              void refetch()
            }}
          />
        </div>
      )}
      {found.length > 0 && (
        <div className="found" role="listbox" aria-label={w.who}>
          {found.map((r, n) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the arrows of the field above choose
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field above
            <div
              key={r.id}
              role="option"
              aria-selected={n === at}
              onClick={() => {
                void join(r.id)
              }}
            >
              <Avatar name={r.name} />
              <span className="grow">
                <span className="row">
                  <b className="m5 cut">
                    <FoundName of={r} />
                  </b>
                  <TierTag tier={r.tier} />
                  <AloneMark of={r} />
                </span>
                <span className="t3 f12 cut" style={{ display: 'block' }}>
                  <FoundLine of={r} />
                </span>
              </span>
              <span className="ac f12">{w.join}</span>
            </div>
          ))}
        </div>
      )}
      {answered && q !== '' && found.length === 0 && (
        <p className="t3 f12" style={{ marginTop: 8 }}>
          {w.nobody}
        </p>
      )}
      {may('customer:write') && (
        <Button size="small" style={{ marginTop: 8 }} icon={<IconUserPlus size={14} stroke={1.75} />} onClick={() => setAdding(true)}>
          {w.add}
        </Button>
      )}
    </>
  )
}

function Add({
  c,
  name: firstName,
  phone: firstPhone,
  join,
  back,
}: {
  c: Talk
  name: string
  phone: string
  join: (id: string) => Promise<void>
  back: () => void
}) {
  const [name, setName] = useState(firstName || c.customerName)
  const [phone, setPhone] = useState(firstPhone)
  const [district, setDistrict] = useState('')
  const [address, setAddress] = useState('')
  const isBadPhone = (error: { code: string } | null) => error?.code === 'customer.phone_invalid'
  const { act, acting, refused, reset } = useAct(customers.add, { caught: isBadPhone })
  const badPhone = isBadPhone(refused) ? refused : null
  const [idFor] = useState(newSending)
  const { byNumber, byPlace } = useAlike({ name, phone, address })
  const add = async () => {
    const body = { name: name.trim(), phone: phone.trim() || null, district: district.trim(), address: address.trim() }
    const added = await act({ body: { ...body, clientId: idFor(body) } })
    if (added) await join(added.id)
  }
  return (
    <form
      className="col"
      onSubmit={event => {
        event.preventDefault()
        if (name.trim() && !acting) void add()
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') back()
      }}
    >
      <div className="sech" style={{ marginBottom: 0 }}>
        <IconUserPlus size={16} stroke={1.75} />
        {w.add}
      </div>
      <Input
        autoFocus
        value={name}
        maxLength={80}
        placeholder={w.name}
        aria-label={w.name}
        onChange={event => setName(event.target.value)}
      />
      <Input
        value={phone}
        maxLength={40}
        placeholder={w.phone}
        aria-label={w.phone}
        inputMode="tel"
        {...(badPhone ? { status: 'error' as const, 'aria-invalid': true } : {})}
        onChange={event => {
          setPhone(event.target.value)
          if (badPhone) reset()
        }}
      />
      {badPhone && (
        <span role="alert" className="bac f12">
          {badPhone.message}
        </span>
      )}
      <div className="row">
        <Input
          value={district}
          maxLength={60}
          placeholder={w.district}
          aria-label={w.district}
          style={{ width: 110, flex: 'none' }}
          onChange={event => setDistrict(event.target.value)}
        />
        <Input
          value={address}
          maxLength={200}
          placeholder={w.address}
          aria-label={w.address}
          onChange={event => setAddress(event.target.value)}
        />
      </div>
      <AlikeFiles
        files={[...byNumber, ...byPlace]}
        act={file => (
          <Button size="small" disabled={acting} onClick={() => void join(file.id)}>
            {w.join}
          </Button>
        )}
      />
      <div className="row">
        <Button type="primary" size="small" htmlType="submit" disabled={!name.trim()} loading={acting}>
          {w.addAndJoin}
        </Button>
        <Button size="small" onClick={back}>
          {w.cancel}
        </Button>
      </div>
    </form>
  )
}
