import { Button } from 'antd'
import { isOpenRun, type Run, runFile, type TakenBack } from '#contract/runs.ts'
import { IconDownload } from '../kit/icons.ts'
import { full } from '../kit/time.ts'
import { language, nameOf } from '../kit/words.ts'
import { Bar, progressText } from './Bar.tsx'
import { b } from './back.words.ts'
import { count, outcomeText, stateTone, stateWord, w } from './words.ts'

/** The state of a run as one word: of an import that was taken back, that. */
export function standing(run: Pick<Run, 'state' | 'takenBack'>): { word: string; tone: ReturnType<typeof stateTone> } {
  const back = run.takenBack
  if (back === null) return { word: stateWord(run.state), tone: stateTone(run.state) }
  if (isOpenRun(back)) return { word: b.taking, tone: 'wa' }
  return back.state === 'done' ? { word: b.taken, tone: 'wr' } : { word: b.partly, tone: 'ba' }
}

/** How many rows were taken back, and how many stay as they are. */
export function backText({ outcome: { removed = 0, restored = 0, kept = 0 }, state }: Pick<TakenBack, 'outcome' | 'state'>): string {
  const back = outcomeText({ outcome: { removed, restored } })
  const stay = outcomeText({ outcome: { kept } })
  if (back === '') return stay || (state === 'done' ? b.none : '')
  return [b.rows(count(removed + restored), back), stay].filter(Boolean).join(language() === 'zh' ? '；' : '; ')
}
const whyText = ({ why }: TakenBack): string =>
  why.length === 0 ? '' : b.why + why.map(one => b.reason(nameOf(one), count(one.n))).join(language() === 'zh' ? '，' : ', ')

/** An import that is being taken back, or was: when, by whom, how many rows, and what could not and why. */
export function BackLine({ back }: { back: TakenBack }) {
  const isOpen = isOpenRun(back)
  const by = back.byName ?? ''
  return (
    <span className="backline f12" role="status">
      {isOpen && <Bar run={back} />}
      <span className="t2">
        {isOpen
          ? b.begun(full(back.askedAt), by)
          : back.state === 'done'
            ? b.by(full(back.endedAt ?? back.askedAt), by)
            : b.stopped(full(back.endedAt ?? back.askedAt))}
      </span>
      <span className="t2">{[isOpen ? progressText(back) : '', backText(back)].filter(Boolean).join(' · ')}</span>
      {back.why.length > 0 && <span className="t2">{whyText(back)}</span>}
      {!isOpen && back.hasFile && (
        <Button size="small" icon={<IconDownload size={14} />} href={runFile(back.id)} download>
          {w.kept}
        </Button>
      )}
    </span>
  )
}
