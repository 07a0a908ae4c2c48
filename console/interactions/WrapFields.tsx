import { Input, Radio, Select } from 'antd'
import { useEffect, useRef } from 'react'
import { contactOutcomes, contactReasons, fitsQueue, reasonFits } from '#contract/interactions.ts'
import { useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'
import './wrap.css'
import { w } from './wrap.words.ts'

type Choices = { reasons: { value: string; label: string }[]; outcomes: { id: string; name: string; nameEn: string; resolved: boolean }[] }

/** What a contact of this queue may have been about, and how it may have ended. */
export function useWrapChoices(queueId: string | null): Choices {
  const reasons = useFetch(contactReasons.list, { query: {} }, { staleTime: 300_000 }).data ?? []
  const outcomes = useFetch(contactOutcomes.list, { query: {} }, { staleTime: 300_000 }).data ?? []
  return {
    reasons: treeOf(reasons.filter(r => reasonFits(r, reasons, queueId))),
    outcomes: outcomes.filter(o => !o.retired && fitsQueue(o, queueId)).sort((a, b) => a.position - b.position),
  }
}

type Chosen = { id: string | null; guessed: boolean }
type Change = { reasonId?: string | null; outcomeId?: string | null; note?: string }
type Props = {
  choices: Choices
  /** Begins the ids of the fields. */
  at: string
  reason: Chosen
  outcome: Chosen
  note: string
  /** It was to be sent: what is missing says so. */
  asked: boolean
  /** Written while one still talks: it takes no focus, and what was chosen may be taken back. */
  beside?: boolean
  /** The reason is known: the outcome is next. */
  skipReason: boolean
  change: (change: Change) => void
}

/** Reason, outcome and note of a contact that ends. */
export function WrapFields({ choices, at, reason, outcome, note, asked, beside = false, skipReason, change }: Props) {
  const outcomeBox = useRef<HTMLDivElement>(null)
  const skips = skipReason && choices.outcomes.length > 0
  useEffect(() => {
    if (skips) focusIn(outcomeBox.current)
  }, [skips])
  return (
    <div className={`wrapfields ${beside ? 'beside' : ''}`}>
      <label htmlFor={`${at}-reason`}>
        {w.reason}
        <span className="must" aria-hidden="true">
          *
        </span>
        {reason.id !== null && reason.guessed && (
          <span className="tag ac" title={w.guessedChoice}>
            {w.guessed}
          </span>
        )}
      </label>
      <div>
        <Select
          id={`${at}-reason`}
          showSearch={{ optionFilterProp: 'label' }}
          autoFocus={!beside}
          defaultActiveFirstOption
          allowClear={beside}
          placeholder={w.chooseReason}
          value={reason.id}
          options={choices.reasons}
          style={{ width: '100%' }}
          {...(asked && !reason.id ? { status: 'error' as const } : {})}
          onChange={value => {
            change({ reasonId: value ?? null })
            requestAnimationFrame(() => focusIn(outcomeBox.current))
          }}
        />
        {asked && !reason.id && <span className="bac f12">{w.missing}</span>}
      </div>
      <span id={`${at}-outcome`}>
        {w.outcome}
        <span className="must" aria-hidden="true">
          *
        </span>
        {outcome.id !== null && outcome.guessed && (
          <span className="tag ac" title={w.guessedWhy}>
            {w.guessed}
          </span>
        )}
      </span>
      <div ref={outcomeBox}>
        <Radio.Group
          aria-labelledby={`${at}-outcome`}
          size="small"
          optionType="button"
          value={outcome.id}
          onChange={event => change({ outcomeId: event.target.value })}
          options={choices.outcomes.map(o => ({ value: o.id, label: nameOf(o) }))}
        />
        {asked && !outcome.id && <div className="bac f12">{w.missing}</div>}
      </div>
      <label htmlFor={`${at}-note`}>{w.remark}</label>
      <Input.TextArea
        id={`${at}-note`}
        value={note}
        maxLength={2000}
        autoSize={{ minRows: beside ? 3 : 1, maxRows: beside ? 8 : 4 }}
        placeholder={w.remarkHint}
        onChange={event => change({ note: event.target.value })}
      />
    </div>
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
