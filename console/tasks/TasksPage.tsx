import { Button, type InputRef, Select } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { tasks } from '#contract/tasks.ts'
import { type WorkBox, type WorkLine, work } from '#contract/work.ts'
import { useCommands } from '../app/commands.ts'
import { useFresh } from '../app/live.ts'
import { useMay, useMe } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus, IconSend } from '../kit/icons.ts'
import { ListBar, SeekBox } from '../kit/ListParts.tsx'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { usePhone } from '../kit/useMedia.ts'
import { useViews } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { ListMore } from '../runs/ListMore.tsx'
import { AwayNote } from './AwayNote.tsx'
import { useApprovalKinds } from './approvalWords.ts'
import { Boxes, boxName } from './Boxes.tsx'
import { BulkBar } from './BulkBar.tsx'
import { type Chosen, type Filters, usePlace } from './place.ts'
import { TaskPane } from './TaskPane.tsx'
import './tasks.css'
import { workExports } from '#contract/lists.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { WorkRows } from './WorkRows.tsx'
import { w } from './words.ts'

const NewTask = lazy(() => import('./NewTask.tsx'))
const AskApproval = lazy(() => import('./AskApproval.tsx'))
const Away = lazy(() => import('./Away.tsx'))
const ApprovalPane = lazy(() => import('./ApprovalPane.tsx'))

export default function TasksPage() {
  const { box, filters, change, chosen, choose, show } = usePlace()
  const me = useMe()
  const may = useMay()
  const phone = usePhone()
  const [open, setOpen] = useState<'task' | 'approval' | 'away' | null>(null)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const list = useListing(work.list, { ...filters, box })
  const views = useViews(
    'work',
    work.list,
    [],
    { box },
    {
      named: [...(box === 'done' ? [] : [{ order: 'due', title: w.due }]), { order: 'opened', title: w.openedAt }],
    },
  )
  const seek = useRef<InputRef>(null)
  useFresh('task', 'tasks', 'work')
  useFresh('approval', 'approvals', 'work')
  useFresh('absence', 'absences', 'work', 'tasks')
  const [mayWrite, mayAsk] = [may('task:write'), may('approval:ask')]
  const { rows } = list

  const place = JSON.stringify([filters, box])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins with nothing picked
  useEffect(() => setPicked(new Set()), [place])
  // Without a choice the first one is shown, where there is room beside the list.
  const first = rows[0] && { noun: rows[0].noun, id: rows[0].id }
  const shown = chosen ?? (phone ? undefined : first)
  const step = (by: 1 | -1) => {
    const at = rows.findIndex(line => line.id === shown?.id)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]
    if (next) choose(next)
  }
  const toggle = (id: string) => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  useHotkey('j', () => step(1))
  useHotkey('k', () => step(-1))
  useHotkey('x', () => shown?.noun === 'task' && toggle(shown.id), shown !== undefined && mayWrite)
  useHotkey('escape', () => setPicked(new Set()), picked.size > 0)
  useHotkey('/', () => seek.current?.focus())
  useHotkey('c', () => setOpen('task'), mayWrite && open === null)
  useHotkey('a', () => setOpen('approval'), mayAsk && open === null)
  useCommands(
    [
      ...(mayWrite ? [{ id: 'tasks.new', name: w.taskTitle, key: 'C', icon: <IconPlus size={16} />, run: () => setOpen('task') }] : []),
      ...(mayAsk ? [{ id: 'approvals.ask', name: w.ask, key: 'A', icon: <IconSend size={16} />, run: () => setOpen('approval') }] : []),
    ],
    `${mayWrite} ${mayAsk}`,
  )

  const filtered = Boolean(filters.due || filters.kind || filters.ownerId || filters.q)
  const clear = () => change({ due: undefined, kind: undefined, ownerId: undefined, q: undefined })
  const listing = (
    <section className="listpage tasklist" aria-label={boxName(box)}>
      <header>
        <h1>{boxName(box)}</h1>
        <ExportButton end of={workExports} filter={{ ...filters, box }} what={w.tasks} />
      </header>
      <AwayNote />
      <ViewBar of={views} first={boxName(box)} />
      <div className="filters">
        <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        <Sieves filters={filters} change={change} clear={filtered ? clear : null} people={box === 'open' || box === 'done'} />
        <ViewTools of={views} />
        <ListMore what={w.tasks} takes={{ of: workExports, filter: { ...filters, box } }} />
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
          <Nothing box={box} clear={filtered ? clear : null} seeOpen={() => change({ box: 'open' })} />
        ) : (
          <WorkRows
            rows={rows}
            box={box}
            byDue={box !== 'done' && (filters.sort ?? 'due') === 'due'}
            shown={shown}
            choose={choose}
            picked={picked}
            toggle={toggle}
          />
        )}
      </div>
      {!(rows.length === 0 && list.error) && <ListBar list={list} opening={false} choosing={mayWrite} />}
    </section>
  )
  return (
    <div className="tasks">
      {(!phone || !chosen) && (
        <Boxes
          box={box}
          show={next => change({ box: next })}
          create={mayWrite ? () => setOpen('task') : null}
          ask={mayAsk ? () => setOpen('approval') : null}
          away={mayWrite ? () => setOpen('away') : null}
        />
      )}
      {(!phone || !chosen) && listing}
      {(!phone || chosen) && (
        <main className="taskpane">
          {shown ? (
            <One key={shown.id} {...shown} back={phone ? () => choose(undefined) : null} />
          ) : (
            !list.first && rows.length > 0 && <Empty title={w.choose} hint={w.chooseHint} />
          )}
        </main>
      )}
      {picked.size > 0 && <BulkBar rows={tasksOf(rows).filter(line => picked.has(line.id))} clear={() => setPicked(new Set())} />}
      <Suspense>
        {open === 'task' && (
          <NewTask
            close={() => setOpen(null)}
            opened={task => show(task.ownerId === me?.user.id ? 'mine' : 'asked', { noun: 'task', id: task.id })}
          />
        )}
        {open === 'approval' && <AskApproval close={() => setOpen(null)} asked={id => show('asked', { noun: 'approval', id })} />}
        {open === 'away' && <Away close={() => setOpen(null)} />}
      </Suspense>
    </div>
  )
}

