import type { Run } from '#contract/runs.ts'
import { ProgressBar } from '../kit/ProgressBar.tsx'
import { count, w } from './words.ts'

export const progressText = ({ done, total }: Pick<Run, 'done' | 'total'>): string =>
  total === null ? (done > 0 ? w.rowsDone(count(done)) : '') : w.rowsOf(count(done), count(total))

/** Without a total it only tells that it moves. */
export function Bar({ run: { done, total, state } }: { run: Pick<Run, 'done' | 'total' | 'state'> }) {
  const share = total === null || total === 0 ? null : Math.min(1, done / total)
  return <ProgressBar share={share} moving={state === 'running'} label={w.title} />
}
