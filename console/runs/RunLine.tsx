import { Button } from 'antd'
import { type ComponentType, lazy, Suspense, useEffect, useRef } from 'react'
import { isOpenRun, type Run, runCan, runFile, runs } from '#contract/runs.ts'
import { useAct } from '../kit/data.ts'
import { IconDownload, IconX } from '../kit/icons.ts'
import { ago, day, full } from '../kit/time.ts'
import { refusalText } from '../kit/words.ts'
import { BackLine, standing } from './BackLine.tsx'
import { Bar, progressText } from './Bar.tsx'
import { WrongRows } from './WrongRows.tsx'
import { outcomeText, runWord, w } from './words.ts'

/** What else can be done with a kind of work that is over. */
const more: Record<string, ComponentType<{ run: Run }>> = {
  'import.customers': lazy(() => import('./TakeBack.tsx')),
  'import.people': lazy(() => import('../settings/GiveLinks.tsx')),
  'document.make': lazy(() => import('../documents/Made.tsx')),
}

/** One piece of long work: how far it is, and what can be done with it. `opened`: with all that is known of it. */
export function RunLine({ run, opened = false, open }: { run: Run; opened?: boolean; open?: () => void }) {
  const line = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (opened) line.current?.scrollIntoView({ block: 'nearest' })
  }, [opened])
  const More = more[run.kind]
  const stands = standing(run)
  const cancel = useAct(runs.cancel)
  const retry = useAct(runs.retry)
  return (
    <li ref={line} className={`runline ${opened ? 'at' : ''}`}>
      <span className="row">
        {open ? (
          <button type="button" className="cut grow name" aria-expanded={opened} onClick={open}>
            {runWord(run)}
          </button>
        ) : (
          <b className="cut grow">{runWord(run)}</b>
        )}
        {runCan.cancel(run) ? (
          <Button
            size="small"
            type="text"
            icon={<IconX size={14} />}
            aria-label={`${w.cancel} ${runWord(run)}`}
            title={w.cancel}
            loading={cancel.acting}
            onClick={() => void cancel.act({ id: run.id })}
          />
        ) : (
          <time className="t3 f12 nowrap" dateTime={run.askedAt.toISOString()} title={full(run.askedAt)}>
            {ago(run.endedAt ?? run.askedAt)}
          </time>
        )}
      </span>
      {isOpenRun(run) && <Bar run={run} />}
      <span className="row f12">
        <span className={`tag ${stands.tone}`}>{stands.word}</span>
        <span className="t3 cut grow">{said(run)}</span>
        {More && (
          <Suspense>
            <More run={run} />
          </Suspense>
        )}
        {runCan.retry(run) && (
          <Button size="small" loading={retry.acting} onClick={() => void retry.act({ id: run.id })}>
            {w.retry}
          </Button>
        )}
        {runCan.download(run) && (
          <Button size="small" type="primary" ghost icon={<IconDownload size={14} />} href={runFile(run.id)} download={run.file?.name}>
            {run.kind.startsWith('import.') ? w.problems : run.kind.startsWith('taking_back.') ? w.kept : w.download}
          </Button>
        )}
      </span>
      {run.takenBack && <BackLine back={run.takenBack} />}
      {opened && <Facts run={run} />}
      {opened && <WrongRows run={run} />}
    </li>
  )
}

function Facts({ run }: { run: Run }) {
  const facts: readonly (readonly [string, string | null])[] = [
    [w.askedAt, full(run.askedAt)],
    [w.startedAt, run.startedAt && full(run.startedAt)],
    [w.endedAt, run.endedAt && full(run.endedAt)],
    [w.result, run.file?.name ?? null],
    [w.keptUntil, run.file && run.expiresAt && full(run.expiresAt)],
  ]
  return (
    <dl className="runfacts f12">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt className="t3">{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

/** What came of it, how far it is, or why it ended. */
export function said(run: Run): string {
  if (run.state !== 'done' && run.code) return refusalText(run.code, run.codeFacts ?? {})
  if (isOpenRun(run)) return progressText(run)
  const what = outcomeText(run)
  if (run.state !== 'done') return what
  if (run.file && run.expiresAt)
    return [what, (run.kind.startsWith('import.') ? w.leftUntil : w.until)(day(run.expiresAt))].filter(Boolean).join(' · ')
  return what
}
