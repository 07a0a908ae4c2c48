import { useEffect, useRef, useState } from 'react'

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('[role="combobox"], [role="listbox"]') !== null)
const mac = /Mac|iPhone|iPad/.test(navigator.platform)
export const command = mac ? '⌘' : 'Ctrl'

/** `k`, `mod+enter`, `escape`. Single keys are inert while typing and while something modal is open; keys with mod are not. */
export function useHotkey(key: string, act: () => void, enabled = true): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!enabled) return
    const parts = key.toLowerCase().split('+')
    const last = parts.at(-1)
    const mod = parts.includes('mod')
    const alt = parts.includes('alt')
    const hear = (event: KeyboardEvent) => {
      if (event.isComposing || event.key.toLowerCase() !== last || (event.metaKey || event.ctrlKey) !== mod || event.altKey !== alt) return
      if (!mod && !alt && (typing(event.target) || document.querySelector('.ant-modal-wrap:not([style*="display: none"]) .ant-modal')))
        return
      event.preventDefault()
      latest.current()
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [key, enabled])
}

/** Words not yet sent stay on this machine, per key, until they are cleared. */
export function useDraft(key: string): [text: string, write: (text: string) => void] {
  const place = `huiyin.draft.${key}`
  const [kept, setKept] = useState({ place, text: localStorage.getItem(place) ?? '' })
  const text = kept.place === place ? kept.text : (localStorage.getItem(place) ?? '')
  return [
    text,
    next => {
      if (next) localStorage.setItem(place, next)
      else localStorage.removeItem(place)
      setKept({ place, text: next })
    },
  ]
}
