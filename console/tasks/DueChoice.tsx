import { Button, Input } from 'antd'
import { useState } from 'react'
import { localTime } from './typed.ts'
import { w } from './words.ts'

export type Due = { minutes: number } | { dueAt: Date | null }
/** Half and whole working days, as most offices count them: eight hours. */
const spans: readonly [word: () => string, minutes: number][] = [
  [() => w.fourHours, 240],
  [() => w.oneWorkday, 480],
  [() => w.threeWorkdays, 1440],
]

/** Until when: in working time, at an instant, or without an end. */
export function DueChoice({ choose }: { choose: (due: Due) => void }) {
  const [at, setAt] = useState(() => localTime(new Date(Date.now() + 86_400_000)))
  return (
    <div className="col duechoice">
      {spans.map(([word, minutes]) => (
        <Button key={minutes} onClick={() => choose({ minutes })}>
          {word()}
        </Button>
      ))}
      <Button onClick={() => choose({ dueAt: null })}>{w.noDue}</Button>
      <div className="row">
        <Input type="datetime-local" aria-label={w.exactly} value={at} onChange={e => setAt(e.target.value)} />
        <Button type="primary" disabled={!at} onClick={() => choose({ dueAt: new Date(at) })}>
          {w.save}
        </Button>
      </div>
    </div>
  )
}
