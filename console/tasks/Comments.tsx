import { Button, Mentions } from 'antd'
import { useRef, useState } from 'react'
import { approvals } from '#contract/approvals.ts'
import { accounts } from '#contract/people.ts'
import { type TaskComment, taskCan, tasks } from '#contract/tasks.ts'
import { useMe } from '../app/me.ts'
import { useNames, useRested } from '../app/people.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import { submitKey, useDraft, withCommand } from '../kit/hotkeys.ts'
import { Avatar, Kbd, Sep } from '../kit/parts.tsx'
import { ago, full, useNow } from '../kit/time.ts'
import { stillMentioned } from './typed.ts'
import { w } from './words.ts'

const verbs = { task: tasks, approval: approvals }
export type Talk = { noun: keyof typeof verbs; id: string; comments: TaskComment[] }

/** What colleagues say about it; whoever is mentioned with @ is told and watches. */
export function Comments({ talk }: { talk: Talk }) {
  const name = useNames(talk.comments.map(c => c.writerId))
  const [text, write] = useDraft(`${talk.noun}.${talk.id}.comment`)
  const { act, acting } = useAct(verbs[talk.noun].comment)
  const picked = useRef(new Map<string, string>())
  const send = async () => {
    if (!text.trim() || acting) return
    const body = { text: text.trim(), mentionIds: stillMentioned(text, picked.current) }
    if (await act({ id: talk.id, body })) write('')
  }
  return (
    <section aria-label={w.comments}>
      <h3>{w.comments}</h3>
      <ul className="comments">
        {talk.comments.map(c => (
          <One key={c.id} talk={talk} comment={c} name={name(c.writerId)} />
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the key that sends belongs to the field within */}
      <div className="saying" onKeyDownCapture={submitKey(() => void send())}>
        <Saying text={text} write={write} picked={picked.current} />
        <Button disabled={!text.trim()} loading={acting} onClick={() => void send()}>
          {w.send} {text.trim() && <Kbd>{withCommand('Enter')}</Kbd>}
        </Button>
      </div>
    </section>
  )
}

/** Words in which a colleague is picked after an @. */
function Saying({ text, write, picked }: { text: string; write: (text: string) => void; picked: Map<string, string> }) {
  const [sought, setSought] = useState<string | null>(null)
  const q = useRested(sought ?? '')
  const found = useFetch(accounts.people, { query: { ...(q ? { q } : {}), size: 8 } }, { enabled: sought !== null, staleTime: 60_000 })
  const rows = found.data?.rows ?? []
  // Two of one name are told apart by their logins.
  const offered = rows.map(p => ({
    id: p.id,
    called: rows.some(other => other.id !== p.id && other.name === p.name) ? `${p.name}(${p.login})` : p.name,
  }))
  return (
    <Mentions
      value={text}
      maxLength={4000}
      autoSize={{ minRows: 1, maxRows: 8 }}
      placeholder={w.comment}
      aria-label={w.comment}
      filterOption={false}
      loading={found.isFetching}
      onSearch={setSought}
      onChange={write}
      onSelect={option => {
        const person = offered.find(p => p.called === option.value)
        if (person) picked.set(person.id, person.called)
      }}
      options={offered.map(p => ({ value: p.called, label: p.called }))}
    />
  )
}

function One({ talk, comment: c, name }: { talk: Talk; comment: TaskComment; name: string }) {
  const me = useMe()
  const now = useNow(15_000)
  const [text, setText] = useState<string | null>(null)
  const named = useNames(c.mentionIds)
  const picked = useRef(new Map<string, string>())
  const change = useAct(verbs[talk.noun].changeComment)
  const withdraw = useAct(verbs[talk.noun].withdrawComment)
  const mine = taskCan.changeComment(c, me?.user.id ?? null, new Date(now))
  const save = async () => {
    if (!text?.trim()) return
    const all = new Map([...c.mentionIds.map(id => [id, named(id)] as const), ...picked.current])
    if (await change.act({ id: talk.id, commentId: c.id, body: { text: text.trim(), mentionIds: stillMentioned(text, all) } }))
      setText(null)
  }
  return (
    <li>
      <Avatar name={name || '?'} />
      <div className="grow">
        <div className="row f12 t3">
          <b className="m5 t1">{name}</b>
          <time dateTime={c.writtenAt.toISOString()} title={full(c.writtenAt)}>
            {ago(c.writtenAt)}
          </time>
          {c.changedAt && !c.withdrawnAt && (
            <>
              <Sep />
              {w.changed}
            </>
          )}
          {mine && text === null && (
            <span className="end row">
              <button type="button" className="link" onClick={() => setText(c.text)}>
                {w.change}
              </button>
              <button type="button" className="link" onClick={() => void withdraw.act({ id: talk.id, commentId: c.id })}>
                {w.withdraw}
              </button>
            </span>
          )}
        </div>
        {c.withdrawnAt ? (
          <p className="t3">{w.withdrawn}</p>
        ) : text === null ? (
          <p className="prose">{c.text}</p>
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: the key that saves belongs to the field within
          <div className="saying" onKeyDownCapture={submitKey(() => void save())}>
            <Saying text={text} write={setText} picked={picked.current} />
            <Button size="small" onClick={() => setText(null)}>
              {w.cancel}
            </Button>
            <Button size="small" type="primary" loading={change.acting} onClick={() => void save()}>
              {w.save}
            </Button>
          </div>
        )}
      </div>
    </li>
  )
}
