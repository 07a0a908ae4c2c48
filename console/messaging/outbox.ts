import { useSyncExternalStore } from 'react'
import { call } from '../kit/call.ts'
import { newOutbox, type Outgoing } from './sending.ts'
import { receive } from './threads.ts'

export type { Outgoing } from './sending.ts'

const hearers = new Set<() => void>()
const outbox = newOutbox({
  ask: call,
  store: localStorage,
  sent: message => receive(message),
  changed: () => {
    for (const hear of hearers) hear()
  },
  firstPause: 1_000,
})
export const { send, retry, discard, arrived, resume } = outbox

let shown: { of: readonly Outgoing[]; by: Map<string, readonly Outgoing[]> } = { of: [], by: new Map() }
function outgoingOf(conversationId: string): readonly Outgoing[] {
  const all = outbox.all()
  if (shown.of !== all) shown = { of: all, by: new Map() }
  const mine = shown.by.get(conversationId) ?? all.filter(o => o.conversationId === conversationId)
  shown.by.set(conversationId, mine)
  return mine
}
const subscribe = (hear: () => void) => {
  hearers.add(hear)
  return () => {
    hearers.delete(hear)
  }
}
export const useOutgoing = (conversationId: string): readonly Outgoing[] =>
  useSyncExternalStore(subscribe, () => outgoingOf(conversationId))
export const useIsWaiting = (conversationId: string): boolean => useSyncExternalStore(subscribe, () => outbox.isWaiting(conversationId))
