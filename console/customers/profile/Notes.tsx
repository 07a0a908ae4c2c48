import { Button, Input } from 'antd'
import { useState } from 'react'
import type { Customer } from '#contract/customers.ts'
import { type CustomerNote, noteCan, profile } from '#contract/profile.ts'
import { useMay, useMe } from '../../app/me.ts'
import { useNames } from '../../app/people.tsx'
import { call, RefusalError } from '../../kit/call.ts'
import { queryClient, useAct } from '../../kit/data.ts'
import { submitKey, useDraft, withCommand } from '../../kit/hotkeys.ts'
import { IconBookmark } from '../../kit/icons.ts'
import { newSending } from '../../kit/ids.ts'
import { Failure, Kbd, Sep, Waiting } from '../../kit/parts.tsx'
import { ago, full } from '../../kit/time.ts'
import { undoable } from '../../kit/undo.tsx'
import { More } from './ProfileCard.tsx'
import { useNotes } from './useOlder.ts'
import { w } from './words.ts'

/** What people wrote down of this customer: pinned ones first. */
export function Notes({ customer }: { customer: Customer }) {
  const may = useMay()
  const notes = useNotes(customer.id)
  const writes = may('customer:write')
  const name = useNames(notes.rows.map(note => note.writerId))
  if (!writes && notes.rows.length === 0 && !customer.note && !notes.error) return null
  return (
    <section className="card" aria-label={w.notes}>
      <header>
        <h3>{w.notes}</h3>
        {notes.rows.length > 0 && <span className="badge n">{notes.rows.length}</span>}
      </header>
      <div className="body col notes">
        {notes.error && <Failure error={notes.error} retry={notes.refetch} />}
        {notes.first && <Waiting rows={2} />}
        {writes && <Write customerId={customer.id} />}
        {customer.note && (
          <div>
            <span className="t3 f12">{w.ofFile}</span>
            <p className="prose">{customer.note}</p>
          </div>
        )}
        <ul className="col">
          {notes.rows.map(note => (
            <One key={note.id} customerId={customer.id} note={note} writer={name(note.writerId)} writes={writes} />
          ))}
        </ul>
        {notes.older && (
          <Button size="small" onClick={notes.older}>
            {w.moreNotes}
          </Button>
        )}
      </div>
    </section>
  )
}

function Write({ customerId }: { customerId: string }) {
  const [text, write] = useDraft(`customer.${customerId}.note`)
  const { act, acting } = useAct(profile.write)
  const [idFor, renew] = useState(newSending)
  const send = async () => {
    if (!text.trim() || acting) return
    const body = { text: text.trim() }
    if (!(await act({ id: customerId, body: { ...body, clientId: idFor(body) } }))) return
    write('')
    renew(newSending)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key that saves belongs to the field within
    <div className="col" style={{ gap: 6 }} onKeyDownCapture={submitKey(() => void send())}>
      <Input.TextArea
        value={text}
        maxLength={4000}
        autoSize={{ minRows: 1, maxRows: 8 }}
        placeholder={w.writeNote}
        aria-label={w.writeNote}
        onChange={e => write(e.target.value)}
      />
      {text.trim() && (
        <Button size="small" className="end" loading={acting} onClick={() => void send()}>
          {w.send} <Kbd>{withCommand('Enter')}</Kbd>
        </Button>
      )}
    </div>
  )
}

