import { Button } from 'antd'
import { useState } from 'react'
import { type MyCall, softphone } from '#contract/voice.ts'
import { useWrapChoices, WrapFields } from '../interactions/WrapFields.tsx'
import { useAct } from '../kit/data.ts'
import { useDraft, useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconNote } from '../kit/icons.ts'
import { Kbd } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { ringsNow } from '../routing/presence.ts'
import { refreshPhone } from '../voice/phone.ts'
import { isHandedOver, isRunning } from '../voice/rules.ts'
import { nameOfCall } from '../voice/useCall.ts'
import { w } from './words.ts'

type Draft = { reasonId: string | null; outcomeId: string | null; note: string }
const none: Draft = { reasonId: null, outcomeId: null, note: '' }

/** What the call was about: written while one talks, kept on this machine, sent when the call is over. */
export default function Summary({ call, finished }: { call: MyCall; finished: () => void }) {
  const [text, write] = useDraft(`call.${call.id}`)
  const draft: Draft = text ? { ...none, ...JSON.parse(text) } : none
  const [asked, setAsked] = useState(false)
  const choices = useWrapChoices(call.queueId)
  const { act, acting } = useAct(softphone.wrapUp, { also: ['interactions', 'presence'] })
  const over = !isRunning(call)
  const { reasonId, outcomeId, note } = draft
  /** Reason and outcome are said by whoever has it now. */
  const part = isHandedOver(call)
  const complete = part || ((reasonId !== null || choices.reasons.length === 0) && (outcomeId !== null || choices.outcomes.length === 0))
  const finish = async () => {
    setAsked(true)
    if (!over || !complete || acting) return
    if (!(await act({ id: call.id, body: { reasonId, outcomeId, note: note.trim() } }))) return
    write('')
    tell(w.finishedCall(nameOfCall(call)))
    finished()
    void refreshPhone()
  }
  useHotkey('mod+enter', () => void finish(), over)
  return (
    <section
      className="sec"
      aria-label={w.summary}
      onKeyDownCapture={event => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || ringsNow() || !over) return
        event.preventDefault()
        event.stopPropagation()
        void finish()
      }}
    >
      <div className="sech">
        <IconNote size={16} stroke={1.75} />
        {w.summary}
        <span className="end t3 f12">{part ? w.summaryPart : over ? w.summaryDue : w.summaryKept}</span>
      </div>
      <WrapFields
        choices={choices}
        at="summary"
        reason={{ id: reasonId, guessed: false }}
        outcome={{ id: outcomeId, guessed: false }}
        note={note}
        asked={asked && !part}
        beside
        skipReason={false}
        change={change => write(JSON.stringify({ ...draft, ...change }))}
      />
      {over && (
        <Button type="primary" loading={acting} style={{ marginTop: 8 }} onClick={() => void finish()}>
          {w.finish} <Kbd>{withCommand('Enter')}</Kbd>
        </Button>
      )}
    </section>
  )
}