const tasksOf = (rows: readonly WorkLine[]) => rows.filter(line => line.noun === 'task')

function Sieves({
  filters,
  change,
  clear,
  people,
}: {
  filters: Filters
  change: ReturnType<typeof usePlace>['change']
  clear: (() => void) | null
  people: boolean
}) {
  const { open } = useApprovalKinds()
  return (
    <>
      <Select
        allowClear
        placeholder={w.anyDue}
        aria-label={w.anyDue}
        value={filters.due}
        onChange={due => change({ due })}
        popupMatchSelectWidth={false}
        options={[
          { value: 'today', label: w.dueToday },
          { value: 'overdue', label: w.overdue },
        ]}
      />
      <Select
        allowClear
        placeholder={w.anyKind}
        aria-label={w.anyKind}
        value={filters.kind}
        onChange={kind => change({ kind })}
        popupMatchSelectWidth={false}
        options={[
          { value: 'todo', label: w.todo },
          { value: 'winback', label: w.winbackTag },
          ...open.map(p => ({ value: p.kind, label: p.name })),
          { value: 'other', label: w.other },
        ]}
      />
      {people && (
        <PersonSelect
          width={132}
          aria-label={w.byPerson}
          placeholder={w.byPerson}
          value={filters.ownerId ?? null}
          onChange={id => change({ ownerId: id ?? undefined })}
        />
      )}
      {clear && (
        <Button type="text" onClick={clear}>
          {w.clear}
        </Button>
      )}
    </>
  )
}

function One({ noun, id, back }: Chosen & { back: (() => void) | null }) {
  const may = useMay()
  if (noun === 'approval')
    return <Suspense fallback={<Waiting rows={6} />}>{may('approval:read') && <ApprovalPane id={id} back={back} />}</Suspense>
  return <OneTask id={id} back={back} />
}

function OneTask({ id, back }: { id: string; back: (() => void) | null }) {
  const { data, error, refetch } = useFetch(tasks.one, { id }, { keep: false })
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting rows={6} />
  return <TaskPane task={data} back={back} />
}

const nothing: Record<WorkBox, () => readonly [title: string, hint?: string]> = {
  mine: () => [w.noneMine, w.noneMineHint],
  decide: () => [w.noneDecide, w.noneDecideHint],
  asked: () => [w.noneAsked, w.noneAskedHint],
  watch: () => [w.noneWatch, w.noneWatchHint],
  open: () => [w.noneOpen],
  done: () => [w.noneDone],
}
function Nothing({ box, clear, seeOpen }: { box: WorkBox; clear: (() => void) | null; seeOpen: () => void }) {
  if (clear)
    return (
      <Empty title={w.noneFound} hint={w.noneFoundHint}>
        <Button onClick={clear}>{w.clear}</Button>
      </Empty>
    )
  const [title, hint] = nothing[box]()
  return (
    <Empty title={title} {...(hint ? { hint } : {})}>
      {box === 'mine' && <Button onClick={seeOpen}>{w.seeOpen}</Button>}
    </Empty>
  )
}