type Props = { customerId: string; note: CustomerNote; writer: string; writes: boolean }
function One({ customerId: id, note, writer, writes }: Props) {
  const me = useMe()
  const [editing, setEditing] = useState(false)
  const rewrite = useAct(profile.rewrite)
  const put = useAct(profile.removeNote)
  const person = me?.user.id ?? null
  const all = me?.permissions['customer:write'] === 'all'
  const remove = async () => {
    if (await put.act({ id, noteId: note.id, body: { removed: true } }))
      undoable(w.noteRemoved, () => void put.act({ id, noteId: note.id, body: { removed: false } }))
  }
  const pin = () => void rewrite.act({ id, noteId: note.id, body: { version: note.version, pinned: !note.pinned } })
  return (
    <li>
      <div className="held">
        <span className="grow t3 f12 row wrap" style={{ gap: '0 6px' }}>
          {note.pinned && <IconBookmark size={14} className="acc" aria-label={w.pinned} />}
          <span className="m5 t2">{writer}</span>
          <time dateTime={note.writtenAt.toISOString()} title={full(note.writtenAt)}>
            {ago(note.writtenAt)}
          </time>
          {note.changedAt && (
            <span title={full(note.changedAt)}>
              <Sep /> {w.changed}
            </span>
          )}
        </span>
        {writes && (
          <More
            what={w.notes}
            items={[
              { key: 'pin', label: note.pinned ? w.unpin : w.pin, onClick: pin },
              ...(noteCan.change(note, person) ? [{ key: 'change', label: w.change, onClick: () => setEditing(true) }] : []),
              ...(noteCan.remove(note, person, all) ? [{ key: 'remove', label: w.remove, onClick: () => void remove() }] : []),
            ]}
          />
        )}
      </div>
      {editing ? <Rewrite customerId={id} note={note} close={() => setEditing(false)} /> : <p className="prose">{note.text}</p>}
    </li>
  )
}

/** The note as it was when the writing began; what was saved elsewhere since is shown beside what stands here. */
function Rewrite({ customerId: id, note, close }: { customerId: string; note: CustomerNote; close: () => void }) {
  const [base, setBase] = useState(note)
  const [text, setText] = useState(note.text)
  const [theirs, setTheirs] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const [refused, setRefused] = useState<RefusalError | null>(null)
  const send = (version: number) => call(profile.rewrite, { id, noteId: note.id, body: { version, text: text.trim() } })
  /** True when it is said. */
  const said = async (): Promise<boolean> => {
    try {
      await send(base.version)
      return true
    } catch (error) {
      if (!(error instanceof RefusalError) || error.code !== 'customer.note_changed') throw error
      const latest = (await call(profile.notes, { id, query: { size: 200 } })).rows.find(one => one.id === note.id)
      if (!latest) throw error
      setBase(latest)
      if (latest.text !== base.text) {
        setTheirs(latest.text)
        return false
      }
      // Only pinned by somebody meanwhile: nobody's words are lost.
      await send(latest.version)
      return true
    }
  }
  const save = async () => {
    if (!text.trim() || saving) return
    setSaving(true)
    setRefused(null)
    try {
      if (await said()) close()
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      setRefused(error)
    } finally {
      setSaving(false)
      void queryClient.invalidateQueries({ queryKey: ['customers'] })
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key that saves belongs to the field within
    <div className="col" style={{ gap: 6 }} onKeyDownCapture={submitKey(() => void save())}>
      <Input.TextArea
        autoFocus
        value={text}
        maxLength={4000}
        autoSize={{ minRows: 2, maxRows: 12 }}
        aria-label={w.change}
        onChange={e => setText(e.target.value)}
      />
      {refused && <Failure error={refused} />}
      {theirs !== null && (
        <div className="note wa" role="alert">
          <div className="grow col" style={{ gap: 4 }}>
            <b>{w.theirs}</b>
            <p className="prose">{theirs}</p>
            <div className="row wrap">
              <Button size="small" onClick={close}>
                {w.takeTheirs}
              </Button>
              <Button size="small" onClick={() => void save()}>
                {w.keepMine}
              </Button>
            </div>
          </div>
        </div>
      )}
      {theirs === null && (
        <div className="row">
          <Button size="small" className="end" onClick={close}>
            {w.cancel}
          </Button>
          <Button size="small" type="primary" loading={saving} onClick={() => void save()}>
            {w.send} <Kbd>{withCommand('Enter')}</Kbd>
          </Button>
        </div>
      )}
    </div>
  )
}
