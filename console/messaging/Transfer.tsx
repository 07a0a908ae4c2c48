import { Button, Input } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { type Conversation, conversations } from '#contract/messaging.ts'
import { useAct } from '../kit/data.ts'
import { withCommand } from '../kit/hotkeys.ts'
import { Kbd } from '../kit/parts.tsx'
import { Receivers, useReceiver } from '../routing/Receivers.tsx'
import { keep } from './inbox.ts'
import { w } from './words.ts'

/** Hands the conversation to a colleague or a queue. It stays here until the other side takes it. */
export default function Transfer({ c, done }: { c: Conversation; done: () => void }) {
  const receiver = useReceiver(c)
  const [note, setNote] = useState('')
  const { act, acting } = useAct(conversations.transfer, { done: keep })
  const { to, id: target } = receiver

  const hand = async () => {
    if (!target || acting) return
    const handed = await act({ id: c.id, body: { ...(to === 'agent' ? { agentId: target } : { queueId: target }), note: note.trim() } })
    if (handed) done()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      done()
      return
    }
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      event.stopPropagation()
      event.nativeEvent.stopImmediatePropagation()
      void hand()
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside
    <div className="transfer col" onKeyDown={key}>
      <Receivers receiver={receiver} kinds={['agent', 'queue']} />
      <Input.TextArea
        value={note}
        maxLength={1000}
        autoSize={{ minRows: 2, maxRows: 4 }}
        placeholder={w.handNote}
        aria-label={w.handNote}
        onChange={event => setNote(event.target.value)}
      />
      <div className="row">
        <Button
          type="primary"
          disabled={!target}
          loading={acting}
          onClick={() => {
            void hand()
          }}
        >
          {w.hand} <Kbd>{withCommand('Enter')}</Kbd>
        </Button>
        <span className="t3 f12">{w.handHint}</span>
      </div>
    </div>
  )
}
