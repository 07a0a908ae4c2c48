import { useSyncExternalStore } from 'react'
import * as z from 'zod'
import { conversations, FileCard, type Message } from '#contract/messaging.ts'
import { call, RefusalError } from '../kit/call.ts'
import { newClientId } from '../kit/ids.ts'
import { receive } from './threads.ts'

/** Something written that the server has not acknowledged yet. It has its clientId from the first moment, so that sending it again is never a second message. */
const Outgoing = z.object({
  clientId: z.string(),
  by: z.string(),
  conversationId: z.string(),
  note: z.boolean(),
  text: z.string(),
  file: FileCard.nullable(),
  at: z.number(),
  refused: z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()) }).nullable(),
})
export type Outgoing = z.output<typeof Outgoing>

const place = 'huiyin.outbox'
const hearers = new Set<() => void>()
const sending = new Set<string>()
let all: readonly Outgoing[] = read()
/** Whoever signs in at this machine next sends nothing in another's name. */
let me = ''
/** Conversations whose line is down, and how often it was tried. */
const waits = new Map<string, number>()

function read(): Outgoing[] {
  try {
    return z.array(Outgoing).parse(JSON.parse(localStorage.getItem(place) ?? '[]'))
  } catch {
    return []
  }
}
function set(next: readonly Outgoing[]): void {
  all = next
  // It survives a reload and a crash of the browser.
  if (next.length > 0) localStorage.setItem(place, JSON.stringify(next))
  else localStorage.removeItem(place)
  for (const hear of hearers) hear()
}

export function send(conversationId: string, written: { text: string; note: boolean; file?: z.output<typeof FileCard> | null }): void {
  set([...all, { clientId: newClientId(), by: me, conversationId, file: null, ...written, at: Date.now(), refused: null }])
  void pump(conversationId)
}

export function retry(clientId: string): void {
  const mine = all.find(o => o.clientId === clientId)
  if (!mine) return
  set(all.map(o => (o.clientId === clientId ? { ...o, refused: null } : o)))
  waits.delete(mine.conversationId)
  void pump(mine.conversationId)
}

export function discard(clientId: string): void {
  const mine = all.find(o => o.clientId === clientId)
  set(all.filter(o => o.clientId !== clientId))
  if (mine) void pump(mine.conversationId)
}

/** Acknowledged, by the answer or by the push, whichever comes first. */
export function arrived(messages: readonly Message[]): void {
  if (all.length === 0) return
  const known = new Set(messages.map(m => m.clientId))
  if (all.some(o => known.has(o.clientId))) set(all.filter(o => !known.has(o.clientId)))
}

/** One after the other, so that they stand in the order in which they were written. What is refused holds back what follows until somebody decides. */
async function pump(conversationId: string): Promise<void> {
  if (sending.has(conversationId)) return
  sending.add(conversationId)
  try {
    for (let next = first(conversationId); next && !next.refused; next = first(conversationId)) if (!(await deliver(next))) break
  } finally {
    sending.delete(conversationId)
  }
}
const first = (conversationId: string) => all.find(o => o.conversationId === conversationId && o.by === me)

async function deliver({ clientId, conversationId, note, text, file }: Outgoing): Promise<boolean> {
  try {
    const message = await call(note ? conversations.note : conversations.send, {
      id: conversationId,
      body: { clientId, text, ...(file ? { fileId: file.id } : {}) },
    })
    waits.delete(conversationId)
    set(all.filter(o => o.clientId !== clientId))
    receive(message)
    return true
  } catch (error) {
    const refusal = error instanceof RefusalError ? error : new RefusalError('network.odd')
    if (refusal.code === 'network.away' || refusal.status >= 500 || refusal.status === 429) again(conversationId)
    else set(all.map(o => (o.clientId === clientId ? { ...o, refused: { code: refusal.code, facts: refusal.facts } } : o)))
    return false
  }
}

/** The line is down or the server away: tried again, ever more calmly, until it is through. */
function again(conversationId: string): void {
  const tries = (waits.get(conversationId) ?? 0) + 1
  waits.set(conversationId, tries)
  for (const hear of hearers) hear()
  setTimeout(() => void pump(conversationId), Math.min(15_000, 500 * 2 ** Math.min(tries, 5)) * (0.8 + Math.random() * 0.4))
}

/** Sends what an earlier page of this console left behind, or what waited for the line. */
export function resume(meId: string): void {
  me = meId
  waits.clear()
  for (const id of new Set(all.filter(o => o.by === me).map(o => o.conversationId))) void pump(id)
}

let shown: { of: readonly Outgoing[]; by: Map<string, readonly Outgoing[]> } = { of: all, by: new Map() }
function outgoingOf(conversationId: string): readonly Outgoing[] {
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
export const useIsWaiting = (conversationId: string): boolean => useSyncExternalStore(subscribe, () => waits.has(conversationId))
