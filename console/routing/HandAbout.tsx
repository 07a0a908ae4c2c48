import { Button, Input } from 'antd'
import { useState } from 'react'
import { type OwnPresence, routing } from '#contract/routing.ts'
import { useAct } from '../kit/data.ts'
import { showPresence } from './presence.ts'
import { w } from './words.ts'

/** The hand is up already; what it is about may be said, and is kept when the field is left. */
export default function About({ presence, lower, close }: { presence: OwnPresence; lower: () => void; close: () => void }) {
  const [words, setWords] = useState(presence.handWords)
  const { act } = useAct(routing.raise, { done: showPresence })
  const keep = async () => {
    if (words.trim() !== presence.handWords)
      await act({ body: { up: true, interactionId: presence.handInteractionId, words: words.trim() } })
  }
  return (
    <div className="about">
      <Input
        autoFocus
        maxLength={200}
        value={words}
        placeholder={w.handAbout}
        aria-label={w.handAbout}
        onChange={e => setWords(e.target.value)}
        onBlur={() => void keep()}
        onKeyDown={e => {
          if (e.nativeEvent.isComposing || (e.key !== 'Escape' && e.key !== 'Enter')) return
          e.stopPropagation()
          // A field that vanishes is not told that it was left.
          e.currentTarget.blur()
          close()
        }}
      />
      <span className="row">
        <span className="t3 f12 grow">{w.handTold}</span>
        <Button size="small" onMouseDown={e => e.preventDefault()} onClick={lower}>
          {w.lowerHand}
        </Button>
      </span>
    </div>
  )
}
