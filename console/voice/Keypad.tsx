import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { w } from './words.ts'

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

/** Tones to the other side, by hand or from the keyboard. */
export function Keypad({ press }: { press: (digits: string) => Promise<unknown> }) {
  const [sent, setSent] = useState('')
  const pad = useRef<HTMLDivElement>(null)
  const send = (key: string) => {
    setSent(text => (text + key).slice(-20))
    void press(key)
  }
  useEffect(() => {
    const frame = requestAnimationFrame(() => pad.current?.focus({ preventScroll: true }))
    return () => cancelAnimationFrame(frame)
  }, [])
  const typed = (event: KeyboardEvent) => {
    if (!keys.includes(event.key) || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    send(event.key)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of keys, not of fields
    <div ref={pad} className="keypad" role="group" aria-label={w.keypad} tabIndex={-1} onKeyDown={typed}>
      <output aria-label={w.keySent}>{sent}</output>
      {keys.map(key => (
        <button key={key} type="button" onClick={() => send(key)}>
          {key}
        </button>
      ))}
    </div>
  )
}
