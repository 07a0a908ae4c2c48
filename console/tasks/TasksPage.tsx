import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type Task, tasks } from '#contract/tasks.ts'
import { useCommands } from '../app/commands.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useFetch, useListing } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconClipboardCheck, IconMoodSmile, IconPlus } from '../kit/icons.ts'
import { ListBar } from '../kit/ListParts.tsx'
import { Empty, Failure, Kbd, Sep, SlaChip, Waiting } from '../kit/parts.tsx'
import { ago, useNow } from '../kit/time.ts'
import { usePhone } from '../kit/useMedia.ts'
import NewTask from './NewTask.tsx'
import { taskTitle, type When, whenOf, winBackOf } from './rules.ts'
import { TaskPane } from './TaskPane.tsx'
import './tasks.css'
import { w } from './words.ts'

type Box = 'mine' | 'open' | 'done'
const boxes: readonly { box: Box; word: () => string }[] = [
  { box: 'mine', word: () => w.mine },
  { box: 'open', word: () => w.open },
  { box: 'done', word: () => w.done },
]
const whenWord: Record<When, () => string> = {
  overdue: () => w.overdue,
  today: () => w.today,
  later: () => w.later,
  whenever: () => w.whenever,
}

/** Which box and which task is shown lives in the address. */
function usePlace() {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const box = boxes.find(b => b.box === search.box)?.box ?? 'mine'
  const chosen = typeof search.t === 'string' ? search.t : undefined
  const go = (to: { box?: Box; t?: string | undefined }) => {
    const next = { box, t: chosen, ...to }
    void navigate({
      to: '/tasks',
      search: { ...(next.box === 'mine' ? {} : { box: next.box }), ...(next.t ? { t: next.t } : {}) } as never,
      replace: to.box === undefined,
    })
  }
  return { box, chosen, go }
}

export default function TasksPage() {
  const { box, chosen, go } = usePlace()
  const may = useMay()
  const phone = usePhone()
  const [creating, setCreating] = useState(false)
  const list = useListing(tasks.list, { box })
  useFresh('task', 'tasks')
  const mayWrite = may('task:write')
  const { rows } = list
  // Without a choice the first one is shown, where there is room beside the list.
  const shown = chosen ?? (phone ? undefined : rows[0]?.id)
  const step = (by: 1 | -1) => {
    const at = rows.findIndex(t => t.id === shown)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]
    if (next) go({ t: next.id })
  }
  useHotkey('j', () => step(1))
  useHotkey('k', () => step(-1))
  useHotkey('c', () => setCreating(true), mayWrite && !creating)
  useCommands(
    mayWrite ? [{ id: 'tasks.new', name: w.taskTitle, key: 'C', icon: <IconPlus size={16} />, run: () => setCreating(true) }] : [],
    String(mayWrite),
  )

  const listing = (
    <section className="listpage tasklist" aria-label={w.tasks}>
      <header>
        <h1>{w.tasks}</h1>
        {mayWrite && (
          <Button
            className="end"
            size={phone ? 'large' : 'small'}
            color="primary"
            variant="filled"
            icon={<IconPlus size={16} />}
            onClick={() => setCreating(true)}
          >
            {w.create} <Kbd>C</Kbd>
          </Button>
        )}
      </header>
      <div className="filters">
        <Segmented<Box>
          block
          aria-label={w.boxes}
          value={box}
          onChange={next => go({ box: next, t: undefined })}
          options={boxes.map(b => ({ value: b.box, label: b.word() }))}
        />
      </div>
      {list.error && (
        <div style={{ padding: '0 16px 12px' }}>
          <Failure error={list.error} retry={list.refetch} readAt={list.readAt} />
        </div>
      )}
      <div className="scroll">
        {rows.length === 0 && list.error ? null : list.first ? (
          <Waiting rows={8} />
        ) : rows.length === 0 ? (
          <Nothing box={box} seeOpen={() => go({ box: 'open' })} />
        ) : (
          <Rows rows={rows} box={box} shown={shown} choose={id => go({ t: id })} />
        )}
      </div>
      {!(rows.length === 0 && list.error) && <ListBar list={list} opening={false} />}
    </section>
  )
  return (
    <div className="tasks">
      {(!phone || !chosen) && listing}
      {(!phone || chosen) && (
        <main className="taskpane">
          {shown ? (
            <One key={shown} id={shown} back={phone ? () => go({ t: undefined }) : null} />
          ) : (
            !list.first && rows.length > 0 && <Empty title={w.choose} hint={w.chooseHint} />
          )}
        </main>
      )}
      {creating && <NewTask close={() => setCreating(false)} />}
    </div>
  )
}

function One({ id, back }: { id: string; back: (() => void) | null }) {
  const { data, error, refetch } = useFetch(tasks.one, { id }, { keep: false })
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting rows={6} />
  return <TaskPane task={data} back={back} />
}

function Nothing({ box, seeOpen }: { box: Box; seeOpen: () => void }) {
  if (box === 'mine')
    return (
      <Empty title={w.noneMine} hint={w.noneMineHint}>
        <Button onClick={seeOpen}>{w.seeOpen}</Button>
      </Empty>
    )
  return <Empty title={box === 'open' ? w.noneOpen : w.noneDone} />
}

/** By due time, with a heading where the time changes. */
function Rows({ rows, box, shown, choose }: { rows: readonly Task[]; box: Box; shown: string | undefined; choose: (id: string) => void }) {
  const now = new Date(useNow(60_000))
  const body = useRef<HTMLUListElement>(null)
  useEffect(() => {
    body.current?.querySelector(`[data-id="${shown}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  const head = (task: Task) => (box === 'done' ? '' : whenWord[whenOf(task, now)]())
  return (
    <ul ref={body} className="taskrows">
      {rows.map((t, i) => {
        const before = rows[i - 1]
        const heading = head(t)
        const winback = winBackOf(t)
        return [
          heading && (!before || head(before) !== heading) ? (
            <li key={`h${t.id}`} className="heading">
              {heading}
            </li>
          ) : null,
          <li key={t.id}>
            <button type="button" data-id={t.id} aria-current={t.id === shown ? 'true' : undefined} onClick={() => choose(t.id)}>
              <span className={`glyph ${winback ? 'ba' : 'ac'}`}>
                {winback ? <IconMoodSmile size={14} stroke={1.75} /> : <IconClipboardCheck size={14} stroke={1.75} />}
              </span>
              <span className="grow">
                <span className="row">
                  <b className="m5 cut grow">{taskTitle(t)}</b>
                  {t.doneAt ? <span className="t3 f12 nowrap">{ago(t.doneAt)}</span> : <SlaChip due={t.dueAt} start={t.openedAt} />}
                </span>
                <span className="t3 f12 cut" style={{ display: 'block' }}>
                  {t.customerName && (
                    <>
                      {t.customerName}
                      <Sep />
                    </>
                  )}
                  {t.ownerName ?? w.nobody}
                  {(t.doneAt ? t.result : t.text) && (
                    <>
                      <Sep />
                      {t.doneAt ? t.result : t.text}
                    </>
                  )}
                </span>
              </span>
            </button>
          </li>,
        ]
      })}
    </ul>
  )
}
