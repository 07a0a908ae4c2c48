import { Button, Input, Radio, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { contactOutcomes, contactReasons, fitsQueue, reasonFits } from '#contract/interactions.ts'
import { type Conversation, conversations } from '#contract/messaging.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { command, useDraft, useHotkey } from '../kit/hotkeys.ts'
import { Timer } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { ringsNow } from '../routing/presence.ts'
import { keep } from './inbox.ts'
import { w } from './words.ts'

type Props = { c: Conversation; ticketOpened: boolean; cancel: () => void; later: () => void; done: () => void }

/** Reason, outcome and summary. Opened on a running talk it ends and finishes it in one go, so an accidental key ends nothing. */
export default function Closing({ c, ticketOpened, cancel, later, done }: Props) {
  const reasons = useFetch(contactReasons.list, { query: {} }, { staleTime: 300_000 }).data
  const outcomes =
    useFetch(contactOutcomes.list, { query: {} }, { staleTime: 300_000 })
      .data?.filter(o => !o.retired && fitsQueue(o, c.queueId))
      .sort((a, b) => a.position - b.position) ?? []
  const [reasonId, setReason] = useState<string | null>(null)
  const [outcomeId, setOutcome] = useState<string | null>(null)
  const [note, setNote] = useDraft(`wrap.${c.id}`)
  const [asked, setAsked] = useState(false)
  const ending = useAct(conversations.end)
  const wrapping = useAct(conversations.wrapUp)
  const outcomeBox = useRef<HTMLDivElement>(null)
  const noteField = useRef<React.ComponentRef<typeof Input.TextArea>>(null)

  const options = treeOf((reasons ?? []).filter(r => reasonFits(r, reasons ?? [], c.queueId)))
  const reason = reasonId ?? (options.some(o => o.value === c.reasonId) ? c.reasonId : null)
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
  const given = reason !== null && outcomes.length > 0
  useEffect(() => {
    if (given) focusIn(outcomeBox.current)
  }, [given])

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
      <div className="fields">
        <label htmlFor="closing-reason">
          {w.reason}
          {reason !== null && reasonId === null && (
            <span className="tag ac" title={w.guessedChoice}>
              {w.guessed}
            </span>
          )}
        </label>
        <div>
          <Select
            id="closing-reason"
            showSearch={{ optionFilterProp: 'label' }}
            autoFocus
            defaultActiveFirstOption
            placeholder={w.chooseReason}
            value={reason}
            options={options}
            style={{ width: '100%' }}
            {...(asked && !reason ? { status: 'error' as const } : {})}
            onChange={value => {
              setReason(value)
              requestAnimationFrame(() => focusIn(outcomeBox.current))
            }}
          />
          {asked && !reason && <span className="bac f12">{w.missing}</span>}
        </div>
        <span id="closing-outcome">
          {w.outcome}
          {guess && outcomeId === null && (
            <span className="tag ac" title={w.guessedWhy}>
              {w.guessed}
            </span>
          )}
        </span>
        <div ref={outcomeBox}>
          <Radio.Group
            aria-labelledby="closing-outcome"
            size="small"
            optionType="button"
            value={outcome}
            onChange={event => setOutcome(event.target.value)}
            options={outcomes.map(o => ({ value: o.id, label: nameOf(o) }))}
          />
          {asked && !outcome && <div className="bac f12">{w.missing}</div>}
        </div>
        <label htmlFor="closing-note">{w.remark}</label>
        <Input.TextArea
          id="closing-note"
          ref={noteField}
          value={note}
          maxLength={2000}
          autoSize={{ minRows: 1, maxRows: 4 }}
          placeholder={w.remarkHint}
          onChange={event => setNote(event.target.value)}
        />
      </div>
      <footer className="row">
        <Button
          type="primary"
          loading={ending.acting || wrapping.acting}
          onClick={() => {
            void finish()
          }}
        >
          {over ? w.finish : w.endAndFinish} <kbd>{command === '⌘' ? '⌘↵' : 'Ctrl ↵'}</kbd>
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

/** On the chosen one, else the first. */
const focusIn = (box: HTMLElement | null) =>
  (box?.querySelector<HTMLInputElement>('input:checked') ?? box?.querySelector<HTMLInputElement>('input'))?.focus()

type Reason = { id: string; name: string; nameEn?: string; parentId: string | null; position: number; retired: boolean }
/** Leaves of the tree by their whole path: 报修 › 无水. A branch with leaves is not chosen itself. */
export function treeOf(rows: readonly Reason[]): { value: string; label: string }[] {
  const live = rows.filter(r => !r.retired).sort((a, b) => a.position - b.position)
  const walk = (parentId: string | null, path: string): { value: string; label: string }[] =>
    live
      .filter(r => r.parentId === parentId)
      .flatMap(r => {
        const label = path ? `${path} › ${nameOf(r)}` : nameOf(r)
        const below = walk(r.id, label)
        return below.length > 0 ? below : [{ value: r.id, label }]
      })
  return walk(null, '')
}
