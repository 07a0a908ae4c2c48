import { Button } from 'antd'
import { useState } from 'react'
import { type Conversation, conversations } from '#contract/messaging.ts'
import { useWrapChoices, WrapFields } from '../interactions/WrapFields.tsx'
import { useAct } from '../kit/data.ts'
import { useDraft, useHotkey, withCommand } from '../kit/hotkeys.ts'
import { Kbd, Timer } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { ringsNow } from '../routing/presence.ts'
import { keep } from './inbox.ts'
import { w } from './words.ts'

type Props = { c: Conversation; ticketOpened: boolean; cancel: () => void; later: () => void; done: () => void }

/** Reason, outcome and summary. Opened on a running talk it ends and finishes it in one go, so an accidental key ends nothing. */
export default function Closing({ c, ticketOpened, cancel, later, done }: Props) {
  const choices = useWrapChoices(c.queueId)
  const [reasonId, setReason] = useState<string | null>(null)
  const [outcomeId, setOutcome] = useState<string | null>(null)
  const [note, setNote] = useDraft(`wrap.${c.id}`)
  const [asked, setAsked] = useState(false)
  const ending = useAct(conversations.end)
  const wrapping = useAct(conversations.wrapUp)

  const { reasons, outcomes } = choices
  const reason = reasonId ?? (reasons.some(o => o.value === c.reasonId) ? c.reasonId : null)
  const guess = ticketOpened ? (outcomes.find(o => !o.resolved && /ticket/i.test(o.nameEn))?.id ?? null) : null
  const outcome = outcomeId ?? guess
  const over = c.state === 'wrap'

  /** `first` runs before the desk learns of it. */
  const end = async (first = () => {}) => {
    const ended = await ending.act({ id: c.id })
    if (!ended) return undefined
    first()
    keep(ended)
    return ended
  }
  const finish = async () => {
    setAsked(true)
    if (!reason || !outcome || ending.acting || wrapping.acting) return
    if (!over && !(await end())) return
    const finished = await wrapping.act({ id: c.id, body: { reasonId: reason, outcomeId: outcome, note: note.trim() } })
    if (!finished) return
    keep(finished)
    setNote('')
    tell(w.finished(c.customerName || w.visitor))
    done()
  }
  useHotkey('mod+enter', () => {
    void finish()
  })
  useHotkey('escape', cancel)
  // What the customer chose is already a reason: the outcome is next.
  const given = reason !== null && reasonId === null

  return (
    // Before a select under the cursor takes the key to open its list.
    <section
      className="closing"
      aria-label={over ? w.wrapping : w.closing}
      onKeyDownCapture={event => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || ringsNow()) return
        event.preventDefault()
        event.stopPropagation()
        void finish()
      }}
    >
      <header className="row">
        <i className={`dot ${over ? 'wr' : 'ac'}`} />
        <h3>{over ? w.wrapping : w.closing}</h3>
        {over && c.endedAt && (
          <span className="t3">
            <Timer since={c.endedAt} />
          </span>
        )}
        <Button size="small" type="text" className="end" onClick={cancel}>
          {over ? w.putAway : w.cancel} <kbd>Esc</kbd>
        </Button>
      </header>
      <WrapFields
        choices={choices}
        at="closing"
        reason={{ id: reason, guessed: reasonId === null }}
        outcome={{ id: outcome, guessed: outcomeId === null }}
        note={note}
        asked={asked}
        skipReason={given}
        change={change => {
          if (change.reasonId !== undefined) setReason(change.reasonId)
          if (change.outcomeId !== undefined) setOutcome(change.outcomeId)
          if (change.note !== undefined) setNote(change.note)
        }}
      />
      <footer className="row">
        <Button
          type="primary"
          loading={ending.acting || wrapping.acting}
          onClick={() => {
            void finish()
          }}
        >
          {over ? w.finish : w.endAndFinish} <Kbd>{withCommand('Enter')}</Kbd>
        </Button>
        {!over && (
          <Button
            loading={ending.acting}
            onClick={() => {
              void end(later)
            }}
          >
            {w.endOnly}
          </Button>
        )}
      </footer>
    </section>
  )
}
