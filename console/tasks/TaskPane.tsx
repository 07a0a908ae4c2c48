import { Link } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { useRef } from 'react'
import { customers } from '#contract/customers.ts'
import { interactions } from '#contract/interactions.ts'
import { type Task, taskCan, tasks } from '#contract/tasks.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay, useMe } from '../app/me.ts'
import { call, RefusalError } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { useDraft, useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconChevronLeft, IconExternalLink } from '../kit/icons.ts'
import { Avatar, ChannelGlyph, channelWord, Kbd, Sep, SlaChip, TierTag } from '../kit/parts.tsx'
import { tell, tellRefusal } from '../kit/tell.tsx'
import { ago, full } from '../kit/time.ts'
import { undoable } from '../kit/undo.tsx'
import { useEveryone } from './people.ts'
import { taskTitle, type WinBack, winBackOf } from './rules.ts'
import '../kit/page.css'
import { w } from './words.ts'

/** One task: what it is about, who has it, and what came of it. */
export function TaskPane({ task: t, back }: { task: Task; back: (() => void) | null }) {
  const me = useMe()
  const may = useMay()
  const { options } = useEveryone()
  const assign = useAct(tasks.assign)
  const open = taskCan.finish(t)
  const mayWrite = may('task:write')
  const winback = winBackOf(t)
  const give = async (ownerId: string) => {
    const given = await assign.act({ id: t.id, body: { ownerId } })
    if (given) tell(w.assigned(given.ownerName ?? ''))
  }
  return (
    <article className="task" aria-label={taskTitle(t)}>
      <header className="col">
        {back && (
          <Button
            type="text"
            size="large"
            icon={<IconChevronLeft size={16} />}
            onClick={back}
            style={{ alignSelf: 'flex-start', marginInlineStart: -12 }}
          >
            {w.back}
          </Button>
        )}
        <div className="row wrap">
          <h1>{taskTitle(t)}</h1>
          {winback && <span className="tag ba">{w.winbackTag}</span>}
          {t.doneAt ? (
            <span className={`tag ${t.late ? 'wa' : 'ok'}`}>{t.late ? `${w.done} ${w.late}` : w.done}</span>
          ) : (
            <SlaChip due={t.dueAt} start={t.openedAt} label={w.due} />
          )}
        </div>
        <div className="t3 f12 row wrap" style={{ gap: 4 }}>
          {t.dueAt && (
            <span>
              {w.due} {full(t.dueAt)}
              <Sep />
            </span>
          )}
          <span>
            {w.openedAt} {full(t.openedAt)}
          </span>
          {t.doneAt && (
            <span>
              <Sep />
              {w.doneAt} {full(t.doneAt)}
            </span>
          )}
        </div>
      </header>

      {winback && <Rated winback={winback} text={t.text} />}
      {!winback && t.text && <p className="prose">{t.text}</p>}
      <dl className="facts onecol">
        <div>
          <dt>{w.owner}</dt>
          <dd className="row wrap">
            {open && mayWrite ? (
              <>
                <Select
                  style={{ width: 168 }}
                  showSearch={{ optionFilterProp: 'label' }}
                  aria-label={w.assign}
                  placeholder={w.nobody}
                  value={t.ownerId}
                  loading={assign.acting}
                  onChange={(id: string) => void give(id)}
                  options={options}
                />
                {me && t.ownerId !== me.user.id && <Button onClick={() => void give(me.user.id)}>{w.toMe}</Button>}
              </>
            ) : (
              (t.ownerName ?? w.nobody)
            )}
          </dd>
        </div>
        {t.customerId && <Customer id={t.customerId} name={t.customerName ?? ''} />}
        {!t.customerId && winback && (
          <div>
            <dt>{w.customer}</dt>
            <dd className="wac">{w.unknownCustomer}</dd>
          </div>
        )}
        <Matter task={t} />
      </dl>
      {winback && open && (
        <section className="todo">
          <h3>{w.whatToDo}</h3>
          <ol>
            {[w.step1, w.step2, w.step3, w.step4].map(s => (
              <li key={s}>{s}</li>
            ))}
          </ol>
        </section>
      )}
      {open ? mayWrite && <Finish task={t} /> : <Done task={t} mayWrite={mayWrite} />}
    </article>
  )
}

