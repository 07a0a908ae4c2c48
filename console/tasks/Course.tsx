import { useState } from 'react'
import { type CourseEntry, tasks } from '#contract/tasks.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { IconChevronDown, IconHistory } from '../kit/icons.ts'
import { Timeline, Waiting } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { eventWords, w } from './words.ts'

const said: Readonly<Record<string, (detail: Record<string, unknown>) => string>> = eventWords
const idIn = (detail: CourseEntry['detail'], key: string) => (typeof detail[key] === 'string' ? detail[key] : null)

/** Everything that happened, newest first; opened when it is wanted. */
export function Course({ taskId }: { taskId: string }) {
  const [open, setOpen] = useState(false)
  const { data } = useFetch(tasks.course, { id: taskId }, { enabled: open })
  const name = useNames((data ?? []).flatMap(e => [e.actorId, idIn(e.detail, 'forId'), idIn(e.detail, 'ownerId')]))
  const who = (e: CourseEntry) => {
    const forId = idIn(e.detail, 'forId')
    return e.actorId === null ? '' : forId ? w.by(name(e.actorId), name(forId)) : name(e.actorId)
  }
  return (
    <section aria-label={w.course}>
      <button type="button" className="opener" aria-expanded={open} onClick={() => setOpen(!open)}>
        <h3>{w.course}</h3>
        <IconChevronDown size={16} className={open ? 'turned' : ''} />
      </button>
      {open &&
        (data === undefined ? (
          <Waiting rows={4} />
        ) : (
          <Timeline
            items={data.map(e => ({
              key: e.id,
              at: e.at,
              glyph: (
                <span className="glyph">
                  <IconHistory size={14} stroke={1.75} />
                </span>
              ),
              title:
                `${who(e)} ${said[e.name]?.(e.detail) ?? e.name}${e.name === 'task.assigned' ? ` ${name(idIn(e.detail, 'ownerId'))}` : ''}`.trim(),
              detail: <Words words={e.words} />,
            }))}
          />
        ))}
    </section>
  )
}

/** What was there before, and why it changed. */
function Words({ words: { reason, title, text, dueAt, was, item, file } }: { words: CourseEntry['words'] }) {
  const lines = [
    reason && w.because(reason),
    ...[title, text, dueAt && full(new Date(dueAt)), was].map(before => before && w.was(before)),
    item,
    file,
  ].filter(line => line !== undefined && line !== '')
  return lines.length === 0 ? null : (
    <>
      {lines.map(line => (
        <p key={line} className="prose">
          {line}
        </p>
      ))}
    </>
  )
}
