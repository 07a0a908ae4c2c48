import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { memo } from 'react'
import type { Message } from '#contract/messaging.ts'
import { IconCheck, IconChecks, IconFile, IconLock, IconTicket } from '../kit/icons.ts'
import { Avatar } from '../kit/parts.tsx'
import { hour } from '../kit/time.ts'
import { refusalText } from '../kit/words.ts'
import { sizeText } from './attach.ts'
import { noticeText, ticketCard } from './notices.ts'
import { discard, type Outgoing, retry } from './outbox.ts'
import { w } from './words.ts'

type Props = {
  message: Message
  customer: string
  mine: boolean
  read: boolean
  follows: boolean /** It was looked for. */
  sought?: boolean
}

/** One message. `follows`: the same person wrote the one before, moments ago. */
export const Bubble = memo(function Bubble({ message: m, customer, mine, read, follows, sought = false }: Props) {
  if (m.kind === 'notice')
    return (
      <li className="sys">
        <span>
          {hour(m.sentAt)} {noticeText(m)}
        </span>
      </li>
    )
  if (m.kind === 'note') return <Note message={m} sought={sought} />
  if (m.kind === 'card') return <Card message={m} />
  // Words from before it was known who this is bear the name that is known now.
  const name = (m.author === 'customer' && customer) || m.authorName || w.visitor
  return (
    <li className={`msg ${mine ? 'me' : ''} ${follows ? 'follows' : ''} ${sought ? 'sought' : ''}`}>
      <Avatar name={name} />
      <div className="utter">
        {!follows && (
          <div className="meta">
            {name} <time dateTime={m.sentAt.toISOString()}>{hour(m.sentAt)}</time>
          </div>
        )}
        <div className="bub" title={follows ? hour(m.sentAt) : ''}>
          {m.file && <File file={m.file} />}
          {m.text && <div className="words">{m.text}</div>}
        </div>
        {mine && (
          <span className="mark" title={read ? w.read : w.sent} role="img" aria-label={read ? w.read : w.sent}>
            {read ? <IconChecks size={14} /> : <IconCheck size={14} />}
          </span>
        )}
      </div>
    </li>
  )
})

function File({ file }: { file: NonNullable<Message['file']> }) {
  if (file.type.startsWith('image/')) {
    const width = Math.min(280, file.width ?? 280)
    return (
      <a className="picture" href={file.url} target="_blank" rel="noreferrer">
        <img
          src={file.url}
          alt={file.name}
          loading="lazy"
          width={width}
          height={file.width && file.height ? Math.round((width * file.height) / file.width) : undefined}
        />
      </a>
    )
  }
  return (
    <a className="file" href={file.url} target="_blank" rel="noreferrer" download={file.name}>
      <IconFile size={20} stroke={1.75} />
      <span className="grow">
        <span className="cut m5">{file.name}</span>
        <span className="t3 f12">{sizeText(file.size)}</span>
      </span>
    </a>
  )
}

function Note({ message: m, sought }: { message: Message; sought: boolean }) {
  return (
    <li className={`inote ${sought ? 'sought' : ''}`}>
      <IconLock size={16} stroke={1.75} />
      <div className="grow">
        <div className="row f12">
          <b className="m6">{w.internal}</b>
          <span className="t3">
            {m.authorName} {hour(m.sentAt)}
          </span>
        </div>
        {m.code && <div>{noticeText(m)}</div>}
        {m.file && <File file={m.file} />}
        {m.text && <div className="words">{m.text}</div>}
      </div>
    </li>
  )
}

function Card({ message: m }: { message: Message }) {
  const card = ticketCard(m)
  if (!card)
    return (
      <li className="sys">
        <span>
          {hour(m.sentAt)} {m.text}
        </span>
      </li>
    )
  return (
    <li className="tcard">
      <span className="glyph ac">
        <IconTicket size={14} stroke={1.75} />
      </span>
      <div className="grow">
        <div className="row f12">
          <b className="m6">{card.title}</b>
          <span className="t3 cut">{card.number}</span>
          <span className="t3 end">{hour(m.sentAt)}</span>
        </div>
        {card.text && <div className="words f12 t2">{card.text}</div>}
      </div>
      <Link to="/tickets/$id" params={{ id: card.ticketId } as never}>
        <Button size="small">{w.viewTicket}</Button>
      </Link>
    </li>
  )
}

/** Written here and not yet acknowledged: it never vanishes without a word. */
export function Pending({ out, waits, me }: { out: Outgoing; waits: boolean; me: string }) {
  const refused = out.refused
  return (
    <li className={out.note ? 'inote pending' : 'msg me pending'}>
      {out.note ? <IconLock size={16} /> : <Avatar name={me} />}
      <div className={out.note ? 'grow' : 'utter'}>
        <div className={out.note ? '' : 'bub'}>
          {out.file && <File file={out.file} />}
          {out.text && <div className="words">{out.text}</div>}
        </div>
        <div className={`state12 ${refused ? 'bac' : 't3'}`} role={refused ? 'alert' : 'status'}>
          {refused ? (
            <>
              {w.notSent}：{refusalText(refused.code, refused.facts)}{' '}
              <button type="button" onClick={() => retry(out.clientId)}>
                {w.retry}
              </button>
              <button type="button" onClick={() => discard(out.clientId)}>
                {w.discard}
              </button>
            </>
          ) : waits ? (
            w.waitsForLine
          ) : (
            w.sending
          )}
        </div>
      </div>
    </li>
  )
}
