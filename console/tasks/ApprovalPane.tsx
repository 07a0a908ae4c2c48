import { Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type ApprovalWhole, approvalCan, approvals } from '#contract/approvals.ts'
import { useMay, useMe } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import { submitKey, useDraft, useHotkey, withCommand } from '../kit/hotkeys.ts'
import { Avatar, Failure, Kbd, Sep, SlaChip, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import '../kit/page.css'
import { ApprovalSteps } from './ApprovalSteps.tsx'
import { moneyText, stateTone, stateWord, useApprovalKinds } from './approvalWords.ts'
import { Back } from './Back.tsx'
import { Comments } from './Comments.tsx'
import { EvidenceRows } from './EvidenceList.tsx'
import { MatterLink, nounWord } from './MatterLink.tsx'
import { w } from './words.ts'

/** One request: what for, how far, and the decision of whoever it waits for. */
export default function ApprovalPane({ id, back }: { id: string; back: (() => void) | null }) {
  const { data, error, refetch } = useFetch(approvals.one, { id }, { keep: false })
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting rows={6} />
  return <Pane approval={data} back={back} />
}

function Pane({ approval: a, back }: { approval: ApprovalWhole; back: (() => void) | null }) {
  const me = useMe()
  const may = useMay()
  const { kindName } = useApprovalKinds()
  const recall = useAct(approvals.recall, { also: ['work'], done: () => tell(w.recalled(a.title)) })
  return (
    <article className="task" aria-label={a.title}>
      <header className="col">
        <Back go={back} />
        <div className="row wrap">
          <h1>{a.title}</h1>
          <span className={`tag ${stateTone[a.state]}`}>{stateWord(a.state)}</span>
          {a.state === 'open' && <SlaChip due={a.dueAt} start={a.askedAt} label={w.due} />}
        </div>
        <div className="t3 f12 row wrap" style={{ gap: 4 }}>
          <span>{kindName(a.kind)}</span>
          <Sep />
          <span>
            {w.askedAt} {full(a.askedAt)}
          </span>
        </div>
      </header>
      {a.amount && (
        <p className="f20 m6" title={w.amount}>
          {moneyText(a.amount)}
        </p>
      )}
      {a.text && <p className="prose">{a.text}</p>}
      <dl className="facts onecol">
        <div>
          <dt>{w.askedBy}</dt>
          <dd className="row">
            <Avatar name={a.askedByName ?? '?'} /> {a.askedByName}
          </dd>
        </div>
        {a.matter && (
          <div>
            <dt>{nounWord(a.matter.noun)}</dt>
            <dd>
              <MatterLink matter={a.matter} />
            </dd>
          </div>
        )}
      </dl>
      {a.evidence.length > 0 && <EvidenceRows evidence={a.evidence} />}
      <ApprovalSteps approval={a} />
      {may('approval:decide') && approvalCan.decide(a) && <Decide approval={a} />}
      {me && may('approval:ask') && approvalCan.recall(a, me.user.id) && (
        <div className="row">
          <Button loading={recall.acting} onClick={() => void recall.act({ id: a.id, body: { reason: '' } })}>
            {w.recall}
          </Button>
        </div>
      )}
      <Comments talk={{ noun: 'approval', id: a.id, comments: a.comments }} />
    </article>
  )
}

/** One key chooses, the words follow where they are needed, ⌘Enter sends. */
function Decide({ approval: a }: { approval: ApprovalWhole }) {
  const [way, setWay] = useState<'approve' | 'refuse' | null>(null)
  const [reason, write] = useDraft(`approval.${a.id}`)
  const decide = useAct(approvals.decide, { also: ['work'] })
  const forName = useNames([a.mine?.forId])(a.mine?.forId)
  const box = useRef<HTMLDivElement>(null)
  const choose = (next: 'approve' | 'refuse') => setWay(next)
  useEffect(() => {
    if (way) box.current?.querySelector('textarea')?.focus()
  }, [way])
  const ready = way !== null && !decide.acting && (way === 'approve' || reason.trim() !== '')
  const send = async () => {
    if (!ready) return
    const approve = way === 'approve'
    if (!(await decide.act({ id: a.id, body: { approve, reason: reason.trim() } }))) return
    write('')
    tell(approve ? w.approved(a.title) : w.refused(a.title))
  }
  useHotkey('y', () => choose('approve'))
  useHotkey('n', () => choose('refuse'))
  useHotkey('mod+enter', () => void send(), way !== null)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the field within
    <section className="finish" ref={box} aria-label={w.yourDecision} onKeyDownCapture={submitKey(() => void send())}>
      <h3>{a.mine?.forId ? w.inPlaceOf(forName) : w.yourDecision}</h3>
      <div className="row">
        <Button type={way === 'approve' ? 'primary' : 'default'} aria-pressed={way === 'approve'} onClick={() => choose('approve')}>
          {w.approve} <Kbd>Y</Kbd>
        </Button>
        <Button danger type={way === 'refuse' ? 'primary' : 'default'} aria-pressed={way === 'refuse'} onClick={() => choose('refuse')}>
          {w.refuse} <Kbd>N</Kbd>
        </Button>
      </div>
      {way && (
        <>
          <Input.TextArea
            value={reason}
            maxLength={2000}
            autoSize={{ minRows: 2, maxRows: 8 }}
            placeholder={way === 'approve' ? w.reasonOptional : w.reasonMust}
            aria-label={w.reason}
            onChange={e => write(e.target.value)}
          />
          <div className="row">
            <Button className="end" onClick={() => setWay(null)}>
              {w.cancel}
            </Button>
            <Button type="primary" disabled={!ready} loading={decide.acting} onClick={() => void send()}>
              {w.send} <Kbd>{withCommand('Enter')}</Kbd>
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
