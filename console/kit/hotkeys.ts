import { useEffect, useRef, useState } from 'react'

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('[role="combobox"], [role="listbox"], [role="menu"]') !== null)
const covered = () =>
  document.querySelector('.ant-modal-wrap:not([style*="display: none"]) .ant-modal, .ant-drawer-open .ant-drawer-mask') !== null
const mac = /Mac|iPhone|iPad/.test(navigator.platform)
export const command = mac ? '⌘' : 'Ctrl'
/** How a key with the command key is printed: ⌘K or Ctrl K. */
export const withCommand = (key: string): string => (mac ? `⌘${key}` : `Ctrl ${key}`)

type Key = { name: string; mod: boolean; alt: boolean; first: boolean; act: () => void }
const keys: Key[] = []

const buttonOf = (target: EventTarget | null) => (target instanceof Element ? target.closest('button, a[href], [role="button"]') : null)
// A button that was clicked keeps the focus without having been gone to: Enter stays with the page there.
let pointed: Element | null = null
const point = (event: PointerEvent) => {
  pointed = buttonOf(event.target)
}

function hear(event: KeyboardEvent) {
  if (event.isComposing || event.defaultPrevented) return
  const name = event.key.toLowerCase()
  const mod = event.metaKey || event.ctrlKey
  if (name === 'tab') pointed = null
  const button = buttonOf(event.target)
  if (name === 'enter' && !mod && button !== null && button !== pointed) return
  const fits = keys.filter(k => k.name === name && k.mod === mod && k.alt === event.altKey)
  const key = fits.findLast(k => k.first) ?? fits.at(-1)
  if (!key || (!mod && !event.altKey && (typing(event.target) || covered()))) return
  event.preventDefault()
  key.act()
}

/** `k`, `mod+enter`, `escape`. What was mounted last has the key, unless something claims it `first`: what rings, whatever opens after it. Single keys are inert while typing and below anything that covers the page; keys with mod are not. */
export function useHotkey(key: string, act: () => void, enabled = true, { first = false } = {}): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!enabled) return
    const parts = key.toLowerCase().split('+')
    const mine: Key = {
      name: parts.at(-1) ?? '',
      mod: parts.includes('mod'),
      alt: parts.includes('alt'),
      first,
      act: () => latest.current(),
    }
    if (keys.push(mine) === 1) {
      addEventListener('keydown', hear)
      addEventListener('pointerdown', point)
    }
    return () => {
      keys.splice(keys.indexOf(mine), 1)
      if (keys.length > 0) return
      removeEventListener('keydown', hear)
      removeEventListener('pointerdown', point)
    }
  }, [key, enabled, first])
}

/** ⌘Enter within a form, before a field takes the Enter for itself: a select would open its list. */
export const submitKey = (submit: () => void) => (event: React.KeyboardEvent) => {
  if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.stopPropagation()
  submit()
}

/** Words not yet sent stay on this machine, per key, until they are cleared. */
export function useDraft(key: string): [text: string, write: (text: string) => void] {
  const place = `huiyin.draft.${key}`
  const [kept, setKept] = useState({ place, text: localStorage.getItem(place) ?? '' })
  const text = kept.place === place ? kept.text : (localStorage.getItem(place) ?? '')
  const write = (next: string) => {
    if (next) localStorage.setItem(place, next)
    else localStorage.removeItem(place)
    setKept({ place, text: next })
  }
  return [text, write]
}
