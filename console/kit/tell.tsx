import { useEffect, useSyncExternalStore } from 'react'
import type { RefusalError } from './call.ts'
import { IconAlertTriangle, IconCircleCheck, IconX } from './icons.ts'
import { words } from './words.ts'

const w = words({ close: ['关闭', 'Close'] })
type Said = { key: string; text: string; bad: boolean }
let said: readonly Said[] = []
const hearers = new Set<() => void>()
const set = (next: readonly Said[]) => {
  said = next
  for (const hear of hearers) hear()
}
const say = (one: Said) => set([...said.filter(s => s.key !== one.key), one].slice(-3))

/** A refusal in words. One refusal is shown once. */
export const tellRefusal = (error: Pick<RefusalError, 'code' | 'message'>): void => say({ key: error.code, text: error.message, bad: true })
export const tell = (text: string): void => say({ key: text, text, bad: false })

/** Where it is said; drawn once, by the root. */
export function Speaker() {
  const shown = useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => hearers.delete(hear)
    },
    () => said,
  )
  return (
    <div className="said">
      {shown.map(one => (
        <One key={one.key} one={one} />
      ))}
    </div>
  )
}

function One({ one }: { one: Said }) {
  const leave = () => set(said.filter(s => s !== one))
  // biome-ignore lint/correctness/useExhaustiveDependencies: each saying has a time of its own
  useEffect(() => {
    const timer = setTimeout(leave, one.bad ? 6_000 : 3_000)
    return () => clearTimeout(timer)
  }, [one])
  return (
    <div role={one.bad ? 'alert' : 'status'}>
      {one.bad ? <IconAlertTriangle size={16} className="bac" /> : <IconCircleCheck size={16} className="okc" />}
      <span>{one.text}</span>
      <button type="button" onClick={leave} aria-label={w.close}>
        <IconX size={14} />
      </button>
    </div>
  )
}
