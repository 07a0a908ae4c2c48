import { useEffect, useRef } from 'react'
import type { WorkBox, WorkLine } from '#contract/work.ts'
import { useMe } from '../app/me.ts'
import { IconChecks, IconClipboardCheck, IconMoodSmile } from '../kit/icons.ts'
import { Sep, SlaChip } from '../kit/parts.tsx'
import { ago, useNow } from '../kit/time.ts'
import { moneyText, stateTone, stateWord } from './approvalWords.ts'
import type { Chosen } from './place.ts'
import { taskTitle, type When, whenOf, winBackOf } from './rules.ts'
import { w } from './words.ts'

const whenWord: Record<When, () => string> = {
  overdue: () => w.overdue,
  today: () => w.today,
  later: () => w.later,
  whenever: () => w.whenever,
}

type Props = {
  rows: readonly WorkLine[]
  box: WorkBox
  /** With a heading where the due time changes. */
  byDue: boolean
  shown: Chosen | undefined
  choose: (line: WorkLine) => void
  picked: ReadonlySet<string>
  toggle: (id: string) => void
}

/** Tasks can be picked for several at once. */
export function WorkRows({ rows, box, byDue, shown, choose, picked, toggle }: Props) {
  const now = new Date(useNow(60_000))
  const body = useRef<HTMLUListElement>(null)
  const at = shown?.id
  useEffect(() => {
    body.current?.querySelector(`[data-id="${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const head = (line: WorkLine) => (byDue ? whenWord[whenOf(line, now)]() : '')
  return (
    <ul ref={body} className={`taskrows ${picked.size > 0 ? 'picking' : ''}`}>
      {rows.map((line, i) => {
        const before = rows[i - 1]
        const heading = head(line)
        return [
          heading && (!before || head(before) !== heading) ? (
            <li key={`h${line.id}`} className="heading">
              {heading}
            </li>
          ) : null,
          <li key={line.id} className="line">
            {line.noun === 'task' && (
              <input
                type="checkbox"
                aria-label={`${w.pick} ${taskTitle(line)}`}
                checked={picked.has(line.id)}
                onChange={() => toggle(line.id)}
              />
            )}
            <button type="button" data-id={line.id} aria-current={line.id === at ? 'true' : undefined} onClick={() => choose(line)}>
              <Glyph line={line} />
              <span className="grow">
                <span className="row">
                  <b className="m5 cut grow">{taskTitle(line)}</b>
                  {line.doneAt ? (
                    <span className="t3 f12 nowrap">{ago(line.doneAt)}</span>
                  ) : (
                    <SlaChip due={line.dueAt} start={line.openedAt} />
                  )}
                </span>
                <Second line={line} box={box} />
              </span>
            </button>
          </li>,
        ]
      })}
    </ul>
  )
}

function Glyph({ line }: { line: WorkLine }) {
  if (line.noun === 'approval')
    return (
      <span className="glyph wr">
        <IconChecks size={14} stroke={1.75} />
      </span>
    )
  return (
    <span className={`glyph ${winBackOf(line) ? 'ba' : 'ac'}`}>
      {winBackOf(line) ? <IconMoodSmile size={14} stroke={1.75} /> : <IconClipboardCheck size={14} stroke={1.75} />}
    </span>
  )
}

/** Who, about whom, how far; of what I do for somebody else also for whom. */
function Second({ line, box }: { line: WorkLine; box: WorkBox }) {
  const me = useMe()?.user.id
  const instead = box === 'mine' && line.personId !== null && line.personId !== me
  const facts = [
    line.noun === 'approval' && line.state !== null && line.doneAt ? (
      <span key="state" className={`${stateTone[line.state]}c`}>
        {stateWord(line.state)}
      </span>
    ) : null,
    line.amount ? moneyText(line.amount) : null,
    line.customerName,
    instead ? (
      <span key="for" className="tag wr">
        {w.forWhom(line.personName ?? '')}
      </span>
    ) : (
      (line.personName ?? w.nobody)
    ),
    line.itemsAll > 0 ? `${line.itemsDone}/${line.itemsAll}` : null,
    (line.doneAt ? line.result : line.text) || null,
  ].filter(fact => fact !== null && fact !== '')
  return (
    <span className="t3 f12 cut second">
      {facts.map((fact, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the facts of a line have no other identity
        <span key={n}>
          {n > 0 && <Sep />}
          {fact}
        </span>
      ))}
    </span>
  )
}
