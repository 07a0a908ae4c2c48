import { Button, Input, Segmented } from 'antd'
import { type ComponentType, useRef, useState } from 'react'
import { type Ticket, type TicketEntry, tickets } from '#contract/tickets.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { useDraft, useHotkey, withCommand } from '../kit/hotkeys.ts'
import {
  IconArrowBackUp,
  IconCheck,
  IconCircleCheck,
  IconEdit,
  IconLock,
  IconMessageCircle,
  IconNote,
  IconPlayerPause,
  IconPlayerPlay,
  IconRotateClockwise,
  IconSpeakerphone,
  IconTicket,
  IconTruck,
} from '../kit/icons.ts'
import { Empty, Failure, Kbd, Timeline, Waiting } from '../kit/parts.tsx'
import { useDepartments } from './lookups.ts'
import { entryWord, w } from './words.ts'

const glyphs: Record<TicketEntry['kind'], { icon: ComponentType<{ size?: number; stroke?: number }>; tone: string }> = {
  opened: { icon: IconTicket, tone: 'ac' },
  dispatched: { icon: IconTruck, tone: 'ac' },
  taken: { icon: IconCheck, tone: 'ac' },
  waiting: { icon: IconPlayerPause, tone: '' },
  resumed: { icon: IconPlayerPlay, tone: 'ac' },
  returned: { icon: IconArrowBackUp, tone: 'ba' },
  resolved: { icon: IconCircleCheck, tone: 'ok' },
  closed: { icon: IconLock, tone: 'ok' },
  reopened: { icon: IconRotateClockwise, tone: 'wa' },
  comment: { icon: IconNote, tone: 'wa' },
  reply: { icon: IconMessageCircle, tone: 'chat' },
  urged: { icon: IconSpeakerphone, tone: 'wa' },
  changed: { icon: IconEdit, tone: '' },
}
const sieves = { all: () => true, public: (e: TicketEntry) => e.public, internal: (e: TicketEntry) => !e.public } as const
type Sieve = keyof typeof sieves
const sieveWord = { all: () => w.courseAll, public: () => w.coursePublic, internal: () => w.courseInternal }

/** Everything that happened, newest first, and the place to write on. */
export function Course({ ticket }: { ticket: Ticket }) {
  const entries = useFetch(tickets.entries, { id: ticket.id })
  const departments = useDepartments()
  const [sieve, setSieve] = useState<Sieve>('all')
  const all = entries.data ?? []
  const shown = all.filter(sieves[sieve])
  return (
    <section className="card course" aria-label={w.course}>
      <header role="tablist">
        {(['all', 'public', 'internal'] as const).map(s => (
          <button key={s} type="button" role="tab" className="tab" aria-selected={s === sieve} onClick={() => setSieve(s)}>
            {sieveWord[s]()} {s !== 'all' && all.length > 0 && <span className="t3">{all.filter(sieves[s]).length}</span>}
          </button>
        ))}
      </header>
      <Composer ticket={ticket} />
      <div className="body">
        {entries.error && <Failure error={entries.error} retry={() => void entries.refetch()} readAt={entries.dataUpdatedAt} />}
        {entries.isPending ? (
          <Waiting rows={5} />
        ) : shown.length === 0 ? (
          <Empty title={w.noCourse} />
        ) : (
          <Timeline
            items={shown.map(e => {
              const { icon: Icon, tone } = glyphs[e.kind === 'comment' && e.public ? 'reply' : e.kind]
              return {
                key: e.id,
                at: e.at,
                glyph: (
                  <span className={`glyph ${tone}`}>
                    <Icon size={14} stroke={1.75} />
                  </span>
                ),
                title: (
                  <>
                    {e.actorName ? `${e.byRule ? w.byRule(e.actorName) : e.actorName} ` : ''}
                    {entryWord(e)}
                    {e.kind === 'dispatched' && e.departmentId ? ` ${departments.name(e.departmentId)}` : ''}
                    {e.public && e.text !== '' && <span className="tag seen">{w.seenByCustomer}</span>}
                  </>
                ),
                detail: e.text ? <p className="prose">{e.text}</p> : undefined,
              }
            })}
          />
        )}
      </div>
    </section>
  )
}

function Composer({ ticket }: { ticket: Ticket }) {
  const [to, setTo] = useState<'public' | 'internal'>('internal')
  const [text, write] = useDraft(`ticket.${ticket.id}.${to}`)
  const { act, acting } = useAct(tickets.comment)
  const box = useRef<HTMLDivElement>(null)
  useHotkey('n', () => box.current?.querySelector('textarea')?.focus())
  const send = async () => {
    if (!text.trim() || acting) return
    if (await act({ id: ticket.id, body: { text: text.trim(), public: to === 'public' } })) write('')
  }
  return (
    <div className={`composer-of-ticket ${to}`} ref={box}>
      <Segmented<'public' | 'internal'>
        value={to}
        onChange={setTo}
        options={[
          { value: 'internal', label: w.comment },
          { value: 'public', label: w.reply },
        ]}
      />
      <Input.TextArea
        value={text}
        maxLength={4000}
        autoSize={{ minRows: 1, maxRows: 8 }}
        placeholder={to === 'public' ? w.replyPlaceholder : w.commentPlaceholder}
        aria-label={to === 'public' ? w.reply : w.comment}
        onChange={e => write(e.target.value)}
        onKeyDown={e => {
          if (e.key === 'Enter' && (e.metaKey || e.ctrlKey)) {
            e.preventDefault()
            void send()
          }
          if (e.key === 'Escape') e.currentTarget.blur()
        }}
      />
      <Button type={text.trim() ? 'primary' : 'default'} disabled={!text.trim()} loading={acting} onClick={() => void send()}>
        {w.send} {text.trim() ? <Kbd>{withCommand('Enter')}</Kbd> : <Kbd>N</Kbd>}
      </Button>
      <span className="t3 f12 hint">{to === 'public' ? w.replyHint : w.commentHint}</span>
    </div>
  )
}
