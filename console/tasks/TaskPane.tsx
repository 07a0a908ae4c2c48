import { Link } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { lazy, Suspense, useRef, useState } from 'react'
import { customers } from '#contract/customers.ts'
import { type Task, type TaskWhole, taskCan, tasks } from '#contract/tasks.ts'
import { useMay, useMe } from '../app/me.ts'
import { PersonSelect, useNames } from '../app/people.tsx'
import { call, RefusalError } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { useDraft, useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconEdit, IconEye, IconX } from '../kit/icons.ts'
import { Avatar, Kbd, Sep, SlaChip, TierTag } from '../kit/parts.tsx'
import { tell, tellRefusal } from '../kit/tell.tsx'
import { clockTime, full } from '../kit/time.ts'
import { undoable } from '../kit/undo.tsx'
import { Back } from './Back.tsx'
import { Checklist } from './Checklist.tsx'
import { Comments } from './Comments.tsx'
import { Course } from './Course.tsx'
import { EvidenceOfTask } from './EvidenceList.tsx'
import { MatterLink, nounWord } from './MatterLink.tsx'
import { taskTitle, type WinBack, winBackOf } from './rules.ts'
import '../kit/page.css'
import { CallOfContact } from '../voice/records/CallParts.tsx'
import { w } from './words.ts'

const ChangeTask = lazy(() => import('./ChangeTask.tsx'))

/** One task: what it is about, who has it, and what came of it. */
export function TaskPane({ task: t, back }: { task: TaskWhole; back: (() => void) | null }) {
  const me = useMe()
  const may = useMay()
  const assign = useAct(tasks.assign, { also: ['work'] })
  const watch = useAct(tasks.watch, { also: ['work'] })
  const [changing, setChanging] = useState(false)
  const open = taskCan.finish(t)
  const mayWrite = may('task:write')
  const winback = winBackOf(t)
  const watching = me !== undefined && t.watcherIds.includes(me.user.id)
  useHotkey('e', () => setChanging(true), open && mayWrite && !changing)
  const give = async (ownerId: string) => {
    const given = await assign.act({ id: t.id, body: { ownerId } })
    if (given) tell(w.assigned(given.ownerName ?? ''))
  }
  return (
    <article className="task" aria-label={taskTitle(t)}>
      <header className="col">
        <Back go={back} />
        <div className="row wrap">
          <h1>{taskTitle(t)}</h1>
          {winback && <span className="tag ba">{w.winbackTag}</span>}
          {t.doneAt ? (
            <span className={`tag ${t.late ? 'wa' : 'ok'}`}>{t.late ? `${w.done} ${w.late}` : w.done}</span>
          ) : (
            <SlaChip due={t.dueAt} start={t.openedAt} label={w.due} />
          )}
          <span className="end row">
            {open && mayWrite && (
              <Button size="small" icon={<IconEdit size={14} />} onClick={() => setChanging(true)}>
                {w.change} <Kbd>E</Kbd>
              </Button>
            )}
            {me && (
              <Button
                size="small"
                icon={<IconEye size={14} />}
                aria-pressed={watching}
                loading={watch.acting}
                onClick={() => void watch.act({ id: t.id, body: { on: !watching } })}
              >
                {watching ? w.watchNot : w.watchIt}
              </Button>
            )}
          </span>
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
                <PersonSelect
                  width={168}
                  allowClear={false}
                  aria-label={w.assign}
                  placeholder={w.nobody}
                  value={t.ownerId}
                  disabled={assign.acting}
                  onChange={id => id && void give(id)}
                />
                {me && t.ownerId !== me.user.id && <Button onClick={() => void give(me.user.id)}>{w.toMe}</Button>}
              </>
            ) : (
              (t.ownerName ?? w.nobody)
            )}
            {t.away && <span className="tag wa">{w.awayUntil(clockTime(t.away.until))}</span>}
          </dd>
        </div>
        <People task={t} mayWrite={mayWrite && open} />
        {t.customerId && <Customer id={t.customerId} name={t.customerName ?? ''} />}
        {!t.customerId && winback && (
          <div>
            <dt>{w.customer}</dt>
            <dd className="wac">{w.unknownCustomer}</dd>
          </div>
        )}
        {t.matter && (
          <div>
            <dt>{nounWord(t.matter.noun)}</dt>
            <dd>
              <MatterLink matter={t.matter} />
            </dd>
          </div>
        )}
      </dl>
      {t.kind === 'voicemail' && t.matter?.noun === 'interaction' && <CallOfContact id={t.matter.id} />}
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
      <Checklist task={t} mayWrite={mayWrite} />
      {open ? mayWrite && <Finish task={t} /> : <Done task={t} mayWrite={mayWrite} />}
      <EvidenceOfTask task={t} mayWrite={mayWrite} />
      <Comments talk={{ noun: 'task', id: t.id, comments: t.comments }} />
      <Course taskId={t.id} />
      <Suspense>{changing && <ChangeTask task={t} close={() => setChanging(false)} />}</Suspense>
    </article>
  )
}

function Rated({ winback, text }: { winback: WinBack; text: string }) {
  const agent = useNames([winback.agentId])(winback.agentId)
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

/** Who stands in, and who watches. */
function People({ task: t, mayWrite }: { task: TaskWhole; mayWrite: boolean }) {
  const set = useAct(tasks.setWatchers, { also: ['work'] })
  const deputyId = t.deputyId ?? t.away?.deputyId ?? null
  const name = useNames([deputyId, ...t.watcherIds])
  return (
    <>
      {deputyId && (
        <div>
          <dt>{w.deputy}</dt>
          <dd>{name(deputyId)}</dd>
        </div>
      )}
      {(t.watcherIds.length > 0 || mayWrite) && (
        <div>
          <dt>{w.watchers}</dt>
          <dd className="row wrap">
            {t.watcherIds.map(id => (
              <span key={id} className="tag">
                {name(id)}
                {mayWrite && (
                  <button
                    type="button"
                    aria-label={`${w.removeItem} ${name(id)}`}
                    onClick={() => void set.act({ id: t.id, body: { personIds: t.watcherIds.filter(p => p !== id) } })}
                  >
                    <IconX size={12} />
                  </button>
                )}
              </span>
            ))}
            {mayWrite && (
              <PersonSelect
                size="small"
                width={112}
                aria-label={w.watchers}
                placeholder={w.watchers}
                value={null}
                onChange={id => id && void set.act({ id: t.id, body: { personIds: [...t.watcherIds, id] } })}
              />
            )}
          </dd>
        </div>
      )}
    </>
  )
}

function Finish({ task: t }: { task: Task }) {
  const [result, write] = useDraft(`task.${t.id}`)
  const box = useRef<HTMLDivElement>(null)
  const finish = useAct(tasks.finish, { also: ['customers', 'work'] })
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
          {w.finish} <Kbd>{withCommand('Enter')}</Kbd>
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
  await Promise.all(['tasks', 'work', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
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