function Rated({ winback, text }: { winback: WinBack; text: string }) {
  const { name } = useEveryone()
  const agent = name(winback.agentId)
  return (
    <div className="note ba rated">
      <b className="f28 bac" title={w.scored(winback.score)}>
        {winback.score}
        <small className="f14"> / 5</small>
      </b>
      <div className="grow">
        <b>{w.said}</b>
        {text ? <p className="prose">{text}</p> : <p className="t2">{w.saidNothing}</p>}
        {agent && (
          <span className="t2 f12">
            {w.served} {agent}
          </span>
        )}
      </div>
    </div>
  )
}

function Customer({ id, name }: { id: string; name: string }) {
  const may = useMay()
  const { data } = useFetch(customers.one, { id }, { enabled: may('customer:read'), keep: false })
  return (
    <div>
      <dt>{w.customer}</dt>
      <dd className="row wrap">
        <Avatar name={name} />
        <Link to={`/customers/${id}`}>{name}</Link>
        {data && (
          <>
            <TierTag tier={data.tier} />
            <span className="t3">{data.phone ?? data.email}</span>
          </>
        )}
      </dd>
    </div>
  )
}

/** What the task hangs on, as far as this person may see it. */
function Matter({ task: { matter } }: { task: Task }) {
  const may = useMay()
  const { name } = useEveryone()
  const id = matter?.id ?? ''
  const contact = useFetch(
    interactions.one,
    { id },
    { enabled: matter?.noun === 'interaction' && may('interaction:read'), keep: false },
  ).data
  const ticket = useFetch(tickets.one, { id }, { enabled: matter?.noun === 'ticket' && may('ticket:read'), keep: false }).data
  if (ticket)
    return (
      <div>
        <dt>{w.ticket}</dt>
        <dd>
          <Link to={`/tickets/${ticket.id}`} className="row" style={{ gap: 4 }}>
            {ticket.number} {ticket.title} <IconExternalLink size={14} />
          </Link>
        </dd>
      </div>
    )
  if (contact)
    return (
      <div>
        <dt>{w.interaction}</dt>
        <dd className="row" style={{ alignItems: 'flex-start' }}>
          <ChannelGlyph channel={contact.channel} />
          <div>
            {contact.subject}
            <div className="t3 f12">
              {w.contactAt(channelWord(contact.channel), ago(contact.startedAt))}
              {contact.agentId && (
                <>
                  <Sep />
                  {name(contact.agentId)}
                </>
              )}
              {contact.note && (
                <>
                  <Sep />
                  {contact.note}
                </>
              )}
            </div>
          </div>
        </dd>
      </div>
    )
  return null
}

function Finish({ task: t }: { task: Task }) {
  const [result, write] = useDraft(`task.${t.id}`)
  const box = useRef<HTMLDivElement>(null)
  const finish = useAct(tasks.finish, { also: ['customers'] })
  const submit = async () => {
    if (!result.trim()) {
      box.current?.querySelector('textarea')?.focus()
      return
    }
    if (finish.acting) return
    const text = result
    if (!(await finish.act({ id: t.id, body: { result: text.trim() } }))) return
    write('')
    undoable(w.finished(taskTitle(t)), () => {
      write(text)
      void reopen(t)
    })
  }
  useHotkey('mod+enter', () => void submit())
  return (
    <section className="finish" ref={box}>
      <h3>{w.result}</h3>
      <Input.TextArea
        value={result}
        maxLength={4000}
        autoSize={{ minRows: 3, maxRows: 10 }}
        placeholder={w.resultPlaceholder}
        aria-label={w.result}
        onChange={e => write(e.target.value)}
      />
      <div className="row">
        {!result.trim() && <span className="t3 f12">{w.resultMust}</span>}
        <Button className="end" type="primary" disabled={!result.trim()} loading={finish.acting} onClick={() => void submit()}>
          {w.finish} <Kbd>{withCommand('↵')}</Kbd>
        </Button>
      </div>
    </section>
  )
}

async function reopen(t: Task) {
  try {
    await call(tasks.reopen, { id: t.id })
    tell(w.reopened(taskTitle(t)))
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    tellRefusal(error)
  }
  await Promise.all(['tasks', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
}

function Done({ task: t, mayWrite }: { task: Task; mayWrite: boolean }) {
  return (
    <div className="note ok">
      <div className="grow">
        <b>{w.result}</b>
        <p className="prose">{t.result}</p>
      </div>
      {mayWrite && (
        <Button size="small" onClick={() => void reopen(t)}>
          {w.reopen}
        </Button>
      )}
    </div>
  )
}
